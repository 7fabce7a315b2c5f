"""A mark with its interval on the scale of a school report, against a bar; and a share with its interval: one line of a table."""

from __future__ import annotations

import math

from metrics.intervals import Interval
from pages.glyphs import shape_at
from pages.palette import EDGE, FAINT, FILL, GREY, INK, PROMISE
from pages.sheet import Node, el

WIDTH, HEIGHT, EDGE_X = 300, 26, 8
TICKS = (2, 4, 6, 8, 10)


def ranged(mark: Interval, bar: float | None, shape: str, alt: str) -> Node:
    """A mark (1-10) as its shape with its interval, and the bar that it is held against as a line; `alt` says it in words."""
    at, middle = _x(mark.value), HEIGHT / 2
    grid = [_line(_x(tick), 0, _x(tick), HEIGHT, FAINT, 1) for tick in TICKS]
    short = [_line(at, middle, _x(bar), middle, FILL["below"], 1.2)] if bar is not None and shape == "below" else []
    stand = [_line(_x(bar), 3, _x(bar), HEIGHT - 3, PROMISE, 2.2)] if bar is not None else []
    whisker = _line(_x(mark.low), middle, _x(mark.high), middle, INK, 1.8)
    return el("svg", _box(alt), *grid, *short, *stand, whisker, shape_at(shape or "unsure", at, middle, 6))


def scale(alt: str) -> Node:
    """The head above a column of marks: where 2, 4, 6, 8 and 10 lie."""
    ticks = [el("text", {"x": round(_x(tick), 1), "y": 12, "text-anchor": "middle", "class": "s"}, str(tick)) for tick in TICKS]
    return el("svg", {**_box(alt), "height": 15, "viewBox": f"0 0 {WIDTH} 15"}, *ticks)


def shared(share: Interval, shape: str, alt: str, width: int = 180) -> Node:
    """A share (0-1) as a bar from nothing, with its interval; `shape` colours it (below: too much, '': no judgement)."""
    middle, fill = HEIGHT / 2, FILL[shape] if shape in ("below", "above", "on") else GREY
    room = width - EDGE_X

    def x(part: float) -> float:
        return min(1.0, max(0.0, part)) * room

    box = {**_box(alt), "width": width, "viewBox": f"0 0 {width} {HEIGHT}"}
    back = el("rect", {"x": 0, "y": 7, "width": room, "height": 12, "fill": FAINT})
    bar = el(
        "rect", {"x": 0, "y": 7, "width": round(x(share.value), 1), "height": 12, "fill": fill, "stroke": EDGE.get(shape, GREY)}
    )
    low, high = (x(part if math.isfinite(part) else share.value) for part in (share.low, share.high))
    return el(
        "svg", box, back, bar, _line(low, middle, high, middle, INK, 1.8), *(_line(e, 9, e, 17, INK, 1.4) for e in (low, high))
    )


def _x(mark: float) -> float:
    return EDGE_X + (min(10.0, max(1.0, mark)) - 1) / 9 * (WIDTH - 2 * EDGE_X)


def _box(alt: str) -> dict:
    sized = {"width": WIDTH, "height": HEIGHT, "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    return {"class": "drawing", "role": "img", "aria-label": alt, **sized}


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> Node:
    ends = {"x1": round(x1, 1), "y1": round(y1, 1), "x2": round(x2, 1), "y2": round(y2, 1)}
    return el("line", {**ends, "stroke": colour, "stroke-width": width})
