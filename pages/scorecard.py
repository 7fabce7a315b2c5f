"""The scorecard as a sheet: stages down, channels across; every mark opens the voices behind it."""

from __future__ import annotations

import math
from collections.abc import Callable

from config.wording import mark_text, signed_span, span
from metrics.evidence import SOLID, TOO_FEW
from metrics.weekly import LAST, YEAR, Cell, Week
from pages.glyphs import glyph, sparkline
from pages.sheet import Node, el, hover
from reports.names import Names
from reports.sentences import change_line, few

MANY = 7
ORDER = ("social", "review", "chat", "phone", "email", "app", "web", "store", "survey")
Link = Callable[..., str]


def channels_in_order(week: Week) -> list[str]:
    """The week's channels, from what customers say in public to what they are asked."""
    return sorted(week.channels, key=lambda c: (ORDER.index(c) if c in ORDER else len(ORDER), c))


def table(week: Week, names: Names, voices: Link, labels: tuple[str, str], cells: bool = True) -> Node:
    """The whole card; `labels` name last week and the week a year ago; without `cells` only the stages over all channels."""
    channels = channels_in_order(week) if cells else []
    biggest = _biggest_change(week)
    narrow = len(channels) >= MANY
    rows = [_row(week, row, channels, names, voices, labels, biggest) for row in week.rows]
    kind = "card stages" if not cells else "card narrow" if narrow else "card"
    return el("div", "scroll", el("table", kind, _head(week, channels, names), el("tbody", None, *rows)))


def legend(names: Names) -> Node:
    """What the shapes, the hatching and the little lines mean."""
    t = names.t
    keys = [
        el("span", f"key {shape}", glyph(shape), el("b", None, t(f"shape.{shape}")), " " + t(f"shape.{shape}_means"))
        for shape in ("below", "on", "above", "unsure")
    ]
    hatched = el("span", "key", el("span", "swatch"), t("week.legend_hatched"))
    return el(
        "p",
        "cap legend",
        t("week.legend") + " ",
        hover(t("week.interval_help")),
        " ",
        *keys,
        hatched,
        el("span", "key", t("week.legend_spark")),
    )


def _head(week: Week, channels: list[str], names: Names) -> Node:
    t = names.t
    narrow = len(channels) >= MANY
    heads = [el("th", {"scope": "col", "style": f"width:{140 if narrow else 168}px"}, t("week.stage"))]
    heads.append(
        el(
            "th",
            {"scope": "col", "style": f"width:{222 if narrow else 246}px"},
            t("channel.all"),
            el("small", None, t("week.all_channels")),
        )
    )
    for channel in channels:
        own = any(c.channel == channel and not c.derived and c.n for c in week.cells)
        heads.append(
            el("th", {"scope": "col"}, names.channel(channel), el("small", None, t("week.own_marks" if own else "week.derived")))
        )
    return el("thead", None, el("tr", None, *heads))


def _row(
    week: Week, row: Cell, channels: list[str], names: Names, voices: Link, labels: tuple[str, str], biggest: Cell | None
) -> Node:
    t, stage = names.t, next(s for s in names.journey.stages if s.id == row.stage)
    promise = el("div", "small", t("week.no_stage_promise"))
    if row.expected:
        shown = row.expected.interval
        promise = el(
            "div", "small", t("week.stage_promise", mark=t.number(shown.value), span=f"[{span(t, shown.low, shown.high)}]")
        )
    truth = el("div", "truth", "◆ " + t("week.truth")) if stage.moment_of_truth else None
    head = el("th", {"scope": "row"}, names.stage(row.stage), promise, truth)
    width = 46 if len(channels) >= MANY else 72
    cells = [_cell(week.cell(row.stage, channel), names, voices, biggest, width) for channel in channels]
    return el("tr", None, head, _all(row, names, voices, labels), *cells)


