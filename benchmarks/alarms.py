"""Alarms on falls: how often a calm year calls one, against its budget, and how soon and how exactly a planted fall is found."""

from __future__ import annotations

import argparse
import statistics

import numpy as np

from benchmarks.figures import Ratio, show
from tests.metrics.made_hours import HOURS_A_WEEK, alarms_of, made_hours

STAGES, BUDGET, SHARE_OF_HOURS = 7, 0.25, 0.8
CALM = ((1, 0.0), (8, 0.0), (8, 0.09), (60, 0.09), (300, 0.09))  # cases an hour, variance between the same hours
PLANTED = ((8, -1.0, 48), (60, -0.5, 48), (60, -0.8, 24), (60, -1.5, 12))  # cases an hour, marks, hours to find it in
SPREAD = 0.05
FELL = 11 * HOURS_A_WEEK + 58
YEAR = 62


def main(arguments: list[str]) -> int:
    """Print what was measured; 1 when a budget or a delay was missed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks alarms", description=__doc__)
    options.add_argument("--years", type=int, default=14, help="calm years of one stage, per kind")
    options.add_argument("--falls", type=int, default=20, help="planted falls, per kind")
    chosen = options.parse_args(arguments)
    lines, ratios = [], []
    for an_hour, spread in CALM:
        rate = _calm(an_hour, spread, chosen.years)
        lines.append(_line(an_hour, f"calm, variance {spread}", **{"false a week": rate}))
        ratios.append(Ratio(f"false alarms / budget, {an_hour} an hour, {spread}", rate / BUDGET, 1, False))
    for an_hour, drop, hours in PLANTED:
        delays, errors = _planted(an_hour, drop, chosen.falls)
        late = sorted(delays)[max(0, round(0.9 * len(delays)) - 1)]
        told = {"found after h p50": statistics.median(delays), "p90": late, "dated within h p50": statistics.median(errors)}
        lines.append(_line(an_hour, f"{drop} marks", **told))
        ratios.append(Ratio(f"p90 of {drop} marks at {an_hour} an hour / {hours} h", late / hours, 1, False))
    return show("alarms", lines, ratios)


def _line(an_hour: float, what: str, **found: float) -> dict[str, object]:
    blank = dict.fromkeys(("false a week", "found after h p50", "p90", "dated within h p50"), "")
    return {"cases an hour": an_hour, "what": what, **blank, **found}


def _calm(an_hour: float, spread: float, years: int) -> float:
    budget = BUDGET * SHARE_OF_HOURS
    alarms = sum(
        len(alarms_of(made_hours(np.random.default_rng(y), an_hour, YEAR, spread), YEAR, STAGES, budget)) for y in range(years)
    )
    return STAGES * alarms / (years * (YEAR - 10))


def _planted(an_hour: float, drop: float, count: int) -> tuple[list[float], list[float]]:
    delays, errors = [], []
    for one in range(count):
        shift = np.zeros(14 * HOURS_A_WEEK)
        shift[FELL + 5 * one :] = drop
        rows = made_hours(np.random.default_rng(500 + one), an_hour, 14, SPREAD, shift)
        found = [pair for pair in alarms_of(rows, 14, STAGES, BUDGET * SHARE_OF_HOURS) if pair[0] > FELL + 5 * one]
        delays.append(float(found[0][0] - FELL - 5 * one) if found else 9e9)
        errors.append(float(abs(found[0][1] - FELL - 5 * one)) if found else 9e9)
    return delays, errors
