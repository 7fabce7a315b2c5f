"""Home: a checklist whose ticks are read from the store, the three ways in, and one click out of the demo."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.journey import journey_ids, load_journey
from config.language import texts
from metrics.verdict import BROKEN
from pages import home
from reports.promised import MONTH, judged
from store.corridor.jobs import jobs
from store.engine import open_store
from store.people.audit import entries
from store.people.journeys import current_journey, shown_journey
from store.people.promises import approve, save_draft
from tests.pages import example
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, opened, said

NL = texts("nl")


def done(at):
    return attributes(at, "class", "steps").count("done")


def test_an_empty_store_asks_for_the_first_source_and_promise(store, monkeypatch):
    at = opened("home", store("empty"), monkeypatch, lang="nl")
    assert NL("home.welcome") in said(at, "welcome") and done(at) == 1, "only: not the demo"
    assert NL("home.step_source") in said(at, "steps") and NL("home.step_promise") in said(at, "steps")


def test_the_demo_never_counts_as_your_own(store, monkeypatch):
    at = opened("home", store("demo"), monkeypatch, lang="nl", **MONDAY)
    assert done(at) == 1 and "1 van 6 stappen" in said(at, "steps")


def test_a_source_and_a_promise_of_your_own_are_ticked(own, monkeypatch):
    url = own("stale")
    at = opened("home", url, monkeypatch, lang="nl")
    assert done(at) == 3
    engine = open_store(url)
    draft = save_draft(
        engine, example.promises()[0].__class__(text_nl="Snel", journey="airline", stage="fly", soft_mark=8.0), "Anna", 1
    )
    assert done(opened("home", url, monkeypatch, lang="nl")) == 3, "a draft is no promise"
    approve(engine, draft.code, 1, "Bram", 2)
    assert done(opened("home", url, monkeypatch, lang="nl")) == 4
    engine.dispose()


def test_the_three_ways_carry_their_answer_of_now(store, monkeypatch):
    at = opened("home", store("demo"), monkeypatch, lang="nl", **MONDAY)
    hrefs = attributes(at, "href", "ways")
    assert [href.split("?")[0] for href in hrefs] == ["/wall", "/week", "/promises"]
    register = standing("demo", store)
    assert f"{register.count(BROKEN)} van {len(register.rows)} beloften gebroken" in said(at, "ways") and register.rows
    assert "0 schermen hangen er nu" in said(at, "ways") and "[" in said(at, "ways")


def standing(name, store):
    """The promises of a store as the promises page judges them when it opens."""
    engine = open_store(store(name))
    now = datetime.fromisoformat(MONDAY["as_of"])
    found = judged(engine, current_journey(engine, "airline"), ZoneInfo("Europe/Amsterdam"), now, MONTH)
    engine.dispose()
    return found


def test_without_a_verdict_only_the_promises_are_counted(store, monkeypatch):
    assert "0 beloften gelden nu" in said(opened("home", store("empty"), monkeypatch, lang="nl"), "ways")


@pytest.mark.parametrize("name, offered", [("demo", True), ("stale", False), ("empty", False)])
def test_one_click_leaves_the_demo_and_only_the_demo(name, offered, store, monkeypatch):
    chosen = []
    monkeypatch.setattr(home, "choose_store", chosen.append)
    monkeypatch.setenv("KLANTBLIK_REAL_STORE", "sqlite:///mine.db")
    at = opened("home", store(name), monkeypatch, lang="nl", **(MONDAY if name == "demo" else {}))
    leave = [button for button in at.button if button.label == NL("home.leave_button")]
    assert bool(leave) == offered
    if offered:
        leave[0].click().run()
        assert chosen == ["sqlite:///mine.db"] and NL("home.left") in [s.value for s in at.success]


@pytest.mark.parametrize("code", ["nl", "en"])
def test_a_company_chooses_its_journey_once_and_what_is_stored_is_read_anew(own, monkeypatch, code):
    url, t = own("stale"), texts(code)
    at = opened("home", url, monkeypatch, lang=code)
    before = done(at)
    radio = at.radio(key="journey-choice")
    assert radio.value == "airline" and set(radio.options) == {load_journey(id).name[code] for id in journey_ids()}
    radio.set_value("five-stages").run()
    press(at, t("home.journey_take"))
    assert t("promises.need_name") in [error.value for error in at.error], "the audit wants a name"
    at.text_input(key="who-journey").set_value("Anna").run()
    press(at, t("home.journey_take"))
    assert t("home.journey_taken") in [line.value for line in at.success] and not at.radio
    assert done(at) == before, "the choice is ticked; looking round waits until everything was read by the new journey"
    engine = open_store(url)
    assert shown_journey(engine, "", "airline") == "five-stages"
    assert current_journey(engine, "five-stages").stages[0].id == "become"
    assert [(job.kind, job.state) for job in jobs(engine)] == [("rescore", "waiting")]
    assert [(row.who, row.action) for row in entries(engine, "journey five-stages")] == [("Anna", "choose"), ("Anna", "save")]
    engine.dispose()


@pytest.mark.parametrize("host, shut", [("127.0.0.1", True), ("0.0.0.0", False)])
def test_the_step_of_the_wall_says_where_its_code_appears_and_who_can_come_in(store, monkeypatch, host, shut):
    monkeypatch.setenv("KLANTBLIK_WEB_HOST", host)
    at = opened("home", store("demo"), monkeypatch, lang="nl", **MONDAY)
    words = said(at, "steps")
    assert "http://DEZE-COMPUTER:8501/wall" in words and (NL("home.step_wall_shut") in words) == shut
    assert attributes(at, "href", "steps")[-1].startswith("/settings")


def test_a_demo_and_a_viewer_are_not_asked_for_a_journey(store, monkeypatch):
    assert not opened("home", store("demo"), monkeypatch, lang="nl", **MONDAY).radio


def press(at, label):
    next(button for button in at.button if button.label == label).click().run()
