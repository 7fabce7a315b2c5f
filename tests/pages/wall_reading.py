"""Readings made by hand for the wall's pure parts: columns as store.reads.wall gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from config.journey import load_journey
from metrics.promise import Survey
from metrics.weekly import Told
from pages.wall.frame import Context, build, keep
from pages.wall.schedule import Opening
from store.people.promises import Promise
from store.reads.wall import Fresh, Slow, Source

NOW = 1_795_527_360_000  # Tuesday 24 November 2026, 14:36 in Amsterdam
ZONE = ZoneInfo("Europe/Amsterdam")
JOURNEY = load_journey("airline")
MINUTE, HOUR = 60_000, 3_600_000


def marked(
    bucket: Any, stage: str, mean: float, n: int, channel: str = "survey", metric: str = "csat10", sd: float = 1.2
) -> dict[str, Any]:
    """A rollup row of n customers with this mean mark."""
    sums = {"n": n, "w": n, "w2": n, "m1": n * mean, "m2": n * (mean**2 + sd**2), "v": n * mean}
    return {"bucket": bucket, "stage": stage, "channel": channel, "segment": "", "metric": metric, **sums}


def counted(bucket: Any, stage: str, n: int, channel: str = "survey") -> dict[str, Any]:
    """A rollup row of n contacts without a mark."""
    return {**marked(bucket, stage, 0.0, n, channel, "contacts", 0.0), "m1": 0.0, "m2": 0.0, "v": float(n)}


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns."""
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}


def binned(
    bucket: Any, stage: str, bins: dict[int, float], channel: str = "email", metric: str = "first_response"
) -> list[dict[str, Any]]:
    """Rows of duration bins."""
    return [
        {"bucket": bucket, "stage": stage, "channel": channel, "metric": metric, "bin": bin, "n": n} for bin, n in bins.items()
    ]


def source(name: str, channel: str, ago_s: float = 10, cadence_s: float = 300, **changed: Any) -> Source:
    """A live source that was heard so many seconds ago."""
    heard = NOW - int(ago_s * 1000)
    return replace(Source(name, channel, "live", True, heard, heard, cadence_s), **changed)


def promise(**values: Any) -> Promise:
    """An approved hard promise: an answer by e-mail within an hour, for 90%."""
    base = {
        "code": "B-1",
        "journey": "airline",
        "stage": "service",
        "kind": "hard",
        "metric": "first_response",
        "threshold": 3600.0,
    }
    words = {"text_nl": "Binnen 1 uur antwoord", "text_en": "An answer within 1 hour"}
    return Promise(**{**base, **words, "share": 0.9, "channel": "email", "state": "approved", **values})


def told(**marks: float) -> dict[str, Told]:
    """What customers of these stages expect: 400 of them said so."""
    return {
        stage.id: Told(surveys=((0, Survey(marks[stage.id], 1.0, 400)),) if stage.id in marks else ()) for stage in JOURNEY.stages
    }


def context(**values: Any) -> Context:
    """A live, real company without opening hours or quotes."""
    base = {"journey": JOURNEY, "told": told(), "promises": (), "company": {"nl": "N", "en": "N"}, "zone": ZONE, "demo": False}
    return Context(**{**base, "opening": Opening({}), "quotes": "off", "late_after": 2.0, **values})


def fresh(rows: list[dict[str, Any]] = [], sources: list[Source] | None = None, **values: Any) -> Fresh:  # noqa: B006
    """A fresh reading of these window rows."""
    base = {"windows": columns(rows), "bins": {}, "open": {}, "minutes": {}, "sources": sources or [], "alerts": []}
    return Fresh(**{**base, **values})


def slow(**values: Any) -> Slow:
    """A slow reading, empty unless said otherwise."""
    base: dict[str, Any] = {"hours": {}, "days": {}, "hour_bins": {}, "themes": {}, "themes_before": {}, "quotes": {}}
    return Slow(**{**base, **values})


def frame_of(
    rows: list[dict[str, Any]], sources: list[Source] | None = None, about: Context | None = None, now: int = NOW, **read: Any
) -> dict:
    """The frame of these rows."""
    about = about or context()
    slow_names = {"hours", "days", "hour_bins", "themes", "themes_before", "quotes"}
    slow_part = slow(**{k: v for k, v in read.items() if k in slow_names})
    fresh_part = fresh(rows, sources, **{k: v for k, v in read.items() if k not in slow_names})
    return build(fresh_part, slow_part, keep(slow_part, about, now), about, now)


def stage_of(frame: dict, id: str) -> dict:
    """One stage of a frame."""
    return next(stage for stage in frame["stages"] if stage["id"] == id)
