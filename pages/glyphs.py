"""Small drawings inside a sheet: the four shapes, a sparkline with the promise, and the whisker of a promise kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from pages.palette import EDGE, FAINT, FILL, GREY, INK, PROMISE
from pages.sheet import Node, el

LOW, HIGH = 5.0, 8.5  # the sparkline's scale, said in the legend


def glyph(shape: str, size: int = 12) -> Node:
    """The shape of a verdict or gap (below, above, on, unsure), drawn beside the word that says the same."""
    box = {"class": "glyph", "width": size, "height": size, "viewBox": "0 0 12 12", "aria-hidden": "true"}
    return el("svg", box, shape_at(shape, 6, 6, 4.8))


def shape_at(shape: str, x: float, y: float, r: float) -> Node:
    """The shape centred on (x, y) with radius r."""
    ink = {"fill": FILL[shape], "stroke": EDGE[shape], "stroke-width": 1.3, "stroke-linejoin": "round"}
    if shape in ("below", "above"):
        up = -1 if shape == "above" else 1
        points = ((x - r, y - up * 0.8 * r), (x + r, y - up * 0.8 * r), (x, y + up * 0.95 * r))
        return el("path", {"d": "M" + "L".join(f"{a:.1f},{b:.1f}" for a, b in points) + "Z", **ink})
    return el("circle", {"cx": round(x, 1), "cy": round(y, 1), "r": round(0.85 * r, 1), **ink})


def sparkline(series: Sequence[float], bar: Sequence[float], shape: str, width: int, alt: str) -> Node:
    """The weeks as a line (a gap where evidence was too little), the promise as a dotted step, the last week as its shape."""
    height = 40

    def x(i: float) -> float:
        return 2 + i * (width - 8) / max(1, len(series) - 1)

    def y(mark: float) -> float:
        return 4 + (HIGH - min(HIGH, max(LOW, mark))) / (HIGH - LOW) * (height - 8)

    box = {
        "class": "drawing",
        "width": width,
        "height": height,
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria-label": alt,
    }
    last = series[-1]
    return el(
        "svg",
        box,
        el("path", {"d": _steps(bar, x, y), "fill": "none", "stroke": PROMISE, "stroke-width": 1, "stroke-dasharray": "2 2"}),
        el("path", {"d": _path(series, x, y), "fill": "none", "stroke": GREY, "stroke-width": 1.15, "stroke-linejoin": "round"}),
        shape_at(shape or "unsure", x(len(series) - 1), y(last), 3.2) if math.isfinite(last) else None,
    )


def whisker(
    value: float, low: float, high: float, bar: float, shape: str, label: tuple[str, str], scale: Sequence[float]
) -> Node:
    """A value with its interval against a bar, on a scale whose ticks are given; the label stands where there is room."""
    width, height, middle = 300, 54, 29

    def x(share: float) -> float:
        first, last = scale[0], scale[-1]
        return 8 + (min(last, max(first, share)) - first) / (last - first) * (width - 16)

    grid = [_line(x(tick), 0, x(tick), height, FAINT, 1) for tick in scale]
    box = {
        "class": "drawing",
        "width": width,
        "height": height,
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria-label": label[0],
    }
    at, label_width = x(value), 96
    beside = x(low) > label_width and not x(low) - label_width < x(bar) < x(low)
    where = {"x": round(x(low) - 8, 1), "y": 33, "text-anchor": "end"}
    if not beside:
        where = {"x": round(min(width - 52.0, max(52.0, at)), 1), "y": 16, "text-anchor": "middle"}
    value_words = el("tspan", {"font-weight": 650}, label[0])
    words = el("text", {**where, "style": f"fill:{EDGE[shape]}"}, value_words, " " + label[1])
    return el(
        "svg",
        box,
        *grid,
        _line(x(bar), 8 if beside else 20, x(bar), 48, PROMISE, 2.2),
        _line(at, middle, x(bar), middle, FILL["below"], 1) if shape == "below" else None,
        _line(x(low), middle, x(high), middle, INK, 1.8),
        _line(x(low), middle - 4, x(low), middle + 4, INK, 1.6),
        _line(x(high), middle - 4, x(high), middle + 4, INK, 1.6),
        shape_at(shape, at, middle, 6),
        words,
    )


def axis(scale: Sequence[float], labels: Sequence[str], title: str) -> Node:
    """The head of a column of whiskers: what is measured, and the ticks."""
    width = 300
    step = (width - 16) / (len(scale) - 1)
    anchors = ["start", *["middle"] * (len(scale) - 2), "end"]
    ticks = [
        el("text", {"x": round(8 + i * step, 1), "y": 26, "text-anchor": anchor, "class": "s"}, text)
        for i, (text, anchor) in enumerate(zip(labels, anchors, strict=True))
    ]
    box = {"class": "drawing", "width": width, "height": 30, "viewBox": f"0 0 {width} 30", "role": "img", "aria-label": title}
    return el("svg", box, *ticks, el("text", {"x": 8, "y": 10, "style": f"fill:{GREY};font-weight:600"}, title))


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> Node:
    ends = {"x1": round(x1, 1), "y1": round(y1, 1), "x2": round(x2, 1), "y2": round(y2, 1)}
    return el("line", {**ends, "stroke": colour, "stroke-width": width})


def _path(series: Sequence[float], x: Callable[[float], float], y: Callable[[float], float]) -> str:
    parts, pen = [], "M"
    for i, mark in enumerate(series):
        if not math.isfinite(mark):
            pen = "M"
            continue
        parts.append(f"{pen}{x(i):.1f},{y(mark):.1f}")
        pen = "L"
    return "".join(parts)


def _steps(bar: Sequence[float], x: Callable[[float], float], y: Callable[[float], float]) -> str:
    parts, last = [], math.nan
    for i, mark in enumerate(bar):
        if not math.isfinite(mark):
            last = math.nan
            continue
        if not math.isfinite(last):
            parts.append(f"M{x(i):.1f},{y(mark):.1f}")
        elif mark != last:
            parts.append(f"L{x(i):.1f},{y(last):.1f}L{x(i):.1f},{y(mark):.1f}")
        last = mark
    if math.isfinite(last):
        parts.append(f"L{x(len(bar) - 1):.1f},{y(last):.1f}")
    return "".join(parts)
