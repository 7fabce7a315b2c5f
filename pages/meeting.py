"""The meeting on the week page: the one thing a guest named, and the changes that run, wait or are late."""

from __future__ import annotations

from datetime import timedelta

from pages.sheet import Node, el, sheet
from pages.visit import Visit, link
from reports.names import Names
from reports.sentences import count_word
from reports.week import Edition
from store.engine import instant
from store.people.changes import Change
from store.people.meetings import OneThing

AFTER_WEEKS = 4  # what an effect needs after the start, at least
OPEN = ("running", "decided", "proposed")


def draw(told: Edition, visit: Visit, names: Names) -> None:
    """Draw the section."""
    open_now = [change for change in told.changes if change.state in OPEN]
    left = el("div", None, *_thing(told.things, visit, names))
    right = el("div", "scroll", _table(open_now, visit, names)) if open_now else el("p", "cap", visit.t("meeting.none"))
    title = el("h2", "section", finding(open_now, visit))
    sheet([title, el("div", "meeting gap-top", left, right)], "meeting")


def finding(changes: list[Change], visit: Visit) -> str:
    """The section's title: how many changes are late, run and wait."""
    t = visit.t
    if not changes:
        return t("meeting.none")
    running = [change for change in changes if change.state == "running"]
    late = [change for change in running if _late(change, visit)]
    counts = {"late": len(late), "running": len(running) - len(late), "waiting": len(changes) - len(running)}
    words = {name: count_word(t, count) for name, count in counts.items()}
    return t("meeting.late" if late else "meeting.calm", **words)


def _thing(things: tuple[OneThing, ...], visit: Visit, names: Names) -> list[Node]:
    t = visit.t
    nodes: list[Node] = [el("p", "eyebrow", t("meeting.thing"))]
    if not things:
        return [*nodes, el("p", "cap", t("meeting.no_thing"))]
    newest, before = things[0], things[1:]
    by = t("meeting.named_by", role=newest.guest_role, department=newest.department, stage=names.stage(newest.stage))
    nodes += [el("p", "thing", f"‘{newest.what(t.code)}’"), el("p", "cap", by)]
    if newest.outcome:
        nodes.append(el("p", "cap", el("b", None, t("meeting.outcome")), f" {newest.outcome}"))
    rows = [
        el("tr", None, el("td", None, _week(thing, visit)), el("td", None, thing.department), el("td", None, thing.outcome))
        for thing in before
    ]
    return [*nodes, el("table", "history", el("tbody", None, *rows)) if rows else el("span")]


def _week(thing: OneThing, visit: Visit) -> str:
    return visit.t("week.short", week=instant(thing.at).astimezone(visit.zone).isocalendar().week)


def _table(changes: list[Change], visit: Visit, names: Names) -> Node:
    t = visit.t
    heads = ("change", "stage", "since", "effect", "due")
    head = el("thead", None, el("tr", None, *[el("th", {"scope": "col"}, t(f"meeting.{name}")) for name in heads]))
    ordered = sorted(changes, key=lambda change: (not _late(change, visit), OPEN.index(change.state), change.code))
    return el("table", "list", head, el("tbody", None, *[_row(change, visit, names) for change in ordered]))


def _row(change: Change, visit: Visit, names: Names) -> Node:
    t = visit.t
    code = el("a", {"href": link("changes", change=change.code), "target": "_self"}, el("b", None, change.code))
    since = _day(change.started_at, visit) if change.started_at else t("meeting.not_started")
    cells = [el("td", None, code, f" {change.what(t.code)}"), el("td", None, names.stage(change.stage)), el("td", None, since)]
    return el("tr", "late" if _late(change, visit) else "", *cells, el("td", None, _effect(change, visit)), _due(change, visit))


def _effect(change: Change, visit: Visit) -> str:
    """Whether there is a verdict yet: never a number that the history cannot carry."""
    t = visit.t
    if not change.started_at:
        return t("meeting.waiting")
    ready = instant(change.started_at).astimezone(visit.zone) + timedelta(days=change.ramp_days, weeks=AFTER_WEEKS)
    return t("meeting.too_early", day=t.short_day(ready)) if ready > visit.now else t("meeting.measured")


def _due(change: Change, visit: Visit) -> Node:
    t = visit.t
    if not change.due_at:
        return el("td", None, "–")
    owner = el("div", "small", change.owner)
    if not _late(change, visit):
        return el("td", None, _day(change.due_at, visit), owner)
    days = (visit.now.date() - instant(change.due_at).astimezone(visit.zone).date()).days
    late = t("meeting.overdue_day") if days == 1 else t("meeting.overdue_days", days=t.whole(days))
    return el(
        "td",
        None,
        el("b", None, f"◷ {late}"),
        el("div", "small", f"{t('meeting.was', day=_day(change.due_at, visit))} · {change.owner}"),
    )


def _late(change: Change, visit: Visit) -> bool:
    return change.state == "running" and 0 < change.due_at < visit.now_ms


def _day(at_ms: int, visit: Visit) -> str:
    return visit.t.short_day(instant(at_ms).astimezone(visit.zone))
