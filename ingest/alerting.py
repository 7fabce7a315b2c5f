"""Alerts on promises: a hard promise that stands broken by its daily looks, from the day that it broke until it is kept again.

A look is the verdict over 28 days at z 2.576; what stands changes after three equal looks in a row (docs/metrics.md 3.3), so that
a promise kept exactly does not alarm a wall every other week.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from metrics.bins import bin_of
from metrics.registry import metric
from metrics.verdict import BROKEN, Z_DAY, hard_verdict, standing
from store.alerts import Begun, keep_alerts
from store.calendar import day_of
from store.people.journeys import journeys
from store.people.promises import Promise, active_promises
from store.reads.kept import Bar, kept_frame

KIND = "promise_broken"
WINDOW_DAYS, LOOKS = 28, 21
Daily = Mapping[str, Mapping[int, tuple[float, float]]]


def refresh_alerts(engine: Any, now_ms: int, zone: str) -> int:
    """Open and end the alerts on this store's promises as of now (UTC epoch ms); how many changed. `zone` is the company's."""
    wanted: dict[tuple[str, ...], Begun] = {}
    today = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone)).date()
    for journey in journeys(engine):
        timed = [p for p in active_promises(engine, journey, now_ms) if _is_timed(p)]
        daily = _daily(engine, journey, timed, today)
        for promise in timed:
            since = broken_since(daily.get(promise.code, {}), promise.share or 0.95, today)
            if since is not None:
                begun = _begun(promise, since, ZoneInfo(zone))
                wanted[begun.key] = begun
    return keep_alerts(engine, KIND, wanted, now_ms)


def broken_since(days: Mapping[int, tuple[float, float]], share: float, today: date) -> date | None:
    """The day on which a promise came to stand broken, None when it does not; `days` gives (kept, n) per day bucket.

    Days that are not over do not count: today's open questions could still be answered in time.
    """
    ends = [today - timedelta(days=back) for back in range(LOOKS, 0, -1)]
    looks = [_look(days, end, share) for end in ends]
    stands = [standing(looks[: i + 1]) for i in range(len(looks))]
    if stands[-1] != BROKEN:
        return None
    first = max((i for i, word in enumerate(stands) if word != BROKEN), default=-1) + 1
    return ends[first]


def _look(days: Mapping[int, tuple[float, float]], end: date, share: float) -> str:
    span = [days.get(day_of(end - timedelta(days=back)), (0.0, 0.0)) for back in range(WINDOW_DAYS)]
    kept, n = (sum(part) for part in zip(*span, strict=True))
    return hard_verdict(kept, n, share, z=Z_DAY).verdict if n else "unproven"


def _daily(engine: Any, journey: str, promises: Sequence[Promise], today: date) -> Daily:
    bars = [Bar(p.code, p.metric, p.stage, p.channel, p.segment, bin_of(float(p.threshold or 0))) for p in promises]
    first, last = day_of(today - timedelta(days=WINDOW_DAYS + LOOKS)), day_of(today)
    frame: Any = kept_frame(engine, journey, bars, first, last, "day")
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for bucket, code, kept, done, waiting in frame[["bucket", "id", "kept", "done", "open"]].itertuples(index=False):
        found.setdefault(str(code), {})[int(bucket)] = (float(kept), float(done + waiting))
    return found


def _is_timed(promise: Promise) -> bool:
    return promise.kind == "hard" and promise.threshold is not None and metric(promise.metric).kind == "duration"


def _begun(promise: Promise, since: date, zone: ZoneInfo) -> Begun:
    began = int(datetime.combine(since + timedelta(days=1), time(), zone).timestamp() * 1000)
    where = {"journey": promise.journey, "stage": promise.stage, "channel": promise.channel, "metric": promise.metric}
    return Begun(KIND, **where, began_at=began, severity=1.0, detail={"code": promise.code})
