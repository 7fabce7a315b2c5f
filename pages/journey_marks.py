"""Marks of one stage held against what was said: its channels, its touchpoints against their targets, and its customer groups."""

from __future__ import annotations

from config.wording import signed_span, span
from metrics.evidence import TOO_FEW
from metrics.intervals import Interval
from metrics.weekly import Cell, Week
from pages.glyphs import glyph
from pages.mark_range import ranged, scale
from pages.sheet import Node, el, sheet
from pages.visit import Visit, link
from reports.names import Names
from reports.sentences import iso_week
from reports.stage import Depth, OfSegment, Reached, reached
from store.people.touchpoints import touchpoints as read_touchpoints

EQUAL_P = 0.05


def channels(card: Week, found: Depth, visit: Visit, names: Names) -> None:
    """Draw the stage per channel against its promise, named by how far the channels lie apart."""
    t = visit.t
    cells = sorted((c for c in card.cells if c.stage == found.stage and c.n), key=lambda c: (c.status == TOO_FEW, c.mark.value))
    rows = [_channel(cell, card, visit, names) for cell in cells]
    how = el("p", "cap", t("journey.channels_how"))
    sheet([el("h2", "section", _spread(found, names)), how, _table(rows, ("channel", "mark", "gap"), visit)], "channels")


def touchpoints(card: Week, stage: str, visit: Visit, names: Names) -> None:
    """Draw every touchpoint of the stage that has a target against it; nothing when none has."""
    t = visit.t
    points = reached(card, read_touchpoints(visit.store, visit.journey.id, stage))
    if not points:
        return
    rows = [_touchpoint(point, card, visit, names) for point in points]
    head = [el("h2", "section", _best_and_worst(points, visit)), el("p", "cap", t("journey.targets_how"))]
    sheet([*head, _table(rows, ("touchpoint", "mark", "against_target"), visit)], "targets")


def groups(found: Depth, visit: Visit, names: Names) -> None:
    """Draw the stage per customer group, named by who lives it best and worst."""
    if not found.groups:
        return
    t = visit.t
    known = sorted((g for g in found.groups if g.status != TOO_FEW), key=lambda g: g.mark.value)
    title = t("journey.groups")
    if len(known) > 1:
        worst, best = known[0], known[-1]
        key = "groups_differ" if worst.mark.high < best.mark.low else "groups_alike"
        values = {"best": names.segment(best.segment).lower(), "worst": names.segment(worst.segment)}
        ends = {"low": t.number(worst.mark.value), "high": t.number(best.mark.value)}
        title = t(f"journey.{key}", **values, **ends)
    rows = [_group(group, found.stage, visit, names) for group in [*known, *_few(found)]]
    sheet([el("h2", "section", title), _table(rows, ("group", "mark", ""), visit)], "groups")


def _few(found: Depth) -> list[OfSegment]:
    return [group for group in found.groups if group.status == TOO_FEW]


def _spread(found: Depth, names: Names) -> str:
    t = names.t
    if not found.spread:
        return t("journey.one_channel")
    best, worst = (names.channel(found.spread_channels[i]) for i in (found.spread.best, found.spread.worst))
    between = found.spread.between
    values = {"best": best, "worst": worst.lower(), "by": t.number(between.value)}
    values["span"] = signed_span(t, between.low, between.high)
    return t("journey.consistent" if found.spread.p > EQUAL_P else "journey.inconsistent", **values)


def _best_and_worst(points: list[Reached], visit: Visit) -> str:
    """The finding: which touchpoint lies furthest from its target and which best, of those with evidence."""
    t = visit.t
    known = sorted((p for p in points if p.gap), key=lambda p: p.gap.value if p.gap else 0.0)
    if not known:
        return t("journey.targets_few")
    worst, best = known[0], known[-1]
    assert worst.gap and best.gap and worst.point.target is not None
    if worst is best:
        values = {"mark": t.number(worst.mark.value), "target": t.number(worst.point.target)}
        return t("journey.targets_one", name=worst.point.name(t.code), **values)
    values = {"worst": worst.point.name(t.code), "low": t.signed(worst.gap.value)}
    return t("journey.targets", **values, best=best.point.name(t.code), high=t.signed(best.gap.value))


