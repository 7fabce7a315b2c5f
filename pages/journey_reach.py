"""When customers want contact, hour by hour of the week, and how many found a closed door."""

from __future__ import annotations

import numpy as np

from config.language import Texts
from config.settings import settings
from metrics.reachability import Closed
from pages.demand_map import heat
from pages.sheet import el, sheet
from pages.visit import Visit
from reports.stage import Demand, Depth

CLOSED_SHOWN = 3


def draw(found: Depth, visit: Visit) -> None:
    """Draw the section; nothing in a stage that hardly anybody contacts."""
    t, demand = visit.t, found.demand
    if float(demand.per_week.sum()) < 1:
        return
    how = t("journey.reach_how") if settings().wall.opening else t("journey.reach_unset")
    sheet([el("h2", "section", finding(demand, t)), el("p", "cap", how)], "reach")
    heat(demand.per_week, demand.is_open, t)
    top = [hour for hour in demand.closed[:CLOSED_SHOWN] if hour.advise]
    if top:
        sheet([el("ul", None, *[el("li", None, _closed(hour, t)) for hour in top])], "closed")


def finding(demand: Demand, t: Texts) -> str:
    """What the map says: how many find nobody there, or when it is busiest when somebody always is."""
    total = float(demand.per_week.sum())
    if not demand.is_open.all():
        missed = float(demand.per_week[~demand.is_open].sum())
        return t("journey.reach", share=t.percent(missed / total), n=t.whole(missed))
    day, hour = (int(i) for i in np.unravel_index(demand.per_week.argmax(), demand.per_week.shape))
    most = t.number(float(demand.per_week[day, hour]))
    return t("journey.reach_open", day=t(f"day.{day + 1}"), hour=hour, until=hour + 1, n=most, total=t.whole(total))


def _closed(hour: Closed, t: Texts) -> str:
    values = {"day": t(f"day.{hour.day + 1}"), "hour": hour.hour, "until": hour.hour + 1, "n": t.number(hour.missed.value)}
    return t("journey.closed_hour", **values)
