"""The opening hours as hours of the week."""

from __future__ import annotations

import numpy as np

from pages.wall.schedule import parse_opening


def open_hours(opening: str) -> np.ndarray:
    """Whether somebody is there, per hour of the week (7, 24), from the opening hours in words; '' is always."""
    hours = parse_opening(opening).hours
    if not hours:
        return np.ones((7, 24), bool)
    return np.array(
        [[day in hours and hours[day][0].hour <= hour < hours[day][1].hour for hour in range(24)] for day in range(7)]
    )
