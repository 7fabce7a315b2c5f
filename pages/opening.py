"""The opening hours as hours of the week."""

from __future__ import annotations

import numpy as np

from config.hours import parse_hours
from config.journey import Journey
from config.settings import settings
from reports.demand import grid_of

ANSWERED_BY = ("phone", "chat")


def open_hours(opening: str) -> np.ndarray:
    """Whether somebody is there, per hour of the week (7, 24), from the opening hours in words; '' is always."""
    return grid_of(parse_hours(opening, "settings.toml [wall] opening"))


def answered_hours(journey: Journey) -> np.ndarray:
    """The same for phone and chat together: by the journey's hours, or by those of the wall where it has none."""
    known = [grid_of(parse_hours(journey.hours[name], name)) for name in ANSWERED_BY if name in journey.hours]
    return np.logical_or.reduce(known) if known else open_hours(settings().wall.opening)
