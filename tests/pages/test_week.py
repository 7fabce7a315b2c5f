"""The week: its numbers are those that were computed, its findings are whole sentences, and filters live in the address."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from config.language import texts
from metrics.priority import quadrant
from metrics.weekly import LAST
from metrics.weeks import start_ms
from pages.week import week_from
from reports.jump import find_jump
from reports.week import edition
from store.engine import open_store
from store.people.annotations import annotations_between
from store.people.audit import entries, verify
from store.people.changes import changes
from store.people.meetings import one_things
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, charts, opened, said

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)


@pytest.fixture
def at(store, monkeypatch):
    return opened("week", store("demo"), monkeypatch, lang="nl", **MONDAY)


@pytest.fixture
def told(store):
    engine = open_store(store("demo"))
    yield edition(engine, load_journey("airline"), 202647, ZONE, NOW)
    engine.dispose()


def test_the_headline_says_experience_promise_and_gap(at, told):
    t, week = texts("nl"), told.week
    spoken = said(at, "answer")
    assert f"Week 47: beleving {t.number(week.now.value)} tegen belofte {t.number(week.now.promise)};" in spoken
    assert t.signed(week.gap.value) in spoken and t.number(week.now.low) in spoken
    assert f"n {t.whole(week.contacts)} klantcontacten" in spoken
    assert "16 tot en met 22 november 2026 · volledige week" in spoken


def test_every_stage_stands_on_the_card_with_n_interval_gap_and_both_comparisons(at, told):
    t, spoken = texts("nl"), said(at, "card")
    for row in told.week.rows:
        assert t.number(row.mark.value) in spoken and f"n {t.whole(row.n)}" in spoken
        assert f"{t.number(row.mark.low)}–{t.number(row.mark.high)}" in spoken
        assert t.signed(row.gap.value) in spoken
    assert spoken.count("wk 46") >= 7 and spoken.count("wk 47 2025") == 7
    assert "moment van de waarheid" in spoken


def test_too_little_evidence_is_said_and_never_a_number(told, at):
    few = [cell for cell in told.week.cells if cell.status == "too_few"]
    spoken = said(at, "card")
    assert spoken.count("te weinig bewijs") == len(few)
    assert not few or "van minstens 10" in spoken or "minder dan 5 klanten" in spoken


def test_every_mark_opens_the_voices_of_its_cell_and_week(at):
    hrefs = attributes(at, "href", "card")
    assert any("stage=service" in h and "channel=chat" in h and "week=2026-W47" in h for h in hrefs)
    assert all(h.startswith("/voices?") for h in hrefs)


def test_indicative_marks_are_hatched_and_in_halves(at, told):
    cell = next(cell for cell in told.week.cells if cell.status == "indicative")
    assert any("hatched" in name for name in attributes(at, "class", "card"))
    t = texts("nl")
    assert t.number(cell.mark.value) not in ("", None)


def test_the_charts_name_their_points_and_stay_light(at):
    drawn = charts(at)
    assert len(drawn) >= 4
    assert all(len(str(spec)) < 60_000 for spec in drawn)
    assert any("tip" in str(spec) and "wk" in str(spec) for spec in drawn)


def test_what_moved_adds_up(told):
    split = told.cause.split
    total = split.mix.value + split.rest + sum(part.effect.value for part in split.parts)
    assert total == pytest.approx(split.after - split.before)
    row = told.week.row(told.cause.stage)
    assert split.after == pytest.approx(row.mark.value)
    assert split.after - split.before == pytest.approx(row.since[LAST].shown.value)


def test_the_address_chooses_week_view_and_segment(store, monkeypatch):
    at = opened("week", store("demo"), monkeypatch, lang="en", week="2026-W40", view="stages", segment="new", **MONDAY)
    assert "Week 40" in said(at, "answer")
    assert "Chat" not in said(at, "card") and at.selectbox(key="segment").value == "new"
    assert "segment=new" in " ".join(attributes(at, "href", "card"))


def test_a_week_that_is_not_over_is_compared_with_the_same_days(store, monkeypatch):
    at = opened("week", store("demo"), monkeypatch, lang="nl", as_of="2026-11-19T10:00", week="2026-W47")
    assert "4 van 7 dagen binnen" in said(at, "answer")


@pytest.mark.parametrize(
    "text, week", [("2026-W47", 202647), ("202640", 202640), ("2026-W99", 202647), ("x", 202647), ("2031-W01", 202647)]
)
def test_only_a_week_that_can_be_shown_is_read_from_the_address(text, week):
    assert week_from(text, 202647) == week


def test_a_note_is_saved_with_its_audit_row_and_stands_on_the_page(own, monkeypatch):
    url = own("demo")
    at = opened("week", url, monkeypatch, lang="nl", **MONDAY)
    at.text_input[0].set_value("Storing bij de telefoon")
    at.button[0].click().run()
    assert not at.exception and texts("nl")("week.note_saved") in [s.value for s in at.success]
    engine = open_store(url)
    found = annotations_between(engine, "airline", 0, 10**14)
    assert "Storing bij de telefoon" in [note.text_nl for note in found]
    assert entries(engine)[0].action == "annotate" and verify(engine) == []
    engine.dispose()


def test_a_note_without_words_is_refused_in_words(own, monkeypatch):
    at = opened("week", own("demo"), monkeypatch, lang="en", **MONDAY)
    at.button[0].click().run()
    assert at.error and not at.success


def test_the_meeting_tells_what_is_late_and_who_is_next(at):
    spoken = said(at, "meeting")
    assert "V-024" in spoken and "9 dagen te laat" in spoken and "Koffers van overstappers" in spoken
    assert "te vroeg: oordeel vanaf 16 dec" in spoken and "één te laat" in spoken


def field(at, label):
    """The form field with this label."""
    return next(f for f in [*at.text_input, *at.selectbox, *at.date_input, *at.text_area, *at.checkbox] if f.label == label)


def test_the_one_thing_is_written_down_with_who_and_until_when(own, monkeypatch):
    url, t = own("demo"), texts("nl")
    at = opened("week", url, monkeypatch, lang="nl", **MONDAY)
    assert "Volgende gast uit: Klantcontact. Die afdeling was nog niet eerder te gast." in said(at, "meeting")
    field(at, t("both.own", label=t("meeting.what"))).set_value("De factuur zegt niet waar zij voor is")
    field(at, t("meeting.role")).set_value("boekhouder")
    field(at, t("meeting.department")).set_value("finance")
    field(at, t("meeting.owner")).set_value("Piet")
    next(f for f in at.text_input if str(f.key) == "who-thing").set_value("Sanne")
    at = next(b for b in at.button if b.proto.form_id == "thing").click().run()
    assert not at.exception and at.success
    engine = open_store(url)
    (thing, *_), known = one_things(engine, "airline", 1 << 50), changes(engine, "airline")
    engine.dispose()
    change = next(c for c in known if c.what_nl.startswith("De factuur"))
    assert (thing.department, thing.guest_role, change.owner, change.state) == ("finance", "boekhouder", "Piet", "proposed")
    assert change.due_at and change.code in at.success[0].value


def test_the_one_thing_without_a_name_or_words_keeps_nothing(own, monkeypatch):
    url, t = own("demo"), texts("nl")
    at = opened("week", url, monkeypatch, lang="nl", **MONDAY)
    at = next(b for b in at.button if b.proto.form_id == "thing").click().run()
    assert at.error[0].value == t("promises.need_name")
    next(f for f in at.text_input if str(f.key) == "who-thing").set_value("Sanne")
    at = next(b for b in at.button if b.proto.form_id == "thing").click().run()
    assert at.error and len(at.success) == 0
    engine = open_store(url)
    assert len(one_things(engine, "airline", 1 << 50)) == 3 and verify(engine) == []
    engine.dispose()


def test_an_overdue_change_is_late_whether_it_runs_or_waits(at):
    assert "te laat" in said(at, "meeting")


def test_before_and_after_stand_beside_the_promise_that_changed(at):
    spoken = said(at, "turned")
    assert spoken.startswith("Voor en na: sinds 31 aug geldt") and "4 weken aan elke kant" in spoken
    assert "n " in spoken and ("geen aantoonbaar verschil" in spoken or "[" in spoken)


def test_the_newest_notes_stand_under_the_line(at):
    assert "31 aug: Altijd bereikbaar" in said(at, "notes")


def test_a_week_that_runs_is_held_against_the_same_days(own, monkeypatch):
    now = "2026-11-18T12:00:00+01:00"
    at = opened("week", own("demo"), monkeypatch, lang="nl", week="2026-W47", as_of=now)
    assert not at.exception
    assert texts("nl")("week.part", days=3) in said(at, "answer")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_stage_has_the_word_of_its_quadrant(store, monkeypatch, lang):
    t, at = texts(lang), opened("week", store("demo"), monkeypatch, lang=lang, **MONDAY)
    engine = open_store(store("demo"))
    journey = load_journey("airline")
    week = edition(engine, journey, 202647, ZONE, NOW).week
    jump = find_jump(engine, journey, week, start_ms(202648, ZONE))
    engine.dispose()
    spoken = said(at, "places")
    assert t("jump.places_help") in " ".join(attributes(at, "title", "places"))
    words = []
    for stage, importance in zip(jump.stages, jump.ranked.importance, strict=True):
        gap = week.row(stage).gap
        word = "unknown" if gap is None else quadrant(float(importance), len(jump.stages), gap)[0]
        words.append(t(f"jump.place_{word}"))
        start = spoken.index(journey.stage(stage).name[lang])
        assert words[-1] in spoken[start : start + 90]
    assert len(set(words)) > 1


def test_the_boss_s_choice_is_set_down_and_stands_beside_the_data(own, monkeypatch):
    url, t = own("demo"), texts("nl")
    at = opened("week", url, monkeypatch, lang="nl", **MONDAY)
    assert t("jump.boss") not in said(at, "others")
    field(at, t("jump.boss_stage")).set_value("book")
    next(f for f in at.text_input if str(f.key) == "who-boss").set_value("Sanne")
    at = next(b for b in at.button if b.proto.form_id == "boss").click().run()
    assert not at.exception and at.success[0].value == t("jump.boss_saved")
    assert f"{t('jump.boss')}Boeken" in said(at, "others").replace("  ", " ")
    engine = open_store(url)
    assert entries(engine)[0].action == "set" and verify(engine) == []
    engine.dispose()


def test_the_meeting_says_the_verdict_itself_and_what_a_change_waits_for(at):
    spoken = said(at, "meeting")
    assert "zie Veranderingen" not in spoken
    assert "wacht op V-031: één verandering per fase tegelijk" in spoken
    assert re.search(r"V-028.*?(aangetoond|aan te tonen|aanname): [+−]?\d,\d \[", spoken)
    assert "Laatst een klant aan tafel: 77 dagen geleden." in spoken and "◷ Laatst een klant" in spoken


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_hard_term_of_the_week_is_explained_one_hover_away(store, monkeypatch, lang):
    t, at = texts(lang), opened("week", store("demo"), monkeypatch, lang=lang, **MONDAY)
    explained = attributes(at, "title")
    for key in ("week.interval_help", "week.compared_help", "cause.caption_help", "jump.caption_help", "jump.places_help"):
        assert t(key) in explained
    assert "Benjamini" not in said(at) and "Wilson" not in said(at)
    assert all(word in t("jump.caption_help").lower() for word in (t("jump.reach").lower(), t("jump.group_label").lower()))
