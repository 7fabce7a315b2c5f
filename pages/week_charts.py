"""The week's charts: since when, what moved, which theme, which day, and where the largest jump is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from config.language import Texts
from config.wording import signed_span, span
from metrics.gap import gap as gap_of
from metrics.gap import gap_shape
from metrics.intervals import Interval
from metrics.priority import Ranked
from metrics.weekly import Week
from metrics.weeks import day_from, week_of
from pages.charts import Rows, draw, labels, quantitative, rows_of, shaded, shapes, week_axis
from pages.palette import GREY, INK, LINE, PROMISE, PROMISE_BAND
from reports.jump import Jump
from reports.names import Names
from reports.sentences import since_when
from reports.week import Cause, Day, Theme

NARROW = 400  # pixels of a chart on a phone: too few for columns beside the bars
END = 12  # room right of the last week for its labels


def journey_line(week: Week, notes: Sequence[tuple[int, int, str]], names: Names) -> None:
    """The experience with its interval and the promise with its band over the weeks; `notes` are (from week, to week, text)."""
    t, points = names.t, week.points
    known = [p for p in points if math.isfinite(p.value)]
    marks = [m for p in known for m in (p.low, p.high, p.promise_low, p.promise_high) if math.isfinite(m)]
    if not marks:
        return
    domain = (math.floor(2 * min(marks)) / 2, math.ceil(2 * max(marks)) / 2 + 0.5)
    n = len(points)
    x_domain = (0, n - 1 + END)
    rows = [
        {
            "i": i, "value": p.value, "low": p.low, "high": p.high,
            "tip": f"{t('week.short', week=p.week % 100)}: {t.number(p.value)} [{span(t, p.low, p.high)}]",
        }
        for i, p in enumerate(points) if math.isfinite(p.value)
    ]  # fmt: skip
    bars = [
        {"i": i, "p": p.promise, "low": p.promise_low, "high": p.promise_high}
        for i, p in enumerate(points)
        if math.isfinite(p.promise)
    ]
    x = quantitative("i", x_domain, week_axis([p.week for p in points], t, [0, n // 3, n - 1]), alt.X)
    y = quantitative("value", domain, alt.Axis(values=[m for m in range(1, 11) if domain[0] <= m <= domain[1]], format="d"))
    low = alt.Y("low:Q", scale=alt.Scale(domain=list(domain)), title=None)
    layers = [shaded(a, b, x_domain) for a, b, _ in _placed(notes, week)]
    if bars:
        layers.append(
            rows_of(bars).mark_area(color=PROMISE_BAND, opacity=0.2, interpolate="step-after").encode(x=x, y=low, y2="high:Q")
        )
        step: dict[str, Any] = {"color": PROMISE, "strokeDash": [5, 3], "strokeWidth": 1.6, "interpolate": "step-after"}
        layers.append(rows_of(bars).mark_line(**step).encode(x=x, y=quantitative("p", domain)))
    layers.append(rows_of(rows).mark_area(color=GREY, opacity=0.18).encode(x=x, y=low, y2="high:Q"))
    layers.append(rows_of(rows).mark_line(color=INK, strokeWidth=1.7).encode(x=x, y=y))
    layers += _ends(week, rows, bars, t, x, domain)
    layers += _note_labels(notes, week, x, domain)
    draw(alt.layer(*layers), "journey", 214, since_when(week, t), t.code == "nl")


def _ends(week: Week, rows: Rows, bars: Rows, t: Texts, x, domain) -> list:
    last, shape = rows[-1], week.shape or "unsure"
    out = [shapes([{**last, "shape": shape}], x, quantitative("value", domain))]
    texts = [
        {
            "i": last["i"] + 0.9,
            "value": last["value"],
            "label": f"{t('week.experience').lower()} {t.number(last['value'])}",
            "c": INK,
        }
    ]
    if bars:
        at = bars[-1]["p"]
        apart = 0.09 * (domain[1] - domain[0])
        shift = math.copysign(max(0.0, apart - abs(at - last["value"])), at - last["value"])
        texts.append(
            {"i": last["i"] + 0.9, "value": at + shift, "label": f"{t('week.promise').lower()} {t.number(at)}", "c": PROMISE}
        )
    for text in texts:
        out.append(labels([text], x, quantitative("value", domain), color=text["c"], fontWeight=600))
    return out


def _placed(notes: Sequence[tuple[int, int, str]], week: Week) -> list[tuple[float, float, str]]:
    position = {p.week: i for i, p in enumerate(week.points)}
    first, last = week.points[0].week, week.week
    return [
        (position.get(a, 0), position.get(b, len(position) - 1) + 0.6, text) for a, b, text in notes if b >= first and a <= last
    ]


def _note_labels(notes: Sequence[tuple[int, int, str]], week: Week, x, domain) -> list:
    out = []
    placed = sorted(_placed(notes, week), key=lambda note: note[1] - note[0])
    for k, (a, b, text) in enumerate(placed[-1:]):
        right = a > len(week.points) / 2
        row = [{"i": a - 0.5 if right else b + 0.3, "value": domain[1] - 0.07 * (domain[1] - domain[0]) * (1 + k), "label": text}]
        out.append(labels(row, x, quantitative("value", domain), align="right" if right else "left", color=GREY, fontSize=11))
    return out


def waterfall(cause: Cause, names: Names) -> None:
    """From last week's mark to this week's: the mix, then each channel; hollow where the interval holds 0."""
    t, split = names.t, cause.split
    parts = sorted(split.parts, key=lambda p: -abs(p.effect.value))
    steps = [(t("cause.mix_row"), split.mix)] + [(names.channel(p.channel), p.effect) for p in parts]
    if abs(split.rest) >= 0.005:
        steps.append((t("cause.rest_row"), Interval(split.rest, split.rest, split.rest)))
    rows, level = [], split.before
    for name, effect in steps:
        sure = not effect.low <= 0 <= effect.high
        words = t.signed(effect.value, 2) + (f" {signed_span(t, effect.low, effect.high, 2)}" if effect.low < effect.high else "")
        rows.append({
            "name": name, "from": level, "to": level + effect.value, "low": level + effect.low, "high": level + effect.high,
            "sure": "yes" if sure else "no", "label": words, "tip": f"{name}: {words}",
        })  # fmt: skip
        level += effect.value
    order = [t("cause.last"), *[row["name"] for row in rows], t("cause.now")]
    ends = [{"name": order[0], "value": split.before, "label": t.number(split.before), "shape": "unsure", "tip": order[0]}]
    side = "below" if split.change < 0 else "above"
    ends.append({"name": order[-1], "value": split.after, "label": t.number(split.after), "shape": side, "tip": order[-1]})
    span_all = [v for row in rows for v in (row["low"], row["high"])] + [split.before, split.after]
    width = max(span_all) - min(span_all)
    domain = (min(span_all) - 0.05 * width, max(span_all) + 0.75 * width)
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=False, labelLimit=150, labelColor=INK))
    x = quantitative("from", domain, alt.Axis(orient="top", tickCount=4, format=".1f"), alt.X)
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    fill = alt.Fill("sure:N", scale=alt.Scale(domain=["yes", "no"], range=[INK, "#FFFFFF"]), legend=None)
    tip = alt.Tooltip("tip:N", title=" ")
    chart = alt.layer(
        rows_of(rows)
        .mark_rule(color=GREY, strokeWidth=1, yOffset=9)
        .encode(x=alt.X("low:Q", scale=scale, title=None), x2="high:Q", y=y),
        rows_of(rows).mark_bar(stroke=INK, strokeWidth=1.2, height=12).encode(x=x, x2="to:Q", y=y, fill=fill, tooltip=tip),
        shapes(ends, alt.X("value:Q", scale=scale, title=None), y, 80),
        labels(rows, alt.X(datum=domain[1], type="quantitative", scale=scale), y, align="right", fontSize=11, color=GREY),
        labels(ends, alt.X(datum=domain[1], type="quantitative", scale=scale), y, align="right", fontWeight=600),
    )
    draw(chart, "waterfall", 40 + 34 * len(order), names.t("cause.split_caption"), t.code == "nl")


def themes_shift(themes: Sequence[Theme], names: Names) -> None:
    """Each theme's share of the contacts, before (hollow) and now (solid, with its interval), and its mark now."""
    t = names.t
    order = [names.theme(theme.id) for theme in themes]
    rows = [
        {
            "name": name, "before": theme.before.value, "now": theme.now.value, "low": theme.now.low, "high": theme.now.high,
            "label": t.number(theme.mark) if math.isfinite(theme.mark) else "",
            "tip": f"{name}: {t.percent(theme.before.value)} → {t.percent(theme.now.value)} · n {t.whole(theme.n)}",
        }
        for name, theme in zip(order, themes, strict=True)
    ]  # fmt: skip
    top = max(max(row["high"], row["before"]) for row in rows)
    domain = (0.0, 1.28 * top)
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=False, labelLimit=140, labelColor=INK))
    axis = alt.Axis(
        orient="top", format="%", tickCount=4, values=[v / 100 for v in range(0, 101, 10 if top < 0.5 else 20) if v / 100 <= top]
    )
    x = quantitative("now", domain, axis, alt.X)
    scale = alt.Scale(domain=list(domain), nice=False)
    tip = alt.Tooltip("tip:N", title=" ")
    chart = alt.layer(
        rows_of(rows)
        .mark_rule(color=LINE, strokeWidth=1.4)
        .encode(x=alt.X("before:Q", scale=scale, title=None), x2="now:Q", y=y),
        rows_of(rows).mark_rule(color=INK, strokeWidth=1.6).encode(x=alt.X("low:Q", scale=scale, title=None), x2="high:Q", y=y),
        rows_of(rows)
        .mark_point(size=70, fill="#FFFFFF", stroke=GREY, opacity=1)
        .encode(x=alt.X("before:Q", scale=scale, title=None), y=y),
        rows_of(rows).mark_point(size=70, fill=INK, stroke=INK, opacity=1).encode(x=x, y=y, tooltip=tip),
        labels(rows, alt.X(datum=domain[1], type="quantitative", scale=scale), y, align="right"),
    )
    draw(chart, "themes", 40 + 40 * len(order), t("cause.themes_caption", channel="", n=""), t.code == "nl")


