"""Rules written out as phrases find exactly what the regular expressions would."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from config.journey import journey_ids, load_journey
from text.corpora import messages
from text.phrases import must_hold, written_out
from text.rules import RuleSet
from text.words import FOLDER


def by_regex(rules, text):
    low = text.lower() + " "
    counts = {key: sum(bool(re.search(rf"(?<!\w)(?:{rule})", low)) for rule in some) for key, some in rules.items()}
    return {key: count for key, count in counts.items() if count}


def all_rules():
    raw = tomllib.loads((FOLDER / "words_concepts.toml").read_text(encoding="utf8"))
    yield from ({name: rules[code] for name, rules in raw.items()} for code in ("nl", "en"))
    for id in journey_ids():
        journey = load_journey(id)
        for code in ("nl", "en"):
            yield {stage.id: stage.rules[code] for stage in journey.stages}
            yield {theme.id: theme.rules[code] for theme in journey.themes}


@pytest.mark.parametrize("rules", list(all_rules()))
def test_shipped_rules_hit_what_their_regular_expressions_hit(rules):
    ruleset = RuleSet(rules)
    for message in messages()[::20]:
        assert ruleset.hits(message.text) == by_regex(rules, message.text)


@given(st.text(alphabet="abn é'?€\n", max_size=30))
def test_any_text(text):
    rules = {"x": ["a(b|nn?)\\b", "ban?a", "€", "é\\?"], "y": ["(na|b)+a", "a a", "n'a?"]}
    assert RuleSet(rules).hits(text) == by_regex(rules, text)


def test_counts_rules_not_occurrences_and_keeps_the_order():
    rules = RuleSet({"b": ["kat", "poes"], "a": ["hond"]})
    assert rules.hits("hond kat kat poes") == {"b": 2, "a": 1}
    assert list(rules.hits("hond kat")) == ["b", "a"]


def test_a_rule_begins_at_the_start_of_a_word():
    assert RuleSet({"x": ["bank"]}).hits("spaarbank") == {}
    assert RuleSet({"x": ["bank"]}).hits("bankpas") == {"x": 1}


def test_a_broken_rule_is_named():
    with pytest.raises(ConfigError, match=r"journey demo.*'\(open'"):
        RuleSet({"x": ["(open"]}, "journey demo")


@pytest.mark.parametrize(
    ("rule", "phrases"),
    [
        ("te laat", ["te laat"]),
        ("boek(en|t)?", ["boeken", "boekt", "boek"]),
        ("e-?mail", ["e-mail", "email"]),
        (r"fine\b", ["fine\0"]),
        (r"a\.b", ["a.b"]),
        (r"\d+ uur", None),
        ("a.*b", None),
        ("(a|b|c)(d|e)", ["ad", "ae", "bd", "be", "cd", "ce"]),
    ],
)
def test_written_out(rule, phrases):
    assert written_out(rule) == phrases


@pytest.mark.parametrize(("rule", "held"), [(r"al \d+ weken", " weken"), ("a|b", ""), ("colou?r", "colo"), (r"(x|y) z+", " z")])
def test_must_hold(rule, held):
    assert must_hold(rule) == held
