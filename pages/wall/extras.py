"""What stands below the journey: themes up and down, voices with their base rate, one good thing, alerts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from config.journey import LANGUAGES, Journey
from metrics.scorecard import Scorecard
from pages.wall.stages import PRIVACY, Stage, shown_value
from store.reads.alarms import Alarm
from store.reads.wall import Columns, days_before

THEMES = 3
THEME_FROM = 5
BEFORE_DAYS = 7
UNCHANGED_Z = 1.96
QUARTER_MS, THREE = 900_000, 3
NEWS_MS = 7 * 86_400_000
STREAK_FROM, SURE_STREAK = 2, 5  # five days out of five are no luck (1 in 32); fewer only when today is surely above
DAY_FROM = 10


def themes(now: Columns, before: Columns, journey: Journey) -> list[dict[str, Any]]:
    """What customers talk about: the last 24 hours against the mean of the 7 days before; fewer than 5 contacts are absent.

    Up or down when the count is further from that mean than a Poisson count strays (1.96 standard deviations), else flat.
    """
    usual = dict(zip(before.get("theme", []), before.get("n", []), strict=True))
    names = {theme.id: theme.name for theme in journey.themes}
    found = [(int(n), theme) for theme, n in zip(now.get("theme", []), now.get("n", []), strict=True) if n >= THEME_FROM]
    shown = sorted(((n, theme) for n, theme in found if theme in names), key=lambda pair: (-pair[0], pair[1]))[:THEMES]
    return [
        {"id": theme, "name": names[theme], "n": n, "direction": _direction(n, usual.get(theme, 0) / BEFORE_DAYS)}
        for n, theme in shown
    ]


def sparklines(card: Scorecard | None, stage: int) -> list[float | None]:
    """A stage's mark by the hour, oldest first; hours with fewer than five customers are left open."""
    if card is None:
        return []
    points = [shown_value((b, stage, 0), card.stages) for b in range(len(card.axes["bucket"]))]
    first = next((i for i, point in enumerate(points) if point is not None), len(points))
    return points[first:]


def good_news(
    days: Scorecard | None, stages: Sequence[Stage], journey: Journey, today: int, kept: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any] | None:
    """One thing to be proud of: the longest sure run of days above the promise up to today, else today's best stage above it.

    Without either the hard promise in `kept` that is kept furthest beyond its share, else the highest mark that is not below its
    promise.
    """
    above = [(i, s) for i, s in enumerate(stages) if s.row["gap"] is not None and s.row["gap"] > 0 and s.row["state"] == "live"]
    runs = [(_run(days, i, s, today), s) for i, s in above if days is not None and s.expected]
    runs = [(run, s) for run, s in runs if run >= (STREAK_FROM if s.row["shape"] == "above" else SURE_STREAK)]
    if runs:
        run, stage = max(runs, key=lambda pair: (pair[0], pair[1].row["gap"]))
        return _good("streak", stage, run)
    sure = [s for _, s in above if s.row["shape"] == "above"]
    if not sure:
        return _kept(kept) or _highest(stages)
    stage = max(sure, key=lambda s: s.row["gap"])
    met = days is not None and stage.expected and _day_mark(days, journey, stage, days_before(today, 1)) is not None
    return {**_good("met" if met else "best", stage, 0), "fresh": bool(met)}


