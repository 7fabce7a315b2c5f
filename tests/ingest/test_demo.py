"""The demo's own records: seeded once, whole after a kill, approved by a second person, and about things that exist."""

import itertools
import json
import tomllib
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import ingest.demo as demo
from config.journey import load_journey
from connectors.sample import anchor_of
from ingest.demo import FOLDER, seed
from metrics.effect import AFTER, MOST_AFTER, PLACEBO_P, placebo_p
from metrics.registry import metrics
from store.people import annotations, changes, choices, expectations, meetings, promises
from store.people.audit import entries, verify
from store.people.facts import facts
from store.people.journeys import journeys
from store.tables import Audit, Panel, Touchpoint
from store.writes import read_state

NOW = int(datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp() * 1000)
ZONE = ZoneInfo("Europe/Amsterdam")
STAGES = {stage.id for stage in load_journey("airline").stages}
CHANNELS = {"", "social", "chat", "phone", "email", "survey", "review", "web", "app", "store"}
DAY_MS = 86_400_000


@pytest.fixture
def seeded(sqlite_store):
    assert seed(sqlite_store, NOW)
    return sqlite_store


def rows(engine, table):
    with engine.connect() as connection:
        return connection.execute(table.__table__.select()).mappings().all()


def contents(engine):
    """Everything that was seeded, without ids and moments of writing."""
    return {
        "promises": promises.register(engine, "airline"),
        "changes": changes.changes(engine, "airline"),
        "notes": sorted((n.text_nl, n.from_at, n.to_at) for n in annotations.annotations_between(engine, "airline", 0, 1 << 50)),
        "meetings": sorted((m.at, m.held, m.notes_nl) for m in meetings.meetings(engine)),
        "things": sorted((t.at, t.what_nl) for t in meetings.one_things(engine, "airline", 1 << 50)),
        "expectations": sorted((e.stage, e.from_at, e.mark, e.n) for e in expectations.expectations(engine, "airline")),
        "touchpoints": sorted(row["name_nl"] for row in rows(engine, Touchpoint)),
        "panel": sorted((row["reference"], row["kind"], row["last_heard_at"]) for row in rows(engine, Panel)),
        "state": read_state(engine, "sample"),
    }


def local(at):
    return f"{datetime.fromtimestamp(at / 1000, ZONE):%Y-%m-%d %H:%M}"


def test_it_marks_the_store_as_a_demo_and_names_the_company_in_both_languages(seeded):
    known = facts(seeded)
    assert (known["demo"], known["company_nl"], known["company_en"]) == ("1", "Noordvlucht", "Northflight")
    assert journeys(seeded) == ["airline"]


def test_it_works_on_both_databases(store):
    assert seed(store, NOW)
    assert not seed(store, NOW + 1)
    assert facts(store)["demo"] == "1"
    assert verify(store) == []


def test_a_second_time_writes_nothing(seeded):
    before, audit = contents(seeded), len(rows(seeded, Audit))
    assert seed(seeded, NOW + 99_000) is False
    assert contents(seeded) == before and len(rows(seeded, Audit)) == audit


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("after", [0, 1, 2, 7, 19, 33, 60, 80])
def test_killed_anywhere_it_finishes_the_next_time(sqlite_store, seeded_contents, monkeypatch, after):
    done = itertools.count()
    steps = demo._steps

    def dying(engine, story):
        for step in steps(engine, story):

            def write(step=step):
                if next(done) == after:
                    raise Killed
                step.write()

            yield demo._Step(step.at, write)

    monkeypatch.setattr(demo, "_steps", dying)
    with pytest.raises(Killed):
        seed(sqlite_store, NOW)
    monkeypatch.undo()
    assert seed(sqlite_store, NOW + DAY_MS), "the anchor stays that of the first time"
    assert contents(sqlite_store) == seeded_contents
    assert verify(sqlite_store) == []


@pytest.fixture(scope="module")
def seeded_contents(tmp_path_factory):
    from store.engine import open_store, prepare

    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('demo')}/whole.db", writer=True)
    prepare(engine)
    seed(engine, NOW)
    yield contents(engine)
    engine.dispose()


def test_the_sample_begins_at_the_same_anchor(seeded):
    assert anchor_of(read_state(seeded, "sample")) == NOW
    assert json.loads(read_state(seeded, "sample"))["spans"][0]["end"] == NOW


