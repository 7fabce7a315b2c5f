"""Made-up hours of one stage: three channels, three measures, busy days and quiet nights, hours that differ beyond chance."""

import numpy as np

from metrics.ewma import chart_for, in_control_run
from metrics.fall import falls, onset
from metrics.usual import updates_a_week, usual_of

HOURS_A_WEEK = 168
# channel, metric, mean mark, spread of marks, share of the stage's cases
CELLS = (
    ("email", "csat", 6.5, 2.2, 0.3),
    ("chat", "csat", 7.2, 2.0, 0.3),
    ("email", "sentiment", 6.0, 1.5, 0.6),
    ("phone", "wait", 7.5, 2.5, 0.5),
)
NAMES = ("bucket", "day", "hour", "channel", "metric", "n", "w", "w2", "m1", "m2")


def made_hours(rng, an_hour, weeks, between=0.0, shift=None, mix=None):
    """Rollup rows of so many weeks from a Monday midnight; `shift` marks per hour, `mix` a factor on chat's cases per hour."""
    hours = np.arange(weeks * HOURS_A_WEEK)
    day, hour = (hours // 24) % 7, hours % 24
    busy = an_hour * (0.2 + 1.6 * np.clip(np.sin((hour - 6) / 24 * 2 * np.pi), 0, 1)) * (1 - 0.3 * (day >= 5))
    level = 0.3 * np.cos(2 * np.pi * hour / 24) + rng.normal(0, np.sqrt(between), len(hours)) + (0 if shift is None else shift)
    parts = {name: [] for name in NAMES}
    for channel, metric, mean, spread, share in CELLS:
        n = rng.poisson(busy * share * (mix if mix is not None and channel == "chat" else 1.0))
        there, mark = n > 0, mean + level
        m1 = n * mark + rng.normal(0, 1, len(hours)) * spread * np.sqrt(n)
        columns = (
            hours,
            day,
            hour,
            np.full(len(hours), channel),
            np.full(len(hours), metric),
            n,
            n,
            n,
            m1,
            n * (spread**2 + mark**2),
        )
        for name, column in zip(NAMES, columns, strict=True):
            parts[name].append(column[there])
    rows = {name: np.concatenate(part) for name, part in parts.items()}
    order = np.argsort(rows["bucket"], kind="stable")
    return {name: column[order] for name, column in rows.items()}


def between(rows, first, end):
    """The rows from hour `first` to hour `end`, which is left out."""
    keep = (rows["bucket"] >= first) & (rows["bucket"] < end)
    return {name: column[keep] for name, column in rows.items()}


def alarms_of(rows, weeks, stages, false_per_week):
    """Every alarm of one stage on a wall of so many: (hour it could be known, hour it was dated), fitted anew each week.

    As ingest/falling.py does it: usual is what the eight weeks before the last were, hours under alarm left out; the last week
    and this one are on the chart; what overlaps an alarm is that same alarm.
    """
    alarms, spans = [], []
    for week in range(10, weeks):
        base = between(rows, (week - 9) * HOURS_A_WEEK, (week - 1) * HOURS_A_WEEK)
        calm = np.ones(len(base["bucket"]), bool)
        for first, end in spans:
            calm &= (base["bucket"] < first) | (base["bucket"] >= end)
        base = {name: column[calm] for name, column in base.items()}
        usual = usual_of(base, ((week - 1) * HOURS_A_WEEK - 1 - base["bucket"]) // HOURS_A_WEEK)
        if usual is None:
            continue
        updates = usual.updates(between(rows, (week - 1) * HOURS_A_WEEK, (week + 1) * HOURS_A_WEEK))
        chart = chart_for(in_control_run(stages, updates_a_week(usual.step), false_per_week))
        for fall in falls(chart, updates.z, updates.short, updates.n):
            since = int(updates.at[onset(list(updates.z), fall)])
            end = int(updates.at[fall.ended]) if fall.ended is not None else (week + 1) * HOURS_A_WEEK
            if all(end <= first or since >= last for first, last in spans) and end > week * HOURS_A_WEEK:
                alarms.append((max(int(updates.at[fall.found]) + usual.step, week * HOURS_A_WEEK), since))
            spans.append((since, end))
    return alarms
