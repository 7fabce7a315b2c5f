"""Charts in one visual language: Altair layers over plain rows whose texts are already in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st
from altair.utils import schemapi

from config.language import Texts
from pages.palette import EDGE, FAINT, FILL, GREY, INK, PALE

FONT = "Inter, Helvetica Neue, Arial, sans-serif"
SHAPES = {"below": "triangle-down", "above": "triangle-up", "on": "circle", "unsure": "circle"}
Rows = list[dict[str, Any]]
# Holding every part of a chart against Vega-Lite's schema takes longer than making it; the tests do so (tests/pages/conftest.py).
CHECKED = False
schemapi.disable_debug_mode()
alt.theme.enable("none")


def draw(chart: Any, key: str, height: int, description: str, comma: bool = False) -> None:
    """Draw a chart the width of its column; `description` is what a screen reader says, `comma` the Dutch decimal mark."""
    locale = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€", ""]} if comma else {}
    padding: Any = {"left": 2, "right": 2, "top": 4, "bottom": 2}
    axis: dict[str, Any] = {"grid": True, "gridColor": FAINT, "domain": False, "ticks": False, "labelPadding": 6}
    fonts: dict[str, Any] = {"labelColor": GREY, "labelFontSize": 12, "titleColor": GREY, "titleFontSize": 12}
    spec: dict[str, Any] = chart.to_dict(validate=CHECKED)
    spec |= {"height": height, "width": "container", "padding": padding}
    if "layer" in spec:
        spec["resolve"] = {"scale": dict.fromkeys(("fill", "stroke", "shape"), "independent")}
    spec["config"] = {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": axis | fonts,
        "text": {"font": FONT, "fontSize": 12, "color": INK},
        **({"locale": {"number": locale}} if locale else {}),
    }
    st.vega_lite_chart(spec, width="stretch", theme=None, key=f"chart-{key}", alt=description)


def shape_scales() -> tuple[alt.Scale, alt.Scale, alt.Scale]:
    """The scales of fill, stroke and shape by verdict or gap."""
    names = list(SHAPES)
    return (
        alt.Scale(domain=names, range=[FILL[name] for name in names]),
        alt.Scale(domain=names, range=[EDGE[name] for name in names]),
        alt.Scale(domain=names, range=[SHAPES[name] for name in names]),
    )


def shapes(rows: Rows, x: Any, y: Any, size: int = 90) -> Any:
    """Points drawn as the four shapes; rows carry `shape` and `tip`."""
    fill, stroke, shape = shape_scales()
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_point(size=size, filled=True, strokeWidth=1.3, opacity=1)
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("shape:N", scale=fill, legend=None),
            stroke=alt.Stroke("shape:N", scale=stroke, legend=None),
            shape=alt.Shape("shape:N", scale=shape, legend=None),
            tooltip=alt.Tooltip("tip:N", title=" "),
        )
    )


def rows_of(rows: Rows) -> Any:
    """A chart's data from plain rows, inlined."""
    return alt.Chart(alt.Data(values=rows))


def quantitative(field: str, domain: Sequence[float], axis: Any = alt.Undefined, channel: type = alt.Y) -> Any:
    """A numeric position on a fixed scale without a title."""
    return channel(f"{field}:Q", scale=alt.Scale(domain=list(domain), nice=False, zero=False), title=None, axis=axis)


def labels(rows: Rows, x: Any, y: Any, field: str = "label", **mark: Any) -> Any:
    """Texts at positions; `mark` sets alignment, offset, weight and colour."""
    return rows_of(rows).mark_text(**{"baseline": "middle", "align": "left", **mark}).encode(x=x, y=y, text=f"{field}:N")


def week_axis(weeks: Sequence[int], t: Texts, marks: Sequence[int]) -> Any:
    """An axis over the positions of weeks, with labels at a few of them: `wk 48 2025`, then the week alone."""
    named = [t("week.short", week=weeks[i] % 100) + (f" {weeks[i] // 100}" if i == 0 else "") for i in marks]
    choose = " : ".join(f"datum.value == {i} ? '{name}'" for i, name in zip(marks, named, strict=True))
    return alt.Axis(values=list(marks), labelExpr=f"{choose} : ''", grid=False, labelFlush=True)


def whisker_rule(rows: Rows, x: Any, y: Any, along: str = "y", width: float = 1.3) -> Any:
    """Intervals from `low` to `high` along an axis."""
    second = {"y2": "high:Q"} if along == "y" else {"x2": "high:Q"}
    return rows_of(rows).mark_rule(strokeWidth=width, color=INK).encode(x=x, y=y, **second)


def shaded(from_x: float, to_x: float, x_domain: Sequence[float]) -> Any:
    """A pale band over a span of the x axis: a campaign."""
    rows = [{"from": from_x, "to": to_x}]
    scale = alt.Scale(domain=list(x_domain), nice=False, zero=False)
    return rows_of(rows).mark_rect(color=PALE, aria=False).encode(x=alt.X("from:Q", scale=scale), x2="to:Q")
