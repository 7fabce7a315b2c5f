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
    assert found.confidence > 0.75


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


class TestAbstention:
    """Nothing is said below LEAST_SURE; what is said is right more often the higher it stands."""

    def test_the_limit_is_that_of_the_setting(self, monkeypatch):
        unsure = model({"w:x": (0.3, -0.3)})
        sure = float(np.exp(0.3 * 2) / (1 + np.exp(0.3 * 2)))
        for limit, placed in ((sure - 0.1, True), (sure + 0.2, False)):
            monkeypatch.setattr(stages, "LEAST_SURE", limit)
            assert (place("x", with_model=unsure) is not None) == placed

    def test_an_even_chance_is_not_enough(self):
        assert stages.LEAST_SURE > 0.4
        three = model({}, ("buy", "use", "x"))
        assert place("niets", journey=Journey(stages=(*Journey.stages, Stage("x"))), with_model=three) is None

    def test_a_source_never_abstains(self, monkeypatch):
        monkeypatch.setattr(stages, "LEAST_SURE", 1.0)
        assert place("niets", hint="buy") is not None

    def test_more_rules_make_it_surer(self):
        one = Journey(stages=(Stage("buy", {"nl": ["bestel", "betaal"], "en": []}), Stage("use")))
        assert place("bestelling betaald", journey=one).confidence > place("bestelling", journey=one).confidence

    def test_a_rule_and_the_model_that_agree_are_surer_than_either(self):
        agreeing = model({"w:bestelling": (2.0, -2.0)})
        both = place("bestelling", with_model=agreeing).confidence
        assert both > place("bestelling").confidence and both > 0.9

    def test_a_clear_model_outweighs_one_rule(self):
        against = model({"w:bestelling": (-9.0, 9.0)})
        assert place("bestelling", with_model=against)[:2] == ("use", "model")

    def test_without_a_model_rules_that_disagree_say_nothing(self, monkeypatch):
        monkeypatch.setattr(stages, "load", lambda name: None)
        placer = Placer(Journey())
        found = placer.place_all(["bestelling", "bestelling kapot", "niets"], ["nl"] * 3, [None] * 3)
        assert [one and one.stage for one in found] == ["buy", None, None]
        assert found[0].by == "rule" and found[0].confidence == 1.0

    def test_stages_that_the_journey_lacks_take_no_part(self):
        other = model({"w:x": (1.0, -1.0, 9.0)}, ("buy", "use", "elsewhere"))
        assert place("x", with_model=other) is None or place("x", with_model=other).stage == "buy"

    def test_two_aliases_of_one_stage_add_up(self):
        split = model({"w:x": (1.0, 1.0, 1.4)}, ("buy", "Booking", "use"))
        assert place("x", with_model=split).stage == "buy"


def phrases():
    """Every phrase that a shipped stage's rules can be written out as, with its stage."""
    from text.phrases import END, written_out

    for id in ("airline", "seven-stages", "five-stages"):
        for stage in load_journey(id).stages:
            for code, some in stage.rules.items():
                for rule in some:
                    yield from ((id, stage.id, code, phrase.replace(END, "")) for phrase in (written_out(rule) or ())[:3])


def test_every_rule_of_every_stage_finds_its_own_phrases():
    missed = []
    for id in ("airline", "seven-stages", "five-stages"):
        placer = Placer(load_journey(id), UNSURE)
        for journey, stage, code, phrase in phrases():
            if journey == id and stage not in placer._rules[code].hits(phrase):
                missed.append((id, stage, code, phrase))
    assert missed == [] and sum(1 for _ in phrases()) > 1000
