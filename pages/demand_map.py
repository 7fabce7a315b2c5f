"""The map of demand: how many customers want contact per hour of the week, closed hours hatched."""

from __future__ import annotations

import altair as alt
import numpy as np

from config.language import Texts
from pages.charts import draw, rows_of
from pages.palette import GREY, INK, PROMISE

SIZE = 210


def heat(per_week: np.ndarray, is_open: np.ndarray, t: Texts, rival: np.ndarray | None = None) -> None:
    """Draw the map (7, 24): darker is more; a closed hour carries a cross, so that it shows without colour.

    `rival` (7, 24) is when a competitor is there: a ring around the cross of a closed hour.
    """
    rows = [
        {"day": day, "hour": hour, "n": float(per_week[day, hour]), "tip": tip(day, hour, per_week, is_open, t)}
        for day in range(7)
        for hour in range(24)
    ]
    closed = [row for row in rows if not is_open[row["day"], row["hour"]]]
    names = " : ".join(f"datum.value == {day} ? '{t(f'day.{day + 1}')[:2]}'" for day in range(7)) + " : ''"
    x = alt.X("hour:O", title=None, axis=alt.Axis(labelAngle=0, grid=False))
    y = alt.Y("day:O", title=None, axis=alt.Axis(labelExpr=names, grid=False))
    colour = alt.Color("n:Q", scale=alt.Scale(range=["#F2F6FA", PROMISE]), legend=None)
    cells = rows_of(rows).mark_rect(stroke="white").encode(x=x, y=y, color=colour, tooltip=alt.Tooltip("tip:N", title=" "))
    crosses = rows_of(closed).mark_point(shape="cross", angle=45, size=26, filled=True, color=GREY, opacity=0.7).encode(x=x, y=y)
    layers = [cells, crosses] if closed else [cells]
    theirs = [row for row in closed if rival is not None and rival[row["day"], row["hour"]]]
    if theirs:
        layers.append(
            rows_of(theirs).mark_point(shape="circle", size=150, color=INK, opacity=0.7, strokeWidth=1.2).encode(x=x, y=y)
        )
    draw(alt.layer(*layers), "demand", SIZE, t("journey.reach_how"), t.code == "nl")


def tip(day: int, hour: int, per_week: np.ndarray, is_open: np.ndarray, t: Texts) -> str:
    """What a cell says: the day and hour, how many a week, and whether anybody is there."""
    state = t("journey.open") if is_open[day, hour] else t("journey.closed")
    values = {
        "day": t(f"day.{day + 1}"),
        "hour": hour,
        "until": hour + 1,
        "n": t.number(float(per_week[day, hour])),
        "state": state,
    }
    return t("journey.cell", **values)
