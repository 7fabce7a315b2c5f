"""Stages: the source first, then rules and the model together, and silence where it is better."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from config.journey import load_journey
from text import stages
from text.linear import LinearModel
from text.stages import Placer


@dataclass
class Stage:
    id: str
    rules: dict = field(default_factory=lambda: {"nl": [], "en": []})


@dataclass
class Journey:
    id: str = "demo"
    stages: tuple = (Stage("buy", {"nl": ["bestel"], "en": ["order"]}), Stage("use", {"nl": ["kapot"], "en": ["broken"]}))
    aliases: dict = field(default_factory=lambda: {"Booking": "buy", "gebruik": "use"})


def model(weights, classes=("buy", "use")):
    return LinearModel({"classes": list(classes), "bias": [0.0] * len(classes)}, weights)


UNSURE = model({})


def place(text, language="nl", hint=None, journey=None, with_model=UNSURE):
    return Placer(journey or Journey(), with_model).place_all([text], [language], [hint])[0]


def test_the_source_decides_before_all_else():
    assert place("alles kapot", hint="buy") == ("buy", "source", 1.0)


@pytest.mark.parametrize("hint", ["booking", "BOOKING", " Booking "])
def test_a_source_may_use_an_alias(hint):
    assert place("", hint=hint).stage == "buy"


def test_an_unknown_hint_is_no_hint():
    assert place("het is kapot", hint="nonsense").by == "rule"


def test_a_rule_decides_where_the_model_knows_nothing():
    found = place("mijn bestelling")
    assert (found.stage, found.by) == ("buy", "rule")
    assert found.confidence > 0.8


def test_rules_follow_the_language():
    assert place("broken", "en").stage == "use"
    assert place("broken", "nl", with_model=model({"w:broken": (3.0, -3.0)})).by == "model"


def test_the_model_decides_where_no_rule_speaks():
    found = place("frobnicate", with_model=model({"w:frobnicate": (-4.0, 4.0)}))
    assert (found.stage, found.by) == ("use", "model")


def test_unsure_is_unplaced(monkeypatch):
    monkeypatch.setattr(stages, "LEAST_SURE", 0.6)
    assert place("niets hierover") is None
    assert place("bestelling kapot") is None


def test_a_model_of_another_journey_is_read_through_the_aliases():
    general = model({"w:x": (5.0, -5.0, 0.0)}, ("booking", "gebruik", "unknown"))
    assert place("x", with_model=general).stage == "buy"


def test_batches_keep_their_order():
    found = Placer(Journey(), UNSURE).place_all(["kapot", "x", "order"], ["nl", "nl", "en"], [None, "use", None])
    assert [one.stage for one in found] == ["use", "use", "buy"]
    assert Placer(Journey(), UNSURE).place_all([], [], []) == []


EXAMPLES = [
    ("airline", "nl", "koffer niet aangekomen op de bagageband", "arrive"),
    ("airline", "en", "my luggage never arrived, nobody at the carousel", "arrive"),
    ("airline", "nl", "drie uur vertraging en de bemanning zegt niks", "fly"),
    ("airline", "en", "two hours on the tarmac, flight delayed again", "fly"),
    ("airline", "nl", "lange rij bij het inchecken, één balie open", "checkin"),
    ("airline", "en", "kiosk would not print my boarding pass, long line at check-in", "checkin"),
    ("airline", "en", "on hold with customer service for 50 minutes", "service"),
    ("airline", "nl", "niemand neemt op bij de klantenservice, geen antwoord op mijn mail", "service"),
    ("airline", "en", "how many miles do I need for platinum status", "loyalty"),
    ("airline", "nl", "vliegen jullie ook naar Kaapverdië? op zoek naar een vlucht in mei", "orient"),
    ("airline", "nl", "mijn boeking is dubbel betaald met creditcard", "book"),
    ("seven-stages", "nl", "pakket nooit bezorgd door de koerier", "delivery"),
    ("seven-stages", "en", "parcel was delivered to the wrong door", "delivery"),
    ("seven-stages", "nl", "wil mijn abonnement opzeggen en stap over naar een andere aanbieder", "leaving"),
    ("seven-stages", "en", "still waiting for my refund after I sent it back", "return"),
    ("seven-stages", "nl", "chatbot begrijpt niks en de klantenservice hangt op", "question"),
    ("seven-stages", "nl", "twijfel tussen twee modellen, hebben jullie ook de grote op voorraad", "orientation"),
    ("seven-stages", "en", "discount code rejected at checkout when I tried to order", "order"),
    ("seven-stages", "nl", "internet ligt eruit, weer een storing", "use"),
    ("five-stages", "nl", "ik wil graag retour sturen en mijn geld terug", "return"),
    ("five-stages", "en", "never again, I switched to another supplier", "leave"),
    ("five-stages", "nl", "pakket te laat geleverd", "order"),
    ("five-stages", "nl", "ik wil klant worden, iemand ervaring met ze", "become"),
    ("five-stages", "en", "customer service put me on hold again", "question"),
]


@pytest.mark.parametrize(("journey", "language", "text", "stage"), EXAMPLES)
def test_shipped_journeys_in_both_languages(journey, language, text, stage):
    found = Placer(load_journey(journey)).place_all([text], [language], [None])[0]
    assert found is not None and found.stage == stage


def test_every_shipped_stage_has_rules_in_both_languages():
    for id in ("airline", "seven-stages", "five-stages"):
        for stage in load_journey(id).stages:
            assert len(stage.rules["nl"]) >= 10 and len(stage.rules["en"]) >= 10, (id, stage.id)


def test_confidence_is_a_probability():
    placer = Placer(load_journey("seven-stages"))
    found = placer.place_all(["pakket kwijt", "hallo", "opzeggen"], ["nl"] * 3, [None] * 3)
    assert all(one is None or 0 < one.confidence <= 1 for one in found)
    assert np.isfinite([one.confidence for one in found if one]).all()
