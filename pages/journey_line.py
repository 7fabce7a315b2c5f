"""The journey as one line: per stage what customers lived against what they were told, the chosen stage lit."""

from __future__ import annotations

import math
import textwrap

from config.wording import span
from metrics.evidence import TOO_FEW
from metrics.weekly import Cell, Week
from pages.glyphs import shape_at
from pages.palette import EDGE, FAINT, GREY, INK, LINK, PROMISE, PROMISE_BAND
from pages.sheet import Node, el
from reports.names import Names

WIDTH, TOP, PLOT, LEFT = 1200, 22, 190, 34
FOOT = 74  # under the plot: the stage's name on two lines, its gap, its evidence
LIT = "#EAF3F9"
HALO = "paint-order:stroke;stroke:#FFFFFF;stroke-width:4px;stroke-linejoin:round"  # a line passes behind its words


def line(card: Week, chosen: str, names: Names) -> Node:
    """The drawing of all stages; a click on one (`data-go`) chooses it."""
    t, column = names.t, (WIDTH - LEFT) / len(card.rows)
    low, high = _domain(card)

    def x(i: float) -> float:
        return LEFT + (i + 0.5) * column

    def y(mark: float) -> float:
        return TOP + (high - min(high, max(low, mark))) / (high - low) * PLOT

    height = TOP + PLOT + FOOT
    box = {"class": "drawing journey", "viewBox": f"0 0 {WIDTH} {height}", "width": WIDTH, "height": height}
    grid = [_tick(mark, y(mark)) for mark in range(math.ceil(low), math.floor(high) + 1)]
    lit = next((i for i, row in enumerate(card.rows) if row.stage == chosen), 0)
    there = [i for i, row in enumerate(card.rows) if row.status != TOO_FEW]
    under = [_promised(row, x(i), y, column, names) for i, row in enumerate(card.rows)]
    path = " ".join(f"{'L' if i - 1 in there else 'M'}{x(i):.1f},{y(card.rows[i].mark.value):.1f}" for i in there)
    stages = [_stage(row, x(i), y, column, row.stage == chosen, names) for i, row in enumerate(card.rows)]
    return el(
        "svg",
        {**box, "role": "img", "aria-label": "; ".join(told(row, names) for row in card.rows), "data-lit": chosen},
        _rect(x(lit) - column / 2, 0, column, height, LIT),
        _rect(x(lit) - column / 2, 0, column, 3, LINK),
        *grid,
        *(el("g", None, *step) for step in under),
        el("path", {"d": path, "fill": "none", "stroke": INK, "stroke-width": 1.7}) if path else None,
        *stages,
        el("text", {"x": 0, "y": 13, "class": "s"}, t("journey.line_scale")),
    )


def told(row: Cell, names: Names) -> str:
    """One stage of the line in words, for who does not see it."""
    t, stage = names.t, names.stage(row.stage)
    if row.status == TOO_FEW:
        return t("journey.too_few", stage=stage, n=t.whole(row.n))
    mark = t.number(row.mark.value)
    if not (row.gap and row.expected):
        return t("journey.no_promise", stage=stage, mark=mark)
    values = {"promise": t.number(row.expected.value), "gap": t.signed(row.gap.value), "word": t(f"shape.{row.shape}_long")}
    return t("journey.answer", stage=stage, mark=mark, **values)


def _domain(card: Week) -> tuple[float, float]:
    ends = [v for row in card.rows if row.status != TOO_FEW for v in (row.mark.low, row.mark.high)]
    ends += [v for row in card.rows if row.expected for v in (row.expected.interval.low, row.expected.interval.high)]
    known = [v for v in ends if math.isfinite(v)] or [1.0, 10.0]
    return max(1.0, math.floor(2 * min(known)) / 2 - 0.5), min(10.0, math.ceil(2 * max(known)) / 2 + 0.5)


