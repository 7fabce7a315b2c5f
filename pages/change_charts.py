"""The chart of a change: what was observed against what would have happened otherwise."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages.charts import draw, labels, quantitative, rows_of, week_axis
from pages.palette import GREY, INK, PROMISE
from pages.visit import Visit
from reports.effects import Outcome
from reports.names import Names

RIGHT = 6


def against_otherwise(one: Outcome, visit: Visit, names: Names) -> None:
    """Weekly marks with the counterfactual and its band after the start; the run-up weeks are left out of the judgement."""
    t, found = visit.t, one.effect
    assert found is not None and found.free is not None
    first = one.start + one.ramp
    seen = [{"i": i, "value": mark} for i, mark in enumerate(one.marks)]
    run = found.free
    otherwise = [
        {"i": first + i, "value": float(mid), "low": float(low), "high": float(high)}
        for i, (mid, low, high) in enumerate(zip(run.expected, run.expected_low, run.expected_high, strict=True))
    ]
    values = [row["value"] for row in seen] + [row[end] for row in otherwise for end in ("low", "high")]
    domain = (min(values) - 0.2, max(values) + 0.2)
    x = quantitative("i", (-0.7, len(seen) - 1 + RIGHT), week_axis(one.weeks, t, range(0, len(one.weeks), 8)), alt.X)
    y = quantitative("value", domain)
    low = alt.Y("low:Q", scale=alt.Scale(domain=list(domain)), title=None)
    layers: list[Any] = [
        rows_of(otherwise).mark_area(color=PROMISE, opacity=0.15).encode(x=x, y=low, y2="high:Q"),
        rows_of(otherwise).mark_line(color=PROMISE, strokeDash=[4, 3]).encode(x=x, y=y),
        rows_of(seen).mark_line(color=INK).encode(x=x, y=y),
        rows_of([{"i": one.start - 0.5}]).mark_rule(color=GREY).encode(x=x),
    ]
    ends = [
        {"i": len(seen) - 0.7, "value": seen[-1]["value"], "label": t("changes.line_seen")},
        {"i": len(seen) - 0.7, "value": otherwise[-1]["value"], "label": t("changes.line_otherwise")},
    ]
    layers += [labels(ends[:1], x, y, color=INK), labels(ends[1:], x, y, color=PROMISE)]
    draw(alt.layer(*layers), "effect", 260, t("changes.chart", stage=names.stage(one.change.stage)), t.code == "nl")