def _touchpoint(point: Reached, card: Week, visit: Visit, names: Names) -> Node:
    t, name = visit.t, ("◆ " if point.point.moment_of_truth else "") + point.point.name(visit.t.code)
    head = [name, el("div", "small", names.channel(point.point.channel))]
    if point.gap is None or point.point.target is None:
        return _empty(head, t("few.hidden") if point.private else f"{t('few.title')} (n {t.whole(point.n)})")
    href = link("voices", stage=point.point.stage, channel=point.point.channel, week=iso_week(card.week))
    target = point.point.target
    against = _against(point.gap, point.shape, t("journey.target", mark=t.number(target)), visit)
    return _marked(head, point.mark, point.n, target, point.shape, href, against, visit)


def _channel(cell: Cell, card: Week, visit: Visit, names: Names) -> Node:
    t = visit.t
    head: list[Node] = [names.channel(cell.channel)]
    if cell.status == TOO_FEW or cell.private:
        return _empty(head, t("few.hidden") if cell.private else f"{t('few.title')} (n {t.whole(cell.n)})")
    href = link("voices", stage=cell.stage, channel=cell.channel, week=iso_week(card.week))
    bar = cell.expected.value if cell.expected else None
    words = t("journey.promised", mark=t.number(bar)) if bar is not None else t("week.no_stage_promise")
    against = _against(cell.gap, cell.shape, words, visit)
    return _marked(head, cell.mark, cell.n, bar, cell.shape, href, against, visit)


def _group(group: OfSegment, stage: str, visit: Visit, names: Names) -> Node:
    t = visit.t
    head: list[Node] = [names.segment(group.segment)]
    if group.status == TOO_FEW:
        return _empty(head, t("few.hidden" if group.private else "few.title"))
    href = link("voices", stage=stage, segment=group.segment)
    return _marked(head, group.mark, group.n, None, "", href, "", visit)


def _against(shown: Interval | None, shape: str, words: str, visit: Visit) -> Node:
    """The difference in shape, sign and word, its interval, and what it is a difference with."""
    t = visit.t
    if shown is None:
        return el("span", "small", words)
    said = f"{t.signed(shown.value)} {t(f'shape.{shape}')}"
    between = el("div", "small", f"{signed_span(t, shown.low, shown.high)} · {words}")
    return el("div", None, el("span", f"gapline {shape}", glyph(shape), said), between)


def _marked(
    head: list[Node], mark: Interval, n: float, bar: float | None, shape: str, href: str, against: Node, visit: Visit
) -> Node:
    t = visit.t
    value = t.number(mark.value)
    alt = f"{value} [{span(t, mark.low, mark.high)}]"
    said = el("a", {"class": "mark", "href": href, "target": "_self", "title": t("week.open_voices")}, value)
    words = el("td", None, said, el("div", "small", f"{span(t, mark.low, mark.high)} · n {t.whole(n)}"))
    return el(
        "tr",
        None,
        el("th", {"scope": "row"}, *head),
        el("td", "drawn", ranged(mark, bar, shape, alt)),
        words,
        el("td", None, against),
    )


def _empty(head: list[Node], words: str) -> Node:
    return el("tr", None, el("th", {"scope": "row"}, *head), el("td", {"class": "few hatched", "colspan": "3"}, words))


def _table(rows: list[Node], columns: tuple[str, str, str], visit: Visit) -> Node:
    """A table of marks: the name, the drawing under its scale, the mark, and what it is held against."""
    t, (first, middle, last) = visit.t, (f"journey.column_{name}" if name else "" for name in columns)
    heads = [
        el("th", {"scope": "col", "style": "width:24%"}, t(first)),
        el("th", {"scope": "col", "style": "width:310px"}, scale(t("journey.scale"))),
        el("th", {"scope": "col"}, t(middle)),
        el("th", {"scope": "col"}, t(last)) if last else el("td"),
    ]
    return el("div", "scroll", el("table", "list marks", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows)))
