"""The meeting on the week page: the one thing a guest named, and the changes that run, wait or are late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from config.language import Texts
from config.wording import clock
from metrics.effect import TOO_EARLY
from pages import meeting_forms
from pages.open_door import ago
from pages.outcomes import outcomes
from pages.sheet import Node, el, sheet
from pages.visit import Visit, link
from reports.effect_words import verdict_shape, verdict_text
from reports.effects import Outcome
from reports.names import Names
from reports.open_door import ASK_AGAIN_DAYS, Clock, at_the_table
from reports.sentences import count_word
from reports.week import Edition
from store.engine import instant
from store.people.changes import Change, changes
from store.people.departments import departments
from store.people.meetings import Meeting, OneThing, codes_of, one_things, whose_turn
from store.people.panel import panel, seats

AFTER_WEEKS = 4  # what an effect needs after the start, at least
TURNS, WEEK_MS = 60, 7 * 86_400_000
OPEN = ("running", "decided", "proposed")


def draw(told: Edition, visit: Visit, names: Names) -> None:
    """Draw the section."""
    open_now = [change for change in told.changes if change.state in OPEN]
    known = {one.change.code: one for one in outcomes(visit)}
    heard = one_things(visit.store, visit.journey.id, max(visit.now_ms, *(thing.at for thing in told.things), 0), TURNS)
    guests = whose_turn(heard, departments(visit.store))
    left = el("div", None, *_thing(told.things, guests[0], heard, visit, names))
    right = el("div", "scroll", _table(open_now, known, visit, names)) if open_now else el("p", "cap", visit.t("meeting.none"))
    title = el("h2", "section", finding(open_now, visit))
    dates = el("p", "cap", _date(told.meetings, visit, names))
    sheet([title, dates, *_table_door(list(known.values()), visit), el("div", "meeting gap-top", left, right)], "meeting")
    waiting = next((thing for thing in told.things if not thing.closed), None)
    to_come = [meeting for meeting in told.meetings if not meeting.held]
    meeting_forms.draw(visit, names, guests, waiting, to_come[-1] if to_come else None)


def finding(shown: list[Change], visit: Visit) -> str:
    """The section's title: how many changes are late, run and wait."""
    t = visit.t
    if not shown:
        return t("meeting.none")
    late = sum(_late(change, visit) for change in shown)
    running = sum(change.state == "running" and not _late(change, visit) for change in shown)
    counts = {"late": late, "running": running, "waiting": len(shown) - late - running}
    words = {name: count_word(t, count) for name, count in counts.items()}
    return t("meeting.late" if late else "meeting.calm", **words)


def _date(known: Sequence[Meeting], visit: Visit, names: Names) -> str:
    """When the next meeting is; without one, how long ago the last was; and what was decided then."""
    t = visit.t
    to_come = [meeting.at for meeting in known if meeting.at >= visit.now_ms and not meeting.held]
    been = [meeting for meeting in known if meeting.at < visit.now_ms]
    if to_come:
        when = instant(min(to_come)).astimezone(visit.zone)
        line = t("meeting.next", moment=f"{t.day(when)}, {clock(t, when)}")
    elif been:
        days = (visit.now.date() - instant(been[0].at).astimezone(visit.zone).date()).days
        line = t("meeting.none_planned", days=t.whole(days))
    else:
        line = t("meeting.never_met")
    minutes = next((meeting for meeting in been if meeting.notes_nl or meeting.notes_en), None)
    if minutes is None:
        return f"{line}."
    return f"{line}. {t('meeting.minutes', day=_day(minutes.at, visit))} {names.written(minutes.notes_nl, minutes.notes_en)}"


def _table_door(known: Sequence[Outcome], visit: Visit) -> list[Node]:
    """How long ago a customer last sat at the table; marked when that is too long; nothing without panel and changes."""
    t, seated = visit.t, seats(panel(visit.store), visit.now_ms)
    days = at_the_table(seated, [one.change for one in known], visit.now)
    if days is None and not known:
        return []
    clock = Clock(days, days is None or days > ASK_AGAIN_DAYS)
    words = t("door.table", ago=ago(clock, t))
    link_to = el("a", {"href": link("changes"), "target": "_self"}, t("door.who"))
    return [el("p", "cap", el("b", "below", f"◷ {words}") if clock.overdue else words, " ", link_to)]


def _thing(things: tuple[OneThing, ...], guest: str, heard: list[OneThing], visit: Visit, names: Names) -> list[Node]:
    t = visit.t
    nodes: list[Node] = [el("p", "eyebrow", t("meeting.thing"))]
    turn = el(
        "p",
        "cap gap-top",
        el("b", None, t("meeting.next_guest", department=names.department(guest)) + "."),
        _since(guest, heard, t),
    )
    if not things:
        return [*nodes, el("p", "cap", t("meeting.no_thing")), turn]
    newest, before = things[0], things[1:]
    department = names.department(newest.department)
    by = t("meeting.named_by", role=newest.guest_role, department=department, stage=names.stage(newest.stage))
    nodes += [
        el("p", "thing", f"‘{names.written(newest.what_nl, newest.what_en)}’"),
        el("p", "cap", by),
        _became(newest, visit, names),
    ]
    if newest.closed:
        nodes.append(el("p", "cap", el("b", None, t("meeting.outcome")), f" {_outcome(newest, names)}"))
    rows = [
        el(
            "tr",
            None,
            *[el("td", None, said) for said in (_week(thing, visit), names.department(thing.department), _outcome(thing, names))],
        )
        for thing in before
    ]
    return [*nodes, el("table", "history", el("tbody", None, *rows)) if rows else el("span"), turn]