def by_day(days: Sequence[Day], promise: Interval | None, since: int | None, note: str, names: Names) -> None:
    """A cell's mark per day with its interval against the promise, and the day on which the level broke."""
    t = names.t
    rows = [
        {
            "i": i, "value": d.mark.value, "low": d.mark.low, "high": d.mark.high,
            "shape": gap_shape(gap_of(d.mark, promise)) if promise else "unsure",
            "tip": f"{t.short_day(day_from(d.day))}: {_mark_text(d.mark, t)}, n {t.whole(d.n)}",
        }
        for i, d in enumerate(days)
    ]  # fmt: skip
    ends = [v for row in rows for v in (row["low"], row["high"])] + ([promise.value] if promise else [])
    domain = (max(1.0, math.floor(min(ends))), min(10.0, math.ceil(max(ends) + 0.3)))
    x_domain = (-0.6, len(days) - 0.4)
    x = quantitative("i", x_domain, _day_axis(days, t), alt.X)
    y = quantitative("value", domain, alt.Axis(format="d", values=list(range(int(domain[0]), int(domain[1]) + 1))))
    low = alt.Y("low:Q", scale=alt.Scale(domain=list(domain)), title=None)
    layers = [rows_of(rows).mark_rule(color=GREY, strokeWidth=1.4).encode(x=x, y=low, y2="high:Q"), shapes(rows, x, y, 80)]
    if promise:
        at = [{"value": promise.value, "i": -0.5, "label": f"{t('week.promise').lower()} {t.number(promise.value)}"}]
        layers.append(rows_of(at).mark_rule(color=PROMISE, strokeDash=[5, 3], strokeWidth=1.6).encode(y=y))
        layers.append(labels(at, x, y, color=PROMISE, dy=10))
    if since is not None:
        i = [d.day for d in days].index(since) - 0.5
        layers.append(rows_of([{"i": i}]).mark_rule(color=INK, strokeWidth=1.6).encode(x=x))
        right = i > len(days) / 2
        mark = [{"i": i + (-0.2 if right else 0.2), "value": domain[1] - 0.05 * (domain[1] - domain[0]), "label": note}]
        layers.append(labels(mark, x, y, align="right" if right else "left", fontWeight=600))
    draw(alt.layer(*layers), "days", 262, t("cause.days_caption", channel=""), t.code == "nl")