def _all(row: Cell, names: Names, voices: Link, labels: tuple[str, str]) -> Node:
    """The stage over all channels, with both comparisons."""
    t = names.t
    if row.status == TOO_FEW or row.private:
        return _few(row, names)
    first = el(
        "div",
        "first",
        _mark(row, names, voices, big=True),
        el("span", "ci", span(t, row.mark.low, row.mark.high), el("br"), f"n {t.whole(row.n)}"),
        _spark(row, t, 76),
    )
    deltas = [
        el("div", "delta", el("span", None, label), change_line(row, against, t))
        for label, against in zip(labels, (LAST, YEAR), strict=True)
    ]
    notes = el("div", "small", t("week.contradict")) if row.contradict else None
    return el("td", _tint(row), first, _gap(row, t, long=True), *deltas, notes)


def _cell(cell: Cell, names: Names, voices: Link, biggest: Cell | None, width: int) -> Node:
    t = names.t
    if cell.status == TOO_FEW or cell.private:
        return _few(cell, names)
    change = cell.since.get(LAST)
    moved = None
    if change and change.demonstrable:
        moved = el("div", "small", el("b", None, t.signed(change.shown.value)), " " + t("week.against", week=t("cause.last")))
    first = el("div", "first", _mark(cell, names, voices), _spark(cell, t, width))
    low_high = el("div", "small", f"{span(t, cell.mark.low, cell.mark.high)} · n {t.whole(cell.n)}")
    hit = " hit" if cell is biggest else ""
    return el("td", _tint(cell) + hit, first, _gap(cell, t), moved, low_high)


def _few(cell: Cell, names: Names) -> Node:
    """Why there is no number; where it protects customers elsewhere the reason stands one hover away, for many cells share it."""
    title, why = few(cell, names.t)
    if cell.guarded:
        return el("td", "few", title, " ", hover(why))
    return el("td", "few", el("div", None, title), el("div", "small", why))


def _mark(cell: Cell, names: Names, voices: Link, big: bool = False) -> Node:
    t = names.t
    mark = mark_text(t, cell.mark.value, cell.status)
    said = f"{mark} {names.stage(cell.stage)}, {names.channel(cell.channel)}: {t('week.open_voices')}"
    href = voices(stage=cell.stage, channel=cell.channel)
    attributes = {"class": "mark big" if big else "mark", "href": href, "target": "_self", "aria-label": said, "title": said}
    return el("a", attributes, mark)


def _gap(cell: Cell, t, long: bool = False) -> Node:
    """The gap in shape, sign and word; to a tenth only where the mark itself is."""
    if cell.gap is None:
        return el("div", "gapline unsure", t("week.no_stage_promise") if long else "")
    value = el("b", None, t.signed(cell.gap.value)) if cell.status == SOLID else None
    between = f" {signed_span(t, cell.gap.low, cell.gap.high)} " if long and cell.status == SOLID else " "
    word = t(f"shape.{cell.shape}_long") if long and cell.shape in ("below", "above", "on") else t(f"shape.{cell.shape}")
    return el("div", f"gapline {cell.shape}", glyph(cell.shape), value, between + word)


def _spark(cell: Cell, t, width: int) -> Node:
    known = [mark for mark in cell.series if math.isfinite(mark)]
    alt = t("week.spark_alt", low=t.number(min(known)), high=t.number(max(known))) if known else t("few.title")
    return sparkline(cell.series, cell.bar, cell.shape, width, alt)


def _tint(cell: Cell) -> str:
    tint = {"below": "belowT", "above": "aboveT"}.get(cell.shape, "")
    return tint if cell.status == SOLID else f"{tint} hatched"


def _biggest_change(week: Week) -> Cell | None:
    """The one channel cell that changed most, of those that changed demonstrably."""
    found = [cell for cell in week.cells if LAST in cell.since and cell.since[LAST].demonstrable]
    return max(found, key=lambda cell: abs(cell.since[LAST].shown.value), default=None)