def voices(quotes: Mapping[str, Any], policy: str, now_ms: int) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The three quotes per language of this quarter of an hour, and the base rate beside them; nothing under another policy.

    The dozen of the hour is gone through once, so that nothing hangs there twice within it. Where the house is strict, those that
    a person approved were chosen too, for screens that show no others.
    """
    kept = {quotes.get("policy"): quotes.get("quotes", []), "approved": quotes.get("approved", [])}
    if quotes.get("policy") == "approved":
        kept["approved"] = quotes.get("quotes", [])
    if policy not in ("approved", "strict") or policy not in kept:
        return [], None
    turn = (now_ms - int(quotes.get("chosen_at", 0))) // QUARTER_MS
    shown = []
    for language in LANGUAGES if turn >= 0 else ():
        of_language = [q for q in kept[policy] if q.get("language") == language]
        shown += [q for q in of_language[turn * THREE : (turn + 1) * THREE] if q.get("text")]
    base = quotes.get("base") or {}
    told = {"n": base["n"], "low_share": base["low_share"]} if base.get("n", 0) >= PRIVACY else None
    return [{key: q.get(key, "") for key in ("text", "channel", "stage", "language")} for q in shown], told if shown else None


def alerts(found: Sequence[Alarm], rows: Sequence[Mapping[str, Any]], journey: Journey, now_ms: int) -> list[dict[str, Any]]:
    """Open alerts of the last week as the wall tells them: strongest first, with the promise's share or the marks before and now.

    A fall also tells what made it, as far as it is sure: the channel that pulled it down, the theme that is named more, or that
    there are other customers rather than worse service.

    What has been so for longer is no news any more; the promises slide and the stage itself go on showing it.
    """
    out = []
    for alert in (one for one in found if now_ms - one.began_at < NEWS_MS):
        kind = "promise" if alert.kind in ("promise", "promise_broken", "broken") else "drop"
        told: dict[str, Any] = {"id": f"{alert.kind}-{alert.id}", "kind": kind, "stage": alert.stage, "began_at": alert.began_at}
        hard = next(
            (row for row in rows if row["code"] == alert.detail.get("code", row["code"]) and row["stage"] == alert.stage), None
        )
        if kind == "promise" and hard:
            told |= {key: hard[key] for key in ("share", "n", "metric", "threshold", "window", "verdict")}
        out.append(told | (_fallen(alert.detail, journey) if kind == "drop" else {}))
    return out


def _fallen(detail: Mapping[str, Any], journey: Journey) -> dict[str, Any]:
    before, now = detail.get("before"), detail.get("now")
    if not isinstance(before, int | float) or not isinstance(now, int | float):
        return {}
    names = {theme.id: theme.name for theme in journey.themes}
    sure = next((part["channel"] for part in detail.get("parts", []) if part["high"] < 0), None)
    theme = next((names[id] for id in detail.get("themes", []) if id in names), None)
    told = {"before": before, "now": now, "n": detail.get("n"), "mix": bool(detail.get("mostly_mix"))}
    return {**told, "channel": sure, "theme": theme}


def _direction(n: int, usual: float) -> str:
    stray = UNCHANGED_Z * math.sqrt(max(usual, 1.0))
    return "up" if n > usual + stray else "down" if n < usual - stray else "flat"


def _run(days: Scorecard | None, i: int, stage: Stage, today: int) -> int:
    if days is None or stage.expected is None:
        return 0
    order = [int(bucket) for bucket in days.axes["bucket"]]
    run, day = 0, today
    while day in order:
        at = (order.index(day), i, 0)
        n, value = float(days.stages.n[at]), float(days.stages.value[at])
        if n < DAY_FROM or not np.isfinite(value) or value <= stage.expected.value:
            break
        run, day = run + 1, days_before(day, 1)
    return run


def _day_mark(days: Scorecard, journey: Journey, stage: Stage, day: int) -> float | None:
    order = [int(bucket) for bucket in days.axes["bucket"]]
    if day not in order or stage.expected is None:
        return None
    at = (order.index(day), [s.id for s in journey.stages].index(stage.row["id"]), 0)
    value = float(days.stages.value[at])
    return value if np.isfinite(value) and value < stage.expected.value else None


def _kept(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    held = [row for row in rows if row["verdict"] in ("kept", "more") and row["share"] is not None]
    if not held:
        return None
    best = max(held, key=lambda row: row["share"] - row["target"])
    shown = {"kind": "kept", "stage": best["stage"], "share": best["share"], "n": best["n"]}
    return {**shown, "days": 0, "gap": None, "fresh": False}


def _highest(stages: Sequence[Stage]) -> dict[str, Any] | None:
    """The live stage with the highest mark on ten customers or more: a wall that only tells what fell tells half the truth."""
    live = [s for s in stages if s.row["state"] == "live" and s.row["mark"] is not None and s.row["n"] >= DAY_FROM]
    fit = [s for s in live if s.row["shape"] != "below"]
    return _good("highest", max(fit, key=lambda s: s.row["mark"]), 0) if fit else None


def _good(kind: str, stage: Stage, days: int) -> dict[str, Any]:
    row = stage.row
    return {"kind": kind, "stage": row["id"], "days": days, "gap": row["gap"], "n": row["n"], "fresh": False}