def _outcome(thing: OneThing, names: Names) -> str:
    return names.written(thing.outcome_nl, thing.outcome_en)


def _became(thing: OneThing, visit: Visit, names: Names) -> Node | None:
    """The change that a thing became: its code, its state, who has it and until when."""
    t, code = visit.t, codes_of(visit.store, [thing]).get(thing.id)
    change = next((c for c in changes(visit.store, visit.journey.id) if c.code == code), None)
    if change is None:
        return None
    way = el("a", {"href": link("changes", change=change.code), "target": "_self"}, change.code)
    before, after = t("meeting.became", code="\0", state=t(f"changes.state_{change.state}")).split("\0")
    who = ""
    if change.owner:
        owner = names.department(change.owner)
        words = {"owner": owner, "day": _day(change.due_at, visit)} if change.due_at else {"owner": owner}
        who = " · " + t("meeting.thing_by" if change.due_at else "meeting.thing_owner", **words)
    return el("p", "cap", before, way, after, who)


def _since(guest: str, heard: list[OneThing], t: Texts) -> str:
    """Why it is this department's turn: how long ago it was a guest."""
    last = max((thing.at for thing in heard if thing.department == guest), default=0)
    if not last:
        return f" {t('meeting.guest_never')}"
    weeks = round((max(thing.at for thing in heard) - last) / WEEK_MS)
    return f" {t('meeting.guest_ago', weeks=t.whole(weeks))}"


def _week(thing: OneThing, visit: Visit) -> str:
    return visit.t("week.short", week=instant(thing.at).astimezone(visit.zone).isocalendar().week)


def _table(shown: list[Change], known: dict[str, Outcome], visit: Visit, names: Names) -> Node:
    t = visit.t
    heads = ("change", "stage", "since", "effect", "due")
    head = el("thead", None, el("tr", None, *[el("th", {"scope": "col"}, t(f"meeting.{name}")) for name in heads]))
    ordered = sorted(shown, key=lambda change: (not _late(change, visit), OPEN.index(change.state), change.code))
    return el("table", "list", head, el("tbody", None, *[_row(change, known, visit, names) for change in ordered]))


def _row(change: Change, known: dict[str, Outcome], visit: Visit, names: Names) -> Node:
    t = visit.t
    code = el("a", {"href": link("changes", change=change.code), "target": "_self"}, el("b", None, change.code))
    since = _day(change.started_at, visit) if change.started_at else t("meeting.not_started")
    what = el("td", None, code, f" {names.written(change.what_nl, change.what_en)}")
    cells = [what, el("td", None, names.stage(change.stage)), el("td", None, since), _effect(change, known, visit)]
    return el("tr", "late" if _late(change, visit) else "", *cells, _due(change, visit, names))


def _effect(change: Change, known: dict[str, Outcome], visit: Visit) -> Node:
    """The verdict as the page of changes has it, or from when there can be one, or what a change waits for."""
    t, one = visit.t, known.get(change.code)
    if not change.started_at:
        running = (o.change.code for o in known.values() if o.change.state == "running" and o.change.stage == change.stage)
        before = next(running, "")
        key = "meeting.undecided" if change.state == "proposed" else "meeting.waiting" if before else "meeting.ready"
        return el("td", None, t(key, code=before))
    ready = instant(change.started_at).astimezone(visit.zone) + timedelta(days=change.ramp_days, weeks=AFTER_WEEKS)
    if one is None or one.effect is None or (one.effect.verdict == TOO_EARLY and ready > visit.now):
        return el("td", None, t("meeting.too_early", day=t.short_day(ready)))
    return el("td", None, el("span", verdict_shape(one), verdict_text(one, t)))


def _due(change: Change, visit: Visit, names: Names) -> Node:
    t = visit.t
    if not change.due_at:
        return el("td", None, "–")
    by = names.department(change.owner) if change.owner else ""
    owner = el("div", "small", by)
    if not _late(change, visit):
        return el("td", None, _day(change.due_at, visit), owner)
    days = (visit.now.date() - instant(change.due_at).astimezone(visit.zone).date()).days
    late = t("meeting.overdue_day") if days == 1 else t("meeting.overdue_days", days=t.whole(days))
    return el(
        "td",
        None,
        el("b", None, f"◷ {late}"),
        el("div", "small", f"{t('meeting.was', day=_day(change.due_at, visit))}{f' · {by}' if by else ''}"),
    )


def _late(change: Change, visit: Visit) -> bool:
    return change.state in OPEN and 0 < change.due_at < visit.now_ms


def _day(at_ms: int, visit: Visit) -> str:
    return visit.t.short_day(instant(at_ms).astimezone(visit.zone))
