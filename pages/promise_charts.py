"""Charts of one promise: kept in time against every bar it had, the experience beside it, and what another bar would do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from config.wording import duration, share_span, signed_span, span
from metrics.intervals import difference, wilson
from pages.charts import draw, labels, quantitative, rows_of, shaded, shapes, week_axis
from pages.palette import GREY, INK, PROMISE
from reports.names import Names
from reports.promise_detail import Detail, Line, Option, shares
from reports.promise_words import SHAPE, step_text

RIGHT = 8  # room right of the last week, in weeks
TOP = 1.0
NAMED_FROM = 3  # weeks that a note must last for its words to have room in the chart
EXTENT: dict[str, Any] = {"minExtent": 38, "maxExtent": 38}  # so that the two charts' weeks stand under each other


def kept_in_time(detail: Detail, share: float, notes: Sequence[tuple[int, int, str]], names: Names) -> None:
    """Per week the share kept on the bar of that moment, the same cases held against the other bars (dotted), and the promise."""
    t, position = names.t, {week: i for i, week in enumerate(detail.weeks)}
    lows = [s.low for line in detail.lines for week, s, _ in shares(line) if line.first <= week <= line.last]
    alls = [s.value for line in detail.lines for _, s, _ in shares(line)]
    low = math.floor(10 * min([*lows, *alls, share])) / 10 - 0.02
    domain, x_domain = (max(0.0, low), TOP + 0.06), (-0.7, len(detail.weeks) - 1 + RIGHT)
    x = quantitative("i", x_domain, week_axis(detail.weeks, t, _ticks(len(detail.weeks))), alt.X)
    y = quantitative("value", domain, alt.Axis(format="%", values=[v / 10 for v in range(11) if v / 10 >= domain[0]], **EXTENT))
    layers = [
        shaded(position.get(a, 0), position.get(b, len(position) - 1) + 0.6, x_domain) for a, b, _ in notes if b in position
    ]
    rule = [{"value": share}]
    layers.append(rows_of(rule).mark_rule(color=PROMISE, strokeWidth=2).encode(y=y))
    for line in detail.lines:
        layers += _line(line, share, position, x, domain, names)
    layers += _change(detail, position, x, domain, names)
    named = [
        {"i": position[a], "value": domain[1] - 0.015, "label": words}
        for a, b, words in notes
        if a in position and position.get(b, len(position)) - position[a] >= NAMED_FROM
    ]
    if named:
        layers.append(labels(named, x, y, color=GREY))
    above = any(share <= _pooled(line) < share + 0.08 for line in detail.lines)
    aside = share + (-0.05 if above else 0.03) * (domain[1] - domain[0])
    words = [{"i": len(position) - 0.2, "value": aside, "label": t("promises.kept_from", share=t.percent(share))}]
    layers.append(labels(words, x, y, color=PROMISE))
    draw(alt.layer(*layers), "kept", 300, t("promises.kept_per_week"), t.code == "nl")


def _line(line: Line, share: float, position: dict[int, int], x, domain, names: Names) -> list:
    t = names.t
    own, other = [], []
    for week, s, n in shares(line):
        said = line.first <= week <= line.last
        shape = "below" if s.high < share else "above" if s.low >= share else "unsure"
        tip = f"{t('week.short', week=week % 100)}: {share_span(t, s.value, s.low, s.high)} · n {t.whole(n)}"
        row = {"i": position[week], "value": s.value, "low": s.low, "high": s.high, "shape": shape, "tip": tip}
        (own if said else other).append(row)
    y = quantitative("value", domain)
    layers = []
    if other:
        layers.append(rows_of(other).mark_line(color=GREY, strokeDash=[3, 3], strokeWidth=1.2).encode(x=x, y=y))
    if own:
        low = alt.Y("low:Q", scale=alt.Scale(domain=list(domain)), title=None)
        layers.append(rows_of(own).mark_rule(color=INK, strokeWidth=1.3).encode(x=x, y=low, y2="high:Q"))
        layers.append(shapes(own, x, y, 80))
    seconds = duration(t, line.promise.threshold or 0)
    pooled = _pooled(line)
    at = [{"i": len(position) - 0.2, "value": pooled, "label": t("promises.along", bar=seconds, share=t.percent(pooled))}]
    layers.append(
        labels(at, x, y, color=INK if own else GREY, fontWeight=600 if own and own[-1]["i"] == len(position) - 1 else 400)
    )
    return layers


def _pooled(line: Line) -> float:
    """The share kept on this bar over all weeks shown."""
    return sum(w.kept for w in line.weeks) / max(1.0, sum(w.n for w in line.weeks))


def _change(detail: Detail, position: dict[int, int], x, domain, names: Names) -> list:
    """A rule at the moment when the promise changed, with what it changed from and to."""
    t, out = names.t, []
    for before, after in zip(detail.lines, detail.lines[1:], strict=False):
        if after.first not in position:
            continue
        bars = [duration(t, line.promise.threshold or 0) for line in (before, after)]
        i = position[after.first] - 0.5
        out.append(rows_of([{"i": i}]).mark_rule(color=INK, strokeWidth=1.6).encode(x=x))
        row = [{"i": i - 0.2, "value": domain[0] + 0.04 * (domain[1] - domain[0]), "label": f"{bars[0]} → {bars[1]}"}]
        out.append(labels(row, x, quantitative("value", domain), align="right", fontWeight=600))
    return out


def mark_in_time(detail: Detail, names: Names) -> None:
    """The experience of the stage and channel per week, with its interval, and the expectation as a step."""
    t, position = names.t, {week: i for i, week in enumerate(detail.weeks)}
    rows = [
        {
            "i": position[m.week], "value": m.mark.value, "low": m.mark.low, "high": m.mark.high, "expected": m.expected,
            "tip": f"{t('week.short', week=m.week % 100)}: {t.number(m.mark.value)} [{span(t, m.mark.low, m.mark.high)}]",
        }
        for m in detail.marks
    ]  # fmt: skip
    ends = [v for row in rows for v in (row["low"], row["high"], row["expected"]) if math.isfinite(v)]
    domain, x_domain = (math.floor(min(ends)), math.ceil(max(ends) + 0.2)), (-0.7, len(detail.weeks) - 1 + RIGHT)
    x = quantitative("i", x_domain, week_axis(detail.weeks, t, _ticks(len(detail.weeks))), alt.X)
    y = quantitative("value", domain, alt.Axis(format="d", values=list(range(int(domain[0]) + 1, int(domain[1]) + 1)), **EXTENT))
    low = alt.Y("low:Q", scale=alt.Scale(domain=list(domain)), title=None)
    last = rows[-1]
    layers = [
        rows_of(rows).mark_area(color=GREY, opacity=0.18).encode(x=x, y=low, y2="high:Q"),
        rows_of(rows).mark_line(color=INK, strokeWidth=1.7).encode(x=x, y=y, tooltip=alt.Tooltip("tip:N", title=" ")),
        labels(
            [{**last, "i": last["i"] + 0.8, "label": f"{t('week.experience').lower()} {t.number(last['value'])}"}],
            x,
            y,
            fontWeight=600,
        ),
    ]
    hoped = [row for row in rows if math.isfinite(row["expected"])]
    if hoped:
        step: dict[str, Any] = {"color": PROMISE, "strokeWidth": 1.8, "interpolate": "step-before"}
        layers.append(rows_of(hoped).mark_line(**step).encode(x=x, y=quantitative("expected", domain)))
        at = {
            "i": hoped[-1]["i"] + 0.8,
            "value": hoped[-1]["expected"],
            "label": f"{t('promises.expectation')} {t.number(hoped[-1]['expected'])}",
        }
        layers.append(labels([at], x, y, color=PROMISE, fontWeight=600))
    draw(alt.layer(*layers), "marks", 170, t("promises.mark_per_week"), t.code == "nl")


def bars(options: Sequence[Option], share: float, now: float, chosen: float, names: Names) -> None:
    """The share kept at every bar; the present one and the one on trial are shaded."""
    t = names.t
    order = [option_name(option, names) for option in options]
    rows = []
    for option, name in zip(options, order, strict=True):
        s = option.verdict.shown
        kind = "now" if option.value == now else "trial" if option.value == chosen else ""
        rows.append({
            "name": name, "value": s.value, "low": s.low, "high": s.high, "shape": SHAPE[option.verdict.verdict], "kind": kind,
            "label": t.percent(s.value), "tip": f"{name}: {share_span(t, s.value, s.low, s.high)}",
        })  # fmt: skip
    domain = (0.0, 1.3)
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=False, labelColor=INK))
    x = quantitative("value", domain, alt.Axis(orient="top", format="%", values=[0, 0.5, 1]), alt.X)
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    band = alt.Color("kind:N", scale=alt.Scale(domain=["now", "trial"], range=["#EEF1F4", "#DDEFFA"]), legend=None)
    layers = [
        rows_of([row for row in rows if row["kind"]]).mark_bar(height=alt.RelativeBandSize(1)).encode(
            x=alt.X(datum=0, type="quantitative", scale=scale), x2=alt.X2(datum=domain[1]), y=y, color=band),
        rows_of([{"value": share}]).mark_rule(color=PROMISE, strokeWidth=1.8).encode(x=x),
        rows_of(rows).mark_rule(color=INK, strokeWidth=1.3).encode(x=alt.X("low:Q", scale=scale, title=None), x2="high:Q", y=y),
        shapes(rows, x, y, 80),
        labels(rows, alt.X(datum=domain[1] - 0.02, type="quantitative", scale=scale), y, align="right"),
    ]  # fmt: skip
    draw(alt.layer(*layers), "bars", 26 * len(order) + 26, t("promises.what_if"), t.code == "nl")


def option_name(option: Option, names: Names) -> str:
    """A bar as it would be promised."""
    if option.name in ("today", "tomorrow"):
        return step_text(option.name, option.value, names.t)
    return duration(names.t, option.value)


def same_bar_change(line: Line, at: int) -> tuple[float, float, float, float, float] | None:
    """The share kept on one bar before and after a week: before, after, difference and its interval; None without cases."""
    before = [w for w in line.weeks if w.week < at]
    after = [w for w in line.weeks if w.week >= at]
    n0, n1 = sum(w.n for w in before), sum(w.n for w in after)
    if not n0 or not n1:
        return None
    first, second = (wilson(sum(w.kept for w in part), sum(w.n for w in part)) for part in (before, after))
    shown = difference(second, first)
    return first.value, second.value, shown.value, shown.low, shown.high


def change_words(change: tuple[float, float, float, float, float], t) -> dict[str, str]:
    """The texts of a change on the same bar."""
    before, after, diff, low, high = change
    return {
        "before": t.percent(before), "after": t.percent(after), "diff": t.signed(100 * diff, 0),
        "span": signed_span(t, 100 * low, 100 * high, 0),
    }  # fmt: skip


def _ticks(count: int) -> list[int]:
    return sorted({0, count // 4, count // 2, 3 * count // 4, count - 1})