def _stage(row: Cell, x: float, y, column: float, lit: bool, names: Names) -> Node:
    t, hit = names.t, _rect(x - column / 2, 0, column, TOP + PLOT + FOOT, "transparent")
    drawn: list[Node] = []
    under = t("few.count", n=t.whole(row.n)) if row.n else t("few.nothing")
    if row.status != TOO_FEW:
        drawn = _lived(row, x, y, names)
        under = f"{span(t, row.mark.low, row.mark.high)} · n {t.whole(row.n)}"
    label = _named(row, x, column, lit, names)
    small = {"x": round(x, 1), "y": TOP + PLOT + FOOT - 6, "text-anchor": "middle", "class": "s"}
    group = {"data-go": row.stage, "style": "cursor:pointer"}
    return el("g", group, hit, el("title", None, told(row, names)), *drawn, *label, el("text", small, under))


def _promised(row: Cell, x: float, y, column: float, names: Names) -> list[Node]:
    """The promise as a dashed step with its band, its mark at the end that the experience leaves free."""
    if row.expected is None:
        return []
    shown, half = row.expected.interval, 0.34 * column
    band = _rect(x - half, y(shown.high), 2 * half, max(2.0, y(shown.low) - y(shown.high)), PROMISE_BAND, 0.25)
    ink = {"stroke": PROMISE, "stroke-width": 1.8, "stroke-dasharray": "5 3"}
    at = round(y(shown.value), 1)
    step = el("line", {"x1": round(x - half, 1), "x2": round(x + half, 1), "y1": at, "y2": at, **ink})
    where = {"x": round(x - half, 1), "y": at - 5, "style": f"fill:{PROMISE};{HALO}"}
    return [band, step, el("text", where, names.t.number(shown.value))]


def _lived(row: Cell, x: float, y, names: Names) -> list[Node]:
    at = y(row.mark.value)
    ends = {"x1": round(x, 1), "x2": round(x, 1), "y1": round(y(row.mark.low), 1), "y2": round(y(row.mark.high), 1)}
    whisker = el("line", {**ends, "stroke": GREY, "stroke-width": 1.6})
    words = {"x": round(x + 13, 1), "y": round(at + 5, 1), "style": f"font-size:15px;font-weight:650;{HALO}"}
    return [whisker, shape_at(row.shape or "unsure", x, at, 8), el("text", words, names.t.number(row.mark.value))]


def _named(row: Cell, x: float, column: float, lit: bool, names: Names) -> list[Node]:
    t = names.t
    truth = "◆ " if names.journey.stage(row.stage).moment_of_truth else ""
    lines = textwrap.wrap(truth + names.stage(row.stage), max(8, int(column / 8)))[:2]
    style = f"font-size:13.5px;font-weight:{650 if lit else 500}"
    top = TOP + PLOT + 20
    out: list[Node] = [
        el("text", {"x": round(x, 1), "y": top + 15 * i, "text-anchor": "middle", "style": style}, words)
        for i, words in enumerate(lines)
    ]
    if row.status != TOO_FEW and row.gap:
        words = f"{t.signed(row.gap.value)} {t(f'shape.{row.shape}')}"
        style = f"fill:{EDGE[row.shape]};font-weight:600"
        out.append(el("text", {"x": round(x, 1), "y": top + 15 * len(lines) + 2, "text-anchor": "middle", "style": style}, words))
    return out


def _tick(mark: int, y: float) -> Node:
    rule = {"x1": LEFT, "x2": WIDTH, "y1": round(y, 1), "y2": round(y, 1), "stroke": FAINT, "stroke-width": 1}
    return el(
        "g",
        None,
        el("line", rule),
        el("text", {"x": LEFT - 8, "y": round(y + 4, 1), "text-anchor": "end", "class": "s"}, str(mark)),
    )


def _rect(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> Node:
    at = {"x": round(x, 1), "y": round(y, 1), "width": round(width, 1), "height": round(height, 1)}
    return el("rect", {**at, "fill": fill, "fill-opacity": opacity})
