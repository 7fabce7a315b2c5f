"""The chart of a change: what was observed against what would have happened otherwise, with what else happened then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from pages.charts import draw, labels, quantitative, rows_of, shaded, week_axis
from pages.palette import GREY, INK, PROMISE
from pages.visit import Visit
from reports.effects import Outcome
from reports.names import Names

RIGHT = 6
NAMED = 3  # words of more notes than this would run into each other; the others keep their band or rule
LONGEST = 44  # letters of a note beside the chart; the whole of it is one hover away


def against_otherwise(one: Outcome, notes: Sequence[tuple[int, int, str]], visit: Visit, names: Names) -> None:
    """Weekly marks with the counterfactual and its band after the start, and the notes of those weeks.

    `notes` are (first week, last week, words). The run-up weeks are left out of the judgement.
    """
    t, found = visit.t, one.effect
    assert found is not None and found.free is not None
    seen = [{"i": i, "value": mark} for i, mark in enumerate(one.marks)]
    otherwise = _otherwise(one)
    values = [row["value"] for row in seen] + [row[end] for row in otherwise for end in ("low", "high")]
    room = 0.06 * NAMED * (max(values) - min(values) + 0.4)  # above the lines, for the notes' words
    domain, x_domain = (min(values) - 0.2, max(values) + 0.2 + room), (-0.7, len(seen) - 1 + RIGHT)
    x = quantitative("i", x_domain, week_axis(one.weeks, t, range(0, len(one.weeks), 8)), alt.X)
    y = quantitative("value", domain)
    low = alt.Y("low:Q", scale=alt.Scale(domain=list(domain), nice=False, zero=False), title=None)
    layers: list[Any] = [
        *_notes(notes, one.weeks, x, x_domain, domain),
        rows_of(otherwise).mark_area(color=PROMISE, opacity=0.15).encode(x=x, y=low, y2="high:Q"),
        rows_of(otherwise).mark_line(color=PROMISE, strokeDash=[4, 3]).encode(x=x, y=y),
        rows_of(seen).mark_line(color=INK).encode(x=x, y=y),
        rows_of([{"i": one.start - 0.5}]).mark_rule(color=INK, strokeWidth=1.6).encode(x=x),
    ]
    ends = [
        {"i": len(seen) - 0.7, "value": seen[-1]["value"], "label": t("changes.line_seen")},
        {"i": len(seen) - 0.7, "value": otherwise[-1]["value"], "label": t("changes.line_otherwise")},
    ]
    began = [{"i": one.start - 0.9, "value": domain[0] + 0.05 * (domain[1] - domain[0]), "label": t("changes.line_start")}]
    layers += [labels(ends[:1], x, y, color=INK), labels(ends[1:], x, y, color=PROMISE)]
    layers.append(labels(began, x, y, align="right", fontWeight=600))
    draw(alt.layer(*layers), "effect", 290, t("changes.chart", stage=names.stage(one.change.stage)), t.code == "nl")


def _otherwise(one: Outcome) -> list[dict[str, float]]:
    run, first = one.effect.free if one.effect else None, one.start + one.ramp
    assert run is not None
    spans = zip(run.expected, run.expected_low, run.expected_high, strict=True)
    return [
        {"i": first + i, "value": float(mid), "low": float(low), "high": float(high)} for i, (mid, low, high) in enumerate(spans)
    ]


def placed(notes: Sequence[tuple[int, int, str]], weeks: Sequence[int]) -> list[tuple[int, int, str]]:
    """The notes as positions among the weeks shown (first, last, words), the newest last; those outside them are left out.

    >>> placed([(202605, 202606, "storm"), (202601, 202602, "before")], [202604, 202606, 202607])
    [(1, 1, 'storm')]
    """
    out = []
    for first, last, words in sorted(notes):
        inside = [i for i, week in enumerate(weeks) if first <= week <= last]
        after = next((i for i, week in enumerate(weeks) if week >= first), None)
        if inside:
            out.append((inside[0], inside[-1], words))
        elif after and last >= weeks[0]:
            out.append((after, after, words))
    return out


def _notes(notes: Sequence[tuple[int, int, str]], weeks: Sequence[int], x: Any, x_domain, domain) -> list[Any]:
    """A pale band per note with its words at the top; the newest are named, each on a line of its own."""
    shown, layers = placed(notes, weeks), []
    step = 0.07 * (domain[1] - domain[0])
    for first, last, _ in shown:
        layers.append(shaded(first - 0.4, last + 0.4, x_domain))
    for line, (first, last, words) in enumerate(reversed(shown[-NAMED:])):
        right = first > len(weeks) / 2
        short = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
        at = first - 0.6 if right else last + 0.6
        row = [{"i": at, "value": domain[1] - step * (line + 0.4), "label": short, "tip": words}]
        mark = labels(row, x, quantitative("value", domain), align="right" if right else "left", color=GREY, fontSize=11)
        layers.append(mark.encode(tooltip=alt.Tooltip("tip:N", title=" ")))
    return layers