def test_every_promise_that_counts_was_approved_by_another_person(seeded):
    approved = [p for p in promises.register(seeded, "airline") if p.state == "approved"]
    assert len(approved) >= 12
    assert all(p.approved_by and p.made_by and p.approved_by != p.made_by for p in approved)


def test_the_register_numbers_them_as_the_file_does(seeded):
    wanted = Counter(entry["code"] for entry in read("promises")["promise"])
    assert Counter(p.code for p in promises.register(seeded, "airline")) == wanted
    by_code = {p.code: p.text_nl for p in promises.register(seeded, "airline")}
    assert all(by_code[e["code"]] in {x["text"]["nl"] for x in read("promises")["promise"]} for e in read("promises")["promise"])
    assert by_code["B-01"] == "Binnen 4 uur antwoord op je e-mail"


def test_english_pages_meet_no_dutch_in_where_it_was_said(seeded):
    said = promises.register(seeded, "airline")
    assert len(said) == 17 and all(p.said_where_nl and p.said_where_en for p in said)
    assert all(bool(p.campaign_nl) == bool(p.campaign_en) for p in said)


def test_the_campaign_moved_the_bar_from_a_day_to_four_hours(seeded):
    first, second = promises.versions(seeded, "B-01")
    assert (first.threshold, second.threshold) == (86_400, 14_400)
    assert local(second.valid_from) == "2026-08-31 00:00" == local(first.ends_at)
    assert first.followed and (second.campaign("nl"), second.campaign("en")) == ("Altijd bereikbaar", "Always there")


def test_one_promise_waits_for_its_second_person_and_one_was_refused(seeded):
    states = Counter(p.state for p in promises.register(seeded, "airline"))
    assert states["draft"] == 1 and states["rejected"] == 1
    draft = next(p for p in promises.register(seeded, "airline") if p.state == "draft")
    assert draft.valid_from > NOW and draft.approved_by == ""


def test_hard_and_soft_promises_are_both_there_and_can_be_checked(seeded):
    kinds = Counter(p.kind for p in promises.active_promises(seeded, "airline", NOW))
    assert kinds["hard"] >= 9 and kinds["soft"] >= 3
    for promise in promises.register(seeded, "airline"):
        promises.check(promise)
        assert promise.stage in STAGES and promise.channel in CHANNELS
        assert promise.text_nl and promise.text_en and promise.text_nl != promise.text_en
        assert promise.kind == "soft" or promise.metric in metrics()


def test_changes_stand_in_every_state_and_one_runs_per_stage(seeded):
    all_changes = changes.changes(seeded, "airline")
    assert {change.state for change in all_changes} >= {"proposed", "decided", "running", "finished"}
    running = Counter(change.stage for change in all_changes if change.state == "running")
    assert max(running.values()) == 1
    assert all(change.customer_check_nl and change.customer_check_en for change in all_changes if change.state != "proposed")
    assert all(change.checked_at < (change.started_at or NOW) or change.code == "V-028" for change in all_changes)
    assert all(change.why_nl and change.why_en and change.why_nl != change.why_en for change in all_changes)
    assert {change.kind for change in all_changes} <= set(changes.KINDS)
    assert all(change.what_nl and change.what_en and change.stage in STAGES for change in all_changes)


def test_the_chatbot_began_on_the_wednesday_of_the_last_whole_week(seeded):
    bot = next(change for change in changes.changes(seeded, "airline") if change.code == "V-031")
    assert local(bot.started_at) == "2026-11-18 09:36"
    overdue = [c.code for c in changes.changes(seeded, "airline") if c.state == "running" and 0 < c.due_at < NOW]
    assert overdue == ["V-024"]


def test_the_notes_on_the_time_axis_are_where_the_story_has_them(seeded):
    notes = {note.text_en: note for note in annotations.annotations_between(seeded, "airline", 0, 1 << 50)}
    campaign = notes["Campaign 'Always there'"]
    assert (local(campaign.from_at), local(campaign.to_at)) == ("2026-08-31 00:00", "2026-09-28 00:00")
    assert local(next(n for t, n in notes.items() if "Storm" in t).from_at)[:10] == "2026-02-18"
    assert {note.kind for note in notes.values()} == {"campaign", "event", "outage", "price"}
    assert all(note.stage in STAGES | {""} for note in notes.values())


