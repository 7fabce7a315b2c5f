"""The demo's own records: what the people of the made-up company would have entered in a year, written before its history.

The records stand in config/demo/*.toml, in days from the Monday of the week in which the demo began. The sample's cursor is
written here too, so that promises, changes and customers all share one anchor.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from config.journey import load_journey
from config.settings import ROOT, settings
from connectors.sample import anchor_of, first_state, stated, tell
from connectors.sample.story import Story
from store.people import annotations, changes, choices, departments, expectations, meetings, promises
from store.people.audit import record
from store.people.facts import facts, get_fact, set_fact
from store.people.journeys import journeys, save_journey
from store.people.writing import writing
from store.rows import Batch
from store.tables import Panel, Touchpoint
from store.writes import read_state, save

FOLDER = ROOT / "config" / "demo"
JOURNEY, SOURCE = "airline", "sample"
MAKER, SECOND, HOST = "Noor Visser", "Daan Bakker", "Sanne de Boer"  # people: a name reads the same in both languages
DAY_MS = 86_400_000
SURVEYED = (-364, -273, -182, -84, -42)  # days from which expectations were measured anew
SURVEY_DAYS = 42


@dataclass(frozen=True, slots=True)
class _Step:
    """One record, and the moment (UTC ms) at which somebody would have entered it."""

    at: int
    write: Callable[[], object]


def seed(engine: Any, now_ms: int) -> bool:
    """Make the store the demo's: facts, journey, promises, changes, notes, meetings, touchpoints, panel, and the sample's anchor.

    Done before (or killed halfway) it writes only what is missing, around the anchor of the first time; true when anything was
    written. `now_ms` is UTC epoch milliseconds. It must run before the first customer is read.
    """
    if get_fact(engine, "demo_seeded") == "1":
        return False
    _name_company(engine, now_ms)
    if read_state(engine, SOURCE) is None:
        save(engine, Batch(SOURCE, state=first_state(now_ms)), now_ms=now_ms, zone=settings().company.timezone)
    anchor = anchor_of(read_state(engine, SOURCE) or "")
    story = tell(anchor, ZoneInfo(settings().company.timezone), settings().sample.seed)
    for step in sorted(_steps(engine, story), key=lambda step: step.at):
        step.write()
    set_fact(engine, "demo_seeded", "1", HOST, now_ms)
    return True


def _name_company(engine: Any, now_ms: int) -> None:
    journey = load_journey(JOURNEY)
    names = {f"company_{language}": name for language, name in journey.company.items()}
    for key, value in {"demo": "1", **names}.items():
        if get_fact(engine, key) != value:
            set_fact(engine, key, value, HOST, now_ms)
    if JOURNEY not in journeys(engine):
        save_journey(engine, journey, HOST, now_ms)


def _steps(engine: Any, story: Story) -> Iterator[_Step]:
    yield from _promises(engine, story)
    yield from _changes(engine, story)
    yield from _annotations(engine, story)
    yield from _meetings(engine, story)
    yield from _expectations(engine, story)
    yield from _touchpoints(engine, story)
    yield from _panel(engine, story)


def _promises(engine: Any, story: Story) -> Iterator[_Step]:
    kept = {(p.code, p.version): p.state for p in promises.register(engine, JOURNEY)}
    number: dict[str, int] = {}
    for entry in _read("promises")["promise"]:
        code = entry["code"]
        number[code] = version = number.get(code, 0) + 1
        at, state = story.at(entry["drafted"]), entry.get("state", "approved")
        if (code, version) not in kept:
            draft = _promise(entry, story)
            yield _Step(at, lambda draft=draft, at=at: _draft(engine, draft, MAKER, at))
        if state != "draft" and kept.get((code, version), "draft") == "draft":
            decide = promises.approve if state == "approved" else promises.reject
            later = at + DAY_MS
            yield _Step(later, lambda d=decide, c=code, v=version, at=later: d(engine, c, v, SECOND, at))


def _draft(engine: Any, draft: promises.Promise, who: str, at: int) -> None:
    """A new draft. The register numbers a new promise itself, in the order in which config/demo/promises.toml has them."""
    if draft.code not in {p.code for p in promises.register(engine, JOURNEY)}:
        draft = replace(draft, code="")
    promises.save_draft(engine, draft, who, at)


def _promise(entry: dict[str, Any], story: Story) -> promises.Promise:
    both = {name: entry[name] for name in ("text", "campaign", "said_where") if name in entry}
    apart = {"drafted", "from", "to", "state", *both}
    return promises.Promise(
        **{name: value for name, value in entry.items() if name not in apart},
        **{name: words for key, said in both.items() for name, words in _words(key, said).items()},
        journey=JOURNEY,
        owner=MAKER,
        valid_from=story.at(entry["from"]),
        valid_to=story.at(entry["to"]) if "to" in entry else None,
    )


def _changes(engine: Any, story: Story) -> Iterator[_Step]:
    for entry in _read("changes")["change"]:
        days = {name: entry[name] for name in ("registered", "checked", "started", "finished", "due") if name in entry}
        said = {name for name in ("what", "why", "customer_check") if name in entry}
        change = changes.Change(
            **{name: value for name, value in entry.items() if name not in {*days, *said}},
            **{f"{name}_at": story.at(day) for name, day in days.items()},
            **{name: words for both in said for name, words in _words(both, entry[both]).items()},
            journey=JOURNEY,
            metric="delivered",
        )
        at = change.registered_at
        yield _Step(at, lambda change=change, at=at: changes.save_change(engine, change, at))


def _annotations(engine: Any, story: Story) -> Iterator[_Step]:
    there = {note.text_nl for note in annotations.annotations_between(engine, JOURNEY, 0, 1 << 50)}
    for entry in _read("agenda")["annotation"]:
        storm = bool(entry.get("storm"))
        note = annotations.Annotation(
            kind=entry["kind"],
            **_words("text", entry["text"]),
            journey=JOURNEY,
            stage=entry.get("stage", ""),
            from_at=story.at(entry["from"], storm),
            to_at=story.at(entry["to"], storm) if "to" in entry else None,
        )
        if note.text_nl not in there:
            at = note.from_at
            yield _Step(at, lambda note=note, at=at: annotations.annotate(engine, note, HOST, at))


def _meetings(engine: Any, story: Story) -> Iterator[_Step]:
    agenda = _read("agenda")
    if departments.FACT not in facts(engine):
        yield _Step(story.at(-364), lambda: departments.set_departments(engine, agenda["departments"], HOST, story.at(-364)))
    if not choices.boss_stage(engine, JOURNEY):
        said, told = agenda["boss"]["stage"], story.at(agenda["boss"]["at"])
        yield _Step(told, lambda: choices.set_boss_stage(engine, JOURNEY, said, HOST, told))
    held = {meeting.at for meeting in meetings.meetings(engine)}
    named = {thing.at for thing in meetings.one_things(engine, JOURNEY, 1 << 50)}
    for entry in agenda["meeting"]:
        at = story.at(entry["at"])
        meeting = meetings.Meeting(at, bool(entry.get("held")), **_words("notes", entry.get("notes", {})))
        if at not in held:
            planned = min(at, story.anchor)  # a meeting to come was written down before it
            yield _Step(planned, lambda m=meeting, at=planned: meetings.save_meeting(engine, m, HOST, at))
    for entry in agenda["thing"]:
        at = story.at(entry["at"])
        apart = {name: value for name, value in entry.items() if name not in ("at", "what", "outcome")}
        words = _words("what", entry["what"]) | _words("outcome", entry["outcome"])
        thing = meetings.OneThing(at, **apart, **words, journey=JOURNEY)
        if at not in named:
            yield _Step(at, lambda thing=thing, at=at: meetings.save_one_thing(engine, thing, HOST, at))


def _expectations(engine: Any, story: Story) -> Iterator[_Step]:
    """What customers stated in the survey, summed over some weeks, as it held from the first of those weeks on."""
    there = {(e.stage, e.from_at) for e in expectations.expectations(engine, JOURNEY)}
    for day in SURVEYED:
        start, end = story.at(day), min(story.at(day + SURVEY_DAYS), story.anchor)
        for found in stated(story, settings().sample.contacts, start, end):
            if (found.stage, start) not in there:
                told = expectations.Expectation(JOURNEY, found.stage, found.mark, found.variance, found.n, start, source="survey")
                yield _Step(end, lambda told=told, at=end: expectations.save_expectation(engine, told, HOST, at))


def _touchpoints(engine: Any, story: Story) -> Iterator[_Step]:
    rows = [{"journey": JOURNEY, **_told(entry, ("name", "as_is", "to_be"))} for entry in _read("map")["touchpoint"]]
    blank = {"channel": "", "moment_of_truth": False, "target": None}
    rows = [{**blank, **row} for row in rows]
    yield _Step(story.at(-300), lambda: _insert_once(engine, Touchpoint, rows, "touchpoints", story.at(-300)))


def _panel(engine: Any, story: Story) -> Iterator[_Step]:
    plan = _read("map")["panel"]
    heard = plan.pop("heard")
    kinds = [kind for kind, n in plan.items() for _ in range(n)]
    rows = [
        {
            "kind": kind,
            "reference": f"P-{number:03d}",
            "joined_at": story.at(-280 + 7 * (number % 20)),
            "last_heard_at": story.at(-heard[number % len(heard)]),
        }
        for number, kind in enumerate(kinds, 1)
    ]
    yield _Step(story.at(-290), lambda: _insert_once(engine, Panel, rows, "panel", story.at(-290)))


def _insert_once(engine: Any, kind: Any, rows: list[dict[str, Any]], name: str, at: int) -> None:
    table = kind.__table__
    with writing(engine, at) as connection:
        if connection.execute(table.select().limit(1)).first() is None:
            connection.execute(table.insert(), rows)
            record(connection, HOST, "save", name, {"rows": len(rows)}, at)


def _words(name: str, both: dict[str, str]) -> dict[str, Any]:
    return {f"{name}_{language}": words for language, words in both.items()}


def _told(entry: dict[str, Any], both: tuple[str, ...]) -> dict[str, Any]:
    """An entry with what it says in both languages under a name for each."""
    said = [_words(name, entry[name]) for name in both]
    return {name: value for name, value in entry.items() if name not in both} | {k: v for one in said for k, v in one.items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf8"))
