"""A promise made to a customer group: chosen in its form, filtered, and shown group by group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.journey import load_journey
from config.language import texts
from metrics.promise import Expectation
from metrics.segments import SEGMENTS
from pages import promise_segments
from pages.promise_segments import finding
from reports.names import Names
from reports.promise_words import promise_line
from store.engine import open_store
from store.people.errors import Refused
from store.people.promises import Promise, approve, save_draft
from tests.pages import example
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, opened, said
from tests.reports.test_promise_segments import group, mark

NL, EN = texts("nl"), texts("en")
JOURNEY = load_journey("airline")
HARD, SOFT = Promise(kind="hard", stage="service", segment="new"), Promise(kind="soft", stage="service")
EARLIER = 1_780_000_000_000


@pytest.fixture
def to_new(own):
    """A store with a promise that was made to new customers, approved before October."""
    url = own("demo")
    engine = open_store(url)
    start = replace(example.promises()[5], code="", text_nl="Nieuw? Binnen 1 uur antwoord", segment="new", threshold=3600.0)
    code = save_draft(engine, start, "Anna", EARLIER).code
    approve(engine, code, 1, "Bram", EARLIER + 1)
    engine.dispose()
    return url, code


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_detail_shows_each_group_with_share_mark_interval_and_n(to_new, monkeypatch, lang):
    url, code = to_new
    at = opened("promises", url, monkeypatch, lang=lang, promise=code, **MONDAY)
    assert not at.exception
    t, spoken = texts(lang), said(at, "promise-groups")
    for words in (t("segment.new"), t("segment.existing"), t("groups.made_to"), "n "):
        assert words in spoken
    assert any("segment=new" in href for href in attributes(at, "href", "promise-groups"))


def test_the_register_can_be_narrowed_to_a_groups_promises(to_new, monkeypatch):
    url, _ = to_new
    at = opened("promises", url, monkeypatch, lang="nl", segment="new", **MONDAY)
    assert "Nieuw? Binnen 1 uur antwoord" in said(at, "register") and "nieuwe klanten" in said(at, "register")
    assert example.promises()[0].text_nl not in said(at, "register").split("Advies")[-1]


def test_without_a_promise_to_a_group_there_is_no_filter_for_one(store, monkeypatch):
    at = opened("promises", store("demo"), monkeypatch, lang="nl", **MONDAY)
    assert NL("promises.segment") not in [box.label for box in at.selectbox]


def test_a_new_version_keeps_the_group_it_was_made_to(to_new, monkeypatch):
    url, code = to_new
    at = opened("promises", url, monkeypatch, lang="nl", promise=code, **MONDAY)
    at.button(key="edit").click().run()
    box = next(box for box in at.selectbox if box.label == NL("promises.form_segment"))
    assert box.value == "new" and box.options == [NL("segment.all"), *(NL(f"segment.{s}") for s in SEGMENTS)]


def test_a_group_that_does_not_exist_is_refused(own):
    engine = open_store(own("demo"))
    with pytest.raises(Refused, match="segment") as fault:
        save_draft(engine, replace(example.promises()[0], code="", segment="vip"), "Anna", EARLIER)
    assert fault.value.values["what"] == "segment" and NL.has("promises.error_segment")
    engine.dispose()


def test_the_form_asks_campaign_and_place_in_both_languages(to_new, monkeypatch):
    url, code = to_new
    at = opened("promises", url, monkeypatch, lang="en", promise=code, **MONDAY)
    at.button(key="edit").click().run()
    labels = [box.label for box in at.text_input]
    for key in ("promises.form_campaign", "promises.form_where"):
        assert EN("both.own", label=EN(key)) in labels and EN("both.other", label=EN(key)) in labels


def test_the_line_under_a_promise_says_where_it_was_said_in_the_readers_language():
    said = replace(
        SOFT, campaign_nl="Altijd bereikbaar", campaign_en="Always there", said_where_nl="abri's", said_where_en="shelters"
    )
    assert "‘Always there’, shelters" in promise_line(said, Names(EN, JOURNEY))
    assert "‘Altijd bereikbaar’, abri's" in promise_line(said, Names(NL, JOURNEY))
    assert "abri's" in promise_line(replace(said, said_where_en=""), Names(EN, JOURNEY))  # never translated


def test_the_line_under_a_promise_says_to_whom_it_was_made():
    names = Names(EN, JOURNEY)
    assert "new customers" in promise_line(HARD, names) and "customers" not in promise_line(SOFT, names)


@pytest.mark.parametrize(("t", "kept", "marks"), [(NL, "gehouden voor 60%", "een 5,5"), (EN, "kept for 60%", "a 5.5")])
def test_the_finding_names_who_notices_it_most_or_who_gives_the_lower_mark(t, kept, marks):
    names = Names(t, JOURNEY)
    apart = (group("new", 0.60, 300, mark(5.5), 300), group("existing", 0.80, 900, mark(7.0), 900))
    alike = (group("new", 0.79, 300, mark(5.5), 300), group("existing", 0.80, 900, mark(7.0), 900))
    same = (group("new", 0.79, 300, mark(7.0), 300), group("existing", 0.80, 900, mark(7.0), 900))
    assert kept in finding(apart, HARD, names)
    assert marks in finding(alike, HARD, names) and finding(alike, HARD, names).startswith(t("groups.same_lower")[:8])
    assert marks in finding(apart, SOFT, names)
    assert finding(same, HARD, names) == t("groups.same")


def test_what_is_private_shows_no_number_and_what_was_not_measured_says_so():
    names = Names(NL, JOURNEY)
    hidden = str(promise_segments._row(group("left", 0.25, 4, mark(3.0), 4, private=True), HARD, names))
    assert NL("groups.private") in hidden and "25" not in hidden and "3,0" not in hidden
    unmeasured = str(promise_segments._row(group("left", mark=mark(3.0), mark_n=40), HARD, names))
    assert NL("groups.not_measured") in unmeasured and "3,0" in unmeasured
    expected = Expectation(8.0, 0.01, 1.0, "", 8.0)
    below = promise_segments._row(replace(group("left", mark=mark(3.0), mark_n=40), expected=expected), HARD, names)
    assert "−5,0" in str(below) and "below" in str(below)