def _mark_text(mark: Interval, t: Texts) -> str:
    return f"{t.number(mark.value)} [{span(t, mark.low, mark.high)}]"


def _day_axis(days: Sequence[Day], t: Texts) -> alt.Axis:
    """Weekdays in two letters, and under the middle of each week its name."""
    weeks = [week_of(day_from(day.day)) for day in days]
    middle = {weeks.index(week) + weeks.count(week) // 2: week for week in weeks}
    short = [t(f"day.{day_from(day.day).isoweekday()}")[:2] for day in days]
    named = [
        f"['{name}', '{t('week.name', week=middle[i] % 100).lower() if i in middle else ''}']" for i, name in enumerate(short)
    ]
    choose = " : ".join(f"datum.value == {i} ? {name}" for i, name in enumerate(named))
    values = list(range(len(days)))
    return alt.Axis(values=values, labelExpr=f"{choose} : ''", grid=False, labelOverlap=False, labelFontSize=11, labelBound=False)


def _jump_row(jump: Jump, ranked: Ranked, i: int, names: Names) -> dict[str, Any]:
    """One stage of the ranking as a row of its chart."""
    t, name, room = names.t, names.stage(jump.stages[i]), jump.room[i]
    gain, low, high = (float(part[i]) for part in (ranked.gain, ranked.low, ranked.high))
    return {
        "name": name,
        "gain": gain,
        "low": low,
        "high": high,
        "sure": "yes" if low > 0 else "no",
        "lead": "yes" if jump.stages[i] in jump.leading else "no",
        "none": "yes" if room <= 0 else "no",
        "reach": t.percent(jump.reach[i]),
        "slope": t.number(float(ranked.slope[i]), 2),
        "room": t.number(room),
        "label": t("jump.no_room") if room <= 0 else t.signed(gain, 2),
        "tip": f"{name}: {t.signed(gain, 2)} {signed_span(t, low, high, 2)}",
    }


def jump_chart(jump: Jump, names: Names) -> None:
    """Expected gain per stage with its interval, the leading group shaded, the factors of the gain beside it."""
    t, ranked = names.t, jump.ranked
    assert ranked is not None
    order = [names.stage(jump.stages[i]) for i in ranked.order]
    rows = [_jump_row(jump, ranked, i, names) for i in ranked.order]
    high = max(0.05, max(row["high"] for row in rows))
    low = min(0.0, min(row["low"] for row in rows))
    room_left, domain = 0.62 * (high - low), (low - 0.62 * (high - low), high * 1.22)
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=False, labelColor=INK, labelLimit=160))
    # A phone has no room for the three factors: they fade, and the scale begins at the gains.
    least = alt.ExprRef(f"width < {NARROW} ? {low - 0.04 * (high - low)} : {domain[0]}")
    scale = alt.Scale(domainMin=least, domainMax=domain[1], nice=False, zero=False)
    ticks = [v for v in (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0) if v <= high] if high > 0.08 else [0, 0.02, 0.04, 0.06, 0.08]
    top = alt.Axis(orient="top", values=ticks, format="+.1f" if high > 0.08 else "+.2f", labelOverlap=True)
    x = alt.X("gain:Q", scale=scale, title=None, axis=top)
    band = [row for row in rows if row["lead"] == "yes"]
    shown = [row for row in rows if row["none"] == "no"]
    columns = [low - room_left * part for part in (0.86, 0.55, 0.2)]
    layers = [
        rows_of(band).mark_bar(color="#EEF1F4", height=alt.RelativeBandSize(1), aria=False, clip=True).encode(
            x=alt.X(datum=domain[0], type="quantitative", scale=scale), x2=alt.X2(datum=domain[1]), y=y),
        rows_of(shown).mark_rule(color=INK, strokeWidth=1.6).encode(x=alt.X("low:Q", scale=scale, title=None), x2="high:Q", y=y),
        rows_of(shown).mark_point(size=80, stroke=INK, opacity=1).encode(
            x=x, y=y, tooltip=alt.Tooltip("tip:N", title=" "),
            fill=alt.Fill("sure:N", scale=alt.Scale(domain=["yes", "no"], range=[INK, "#FFFFFF"]), legend=None)),
        labels(shown, alt.X("high:Q", scale=scale, title=None), y, dx=8, fontWeight=600),
        labels([row for row in rows if row["none"] == "yes"], alt.X("gain:Q", scale=scale, title=None), y, dx=8, color=GREY),
        *_factors(rows, columns, scale, y, t),
    ]  # fmt: skip
    draw(alt.layer(*layers), "jump", 34 * len(order) + 8, t("jump.others_caption"), t.code == "nl")


def _factors(rows: Rows, columns: Sequence[float], scale: alt.Scale, y: Any, t: Texts) -> list[Any]:
    """Reach, slope and room of each stage in a column of their own, with their heads; nothing on a chart as narrow as a phone."""
    wide, names = alt.ExprRef(f"width < {NARROW} ? 0 : 1"), ("reach", "slope", "room")
    mark: dict[str, Any] = {"align": "right", "color": GREY, "opacity": wide}
    heads = [{"label": t(f"jump.{name}"), "at": at} for name, at in zip(names, columns, strict=True)]
    layers = [
        labels(rows, alt.X(datum=at, type="quantitative", scale=scale), y, field=name, **mark)
        for name, at in zip(names, columns, strict=True)
    ]
    return [*layers, labels(heads, alt.X("at:Q", scale=scale, title=None), alt.value(-14), fontSize=11, **mark)]
