"""Hard promises on the wall: what share was kept in the window, the biggest gap in the promise's own words, contact now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.bins import OPEN, within
from metrics.gap import ON, gap
from metrics.registry import metric as metric_of
from metrics.verdict import BROKEN, KEPT, OVER, UNPROVEN, Z_DAY, hard_verdict, soft_verdict
from pages.wall.stages import PRIVACY, WINDOWS, Stage
from store.people.promises import Promise
from store.reads.wall import Columns, Fresh

WORDS = {KEPT: "kept", BROKEN: "broken", OVER: "more", UNPROVEN: "unproven"}
DAY_MS = 86_400_000
LENGTH_MS = {"today": DAY_MS, "24h": DAY_MS, "7d": 7 * DAY_MS, "28d": 28 * DAY_MS, "month": 31 * DAY_MS}
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
CONTACT_FROM = 10
LEAST_SHOWN = 10
CONTACT_METRICS = ("wait", "first_response")


def durations(promises: Sequence[Promise]) -> list[str]:
    """The duration metrics whose bins are needed: those promised, and those of contact now."""
    promised = {p.metric for p in promises if p.kind == "hard" and metric_of(p.metric).kind == "duration"}
    return sorted(promised | set(CONTACT_METRICS))


def hard_rows(promises: Sequence[Promise], fresh: Fresh, now_ms: int, windows: Sequence[str] = WINDOWS) -> list[dict[str, Any]]:
    """Per hard promise the share kept on the shortest window with enough cases to tell, and its verdict of the day.

    Open questions count as not kept once they are older than the promise, and not at all before.
    """
    rows = [_hard(p, fresh, now_ms, windows) for p in promises if p.kind == "hard"]
    return [row for row in rows if row is not None]


def soft_rows(promises: Sequence[Promise], stages: Mapping[str, Stage]) -> list[dict[str, Any]]:
    """Per soft promise the mark of its stage and the verdict on its gap."""
    rows = []
    for p in promises:
        stage = stages.get(p.stage)
        if p.kind == "soft" and stage and stage.row["mark"] is not None and stage.interval and stage.expected and not p.channel:
            verdict = WORDS[soft_verdict(gap(stage.interval, stage.expected.interval)).verdict]
            rows.append({**_said(p), "share": None, "mark": stage.row["mark"], "n": stage.row["n"], "verdict": verdict})
    return rows


def biggest(rows: Sequence[Mapping[str, Any]], stages: Sequence[Stage]) -> dict[str, Any] | None:
    """The biggest gap in words: the lowest gap, told by a promise that was not kept where there is one.

    A stage whose gap is within 0.3 of the lowest is not noticeably better: of those the one with a promise to tell comes first.
    `near` says that another stage shows a lower one, so that the screen calls it a big gap and not the biggest.
    """
    live = [s.row for s in stages if s.row["gap"] is not None and s.row["state"] == "live"]
    below = sorted((row for row in live if row["shape"] == "below"), key=lambda row: row["gap"]) or live
    if not below:
        return None
    lowest = min(row["gap"] for row in below)
    close = [row for row in below if row["gap"] <= lowest + ON]
    told = [(row, hard) for row in close if (hard := _missed(rows, row["id"])) is not None]
    if told:
        row, hard = told[0]
        return {**hard, "kind": "hard", "near": row["gap"] > lowest}
    worst = min(below, key=lambda row: row["gap"])
    figures = {key: worst[key] for key in ("gap", "mark", "promise", "shape", "n", "window")}
    return {"kind": "gap", "stage": worst["id"], **figures}


def _missed(rows: Sequence[Mapping[str, Any]], stage: str) -> Mapping[str, Any] | None:
    """The hard promise of a stage that fell furthest short, if any did."""
    short = [row for row in rows if row["stage"] == stage and row["n"] >= LEAST_SHOWN and row["share"] < row["target"]]
    return min(short, key=lambda row: row["share"] - row["target"]) if short else None


def contact_now(promises: Sequence[Promise], minutes: Columns) -> dict[str, Any] | None:
    """Of the last hour, on the busiest channel with a promised time: the share answered within it (never "calls waiting")."""
    best = None
    for p in promises:
        if p.kind != "hard" or p.metric not in CONTACT_METRICS or p.threshold is None or not p.channel:
            continue
        counts = _counts(minutes, p, None)
        kept, n = within({bin: count for bin, count in counts.items() if bin != OPEN}, p.threshold)
        if n >= CONTACT_FROM and (best is None or n > best["n"]):
            best = {"channel": p.channel, "metric": p.metric, "threshold": p.threshold, "share": kept / n, "n": round(n)}
    return best


def hour_rows(promises: Sequence[Promise], hour_bins: Columns, now_ms: int) -> list[dict[str, Any]]:
    """The last 24 hours, oldest first: how many asked, and what share of them was answered within what was promised.

    Hours with fewer than five customers have no number; the list is empty when no hour has one.
    """
    timed = [p for p in promises if p.kind == "hard" and p.metric in CONTACT_METRICS and p.threshold is not None]
    last = now_ms // HOUR_MS
    rows = [_hour(timed, hour_bins, hour) for hour in range(last - 23, last + 1)]
    return rows if any(row["n"] is not None for row in rows) else []


def _hour(timed: Sequence[Promise], hour_bins: Columns, hour: int) -> dict[str, Any]:
    parts = [within(_counts(hour_bins, p, hour), float(p.threshold or 0)) for p in timed]
    kept, n = sum(part[0] for part in parts), sum(part[1] for part in parts)
    enough = n >= PRIVACY
    return {"at": hour * HOUR_MS, "n": round(n) if enough else None, "share": kept / n if enough else None}


def waiting_since(open_rows: Columns, since_ms: int, now_ms: int) -> tuple[int, int]:
    """How many asked since then and are not answered, and how long the first of them waits (s)."""
    waiting = [
        (minute * MINUTE_MS, n)
        for minute, metric, n in zip(*(open_rows.get(k, []) for k in ("minute", "metric", "n")), strict=True)
        if minute * MINUTE_MS >= since_ms and metric in CONTACT_METRICS and n > 0
    ]
    if not waiting:
        return 0, 0
    return round(sum(n for _, n in waiting)), (now_ms - min(at for at, _ in waiting)) // 1000


def _hard(p: Promise, fresh: Fresh, now_ms: int, windows: Sequence[str]) -> dict[str, Any] | None:
    measure = metric_of(p.metric)
    shown = None
    for window in windows:
        kept, n, counts = (_duration if measure.kind == "duration" else _share)(p, fresh, window, now_ms)
        if n < PRIVACY:
            continue
        verdict = hard_verdict(kept, n, p.share or 0.95, z=Z_DAY, threshold=p.threshold, counts=counts)
        shown = {**_said(p), "share": kept / n, "n": round(n), "window": window, "verdict": WORDS[verdict.verdict]}
        if verdict.needed == 0 or n >= 30:
            break
    return shown


def _said(p: Promise) -> dict[str, Any]:
    words = {"nl": p.text("nl"), "en": p.text("en")}
    target = (p.share or 0.95) if p.kind == "hard" else None
    return {
        "code": p.code,
        "text": words,
        "stage": p.stage,
        "metric": p.metric,
        "threshold": p.threshold,
        "target": target,
        "mark": None,
    }


def _duration(p: Promise, fresh: Fresh, window: str, now_ms: int) -> tuple[float, float, dict[int, float]]:
    counts = _counts(fresh.bins, p, window)
    if not counts:
        return 0.0, 0.0, counts
    kept, n = within(counts, float(p.threshold or 0), open_due=_due(p, fresh.open, counts.get(OPEN, 0.0), window, now_ms))
    return kept, n, counts


def _share(p: Promise, fresh: Fresh, window: str, _now_ms: int) -> tuple[float, float, None]:
    columns = fresh.windows
    rows = zip(*(columns.get(k, []) for k in ("bucket", "stage", "channel", "metric", "w", "v")), strict=True)
    mine = [(w, v) for bucket, stage, channel, metric, w, v in rows if bucket == window and _fits(p, stage, channel, metric)]
    weight, good = sum(w for w, _ in mine), sum(v for _, v in mine)
    return (good if metric_of(p.metric).better == "higher" else weight - good), weight, None


def _counts(columns: Columns, p: Promise, bucket: Any) -> dict[int, float]:
    counts: dict[int, float] = {}
    rows = zip(*(columns.get(k, []) for k in ("bucket", "stage", "channel", "metric", "bin", "n")), strict=True)
    for where, stage, channel, metric, bin, n in rows:
        if (bucket is None or where == bucket) and _fits(p, stage, channel, metric):
            counts[bin] = counts.get(bin, 0.0) + float(n)
    return counts


def _due(p: Promise, open_rows: Columns, all_open: float, window: str, now_ms: int) -> float:
    """Open questions older than the promise: all but the young ones; of a promise of days those that are known to be old.

    Open questions are read by the minute for a day, so that only a promise of less than a day knows all its young ones.
    """
    last_ms = now_ms - int(1000 * (p.threshold or 0))
    if now_ms - last_ms < DAY_MS:
        return max(0.0, all_open - _open(p, open_rows, last_ms + 1, now_ms))
    return min(all_open, _open(p, open_rows, now_ms - LENGTH_MS[window], last_ms))


def _open(p: Promise, open_rows: Columns, first_ms: int, last_ms: int) -> float:
    rows = zip(*(open_rows.get(k, []) for k in ("minute", "stage", "channel", "metric", "n")), strict=True)
    spans = ((minute * MINUTE_MS, stage, channel, metric, n) for minute, stage, channel, metric, n in rows)
    return sum(
        float(n) for at, stage, channel, metric, n in spans if first_ms <= at <= last_ms and _fits(p, stage, channel, metric)
    )


def _fits(p: Promise, stage: str, channel: str, metric: str) -> bool:
    return metric == p.metric and stage == p.stage and channel == (p.channel or channel)