def test_a_meeting_was_held_each_week_and_the_next_is_planned(seeded):
    found = meetings.meetings(seeded)
    assert any(not m.held and m.at > NOW for m in found)
    assert sum(m.held for m in found) >= 3 and all(m.notes_nl and m.notes_en for m in found if m.held)
    guests = meetings.one_things(seeded, "airline", NOW)
    assert len({thing.department for thing in guests}) == len(guests) >= 3
    assert {thing.at for thing in guests} <= {m.at for m in found}


def test_the_boss_would_choose_a_stage_that_is_not_the_one_that_fell(seeded):
    assert choices.boss_stage(seeded, "airline") in STAGES - {"service"}


def test_expectations_rise_with_the_campaign(seeded):
    stated = [e for e in expectations.expectations(seeded, "airline") if e.stage == "service"]
    assert [local(e.from_at)[:10] for e in stated][-2:] == ["2026-08-31", "2026-10-12"]
    assert stated[-1].mark - stated[2].mark > 0.5
    assert all(e.n >= 10 and e.variance > 0 and e.source == "survey" for e in stated)


def test_no_expectation_is_said_to_be_known_before_anybody_was_asked(seeded):
    assert all(e.from_at <= NOW for e in expectations.expectations(seeded, "airline"))


def test_every_stage_has_touchpoints_and_the_panel_has_all_kinds(seeded):
    touched = rows(seeded, Touchpoint)
    assert {row["stage"] for row in touched} == STAGES
    assert {row["stage"] for row in touched if row["moment_of_truth"]} == {"checkin", "service"}
    assert {row["channel"] for row in touched} <= CHANNELS and all(
        row[f"{part}_{lang}"] for row in touched for part in ("as_is", "to_be") for lang in ("nl", "en")
    )
    assert {row["kind"] for row in rows(seeded, Panel)} == {"new", "existing", "critical", "left", "choosing"}
    assert all(row["joined_at"] < row["last_heard_at"] <= NOW for row in rows(seeded, Panel))


def test_everything_stands_in_the_audit_in_the_order_in_which_it_happened(seeded):
    assert verify(seeded) == []
    made = [row["at"] for row in rows(seeded, Audit)][6:-1]
    assert made == sorted(made), "facts first, records by date, the mark that it is done last"
    assert {"approved", "rejected", "draft"} <= {entry.action for entry in entries(seeded, limit=500)}


def test_a_small_demo_leaves_out_expectations_that_rest_on_nobody(sqlite_store, monkeypatch):
    monkeypatch.setenv("KLANTBLIK_SAMPLE_CONTACTS", "300")
    from config.settings import settings

    settings.cache_clear()
    try:
        assert seed(sqlite_store, NOW)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert all(e.n > 1 for e in expectations.expectations(sqlite_store, "airline"))
    assert json.loads(read_state(sqlite_store, "sample"))["contacts"] == 300


def read(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf8"))


def test_the_files_name_no_person():
    text = "".join(file.read_text(encoding="utf8") for file in FOLDER.glob("*.toml"))
    assert "@" not in text and "06-" not in text
    assert not [word for word in (" de heer", " mevrouw", " meneer", " Mr ", " Mrs ") if word in text]


def test_what_a_change_did_begins_when_it_was_registered_to_start():
    entries = {entry["code"]: entry for entry in tomllib.loads((FOLDER / "changes.toml").read_text("utf8"))["change"]}
    story = tomllib.loads((FOLDER.parents[1] / "connectors" / "sample" / "story.toml").read_text("utf8"))
    form = next(effect for effect in story["effect"] if effect["id"] == "form")
    change = entries["V-012"]
    assert (form["from"], form["ramp"], form["stage"], form["channel"]) == (
        *(change["started"], change["ramp_days"], change["stage"], change["channel"]),
    )


@pytest.mark.parametrize("code", ["V-012", "V-016"])
def test_a_finished_change_has_a_year_behind_it_that_can_tell(code):
    change = next(e for e in tomllib.loads((FOLDER / "changes.toml").read_text("utf8"))["change"] if e["code"] == code)
    after = min(MOST_AFTER, -change["started"] // 7 - 1)  # a week of run-up
    assert change["state"] == "finished" and after >= AFTER
    year = np.random.default_rng(1).normal(7.0, 0.1, 52 + change["started"] // 7)
    assert 1 / (1 + placebo_p(year, after, None, 1.0)[1]) < PLACEBO_P
