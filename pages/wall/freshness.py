"""Freshness: every source against its own cadence, and every stage against the sources that its number comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.reads.wall import Source

GONE_TIMES = 4.0  # past this many times the span after which it is late, a number is removed
NEVER = 0
MARKS, REMOVES = 0.2, 0.8  # share of a stage's evidence that must be late to mark it, gone to remove it
HEARING = ("live", "waiting")
LEAST_SPAN_MS = 60_000  # a source that is heard every second is not late after two: its state is written down less often
CLOCK_AHEAD_MS = 600_000


@dataclass(frozen=True, slots=True)
class Age:
    """When something was last heard, and when it becomes late and gone; UTC epoch milliseconds, 0 for never."""

    heard_at: int
    late_at: int
    none_at: int

    def state(self, now_ms: int) -> str:
        """`live`, `late` or `none` at this moment."""
        if self.none_at and now_ms >= self.none_at:
            return "none"
        return "late" if self.late_at and now_ms >= self.late_at else "live"


def age_of(source: Source, now_ms: int, late_after: float) -> Age:
    """A source's age: late past `late_after` times its cadence, gone past four times that.

    While it reads well, a heartbeat counts as heard: a quiet source is not a late one. A stamp from the future does not.
    """
    heartbeat = source.heartbeat_at if source.status in HEARING else 0
    event = source.last_event_at if source.last_event_at <= now_ms + CLOCK_AHEAD_MS else 0
    heard = min(max(heartbeat, event), now_ms)
    span = max(LEAST_SPAN_MS, int(1000 * source.cadence_s * late_after))
    return Age(heard, heard + span, heard + int(GONE_TIMES * span))


def source_rows(sources: Sequence[Source], now_ms: int, late_after: float, heard: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The live sources for the footer; `counts` tells whether silence of all of them means that ingest stands still.

    A source of every channel (channel '') stands there once for each channel in `heard`, with its own age.
    """
    live = [source for source in sources if source.live]
    named = [(source, channel) for source in live for channel in ([source.channel] if source.channel else heard)]
    channels = [channel for _, channel in named]
    return [_row(source, channel, channels.count(channel) > 1, now_ms, late_after) for source, channel in named]


def channel_ages(sources: Sequence[Source], now_ms: int, late_after: float, heard: Sequence[str] = ()) -> dict[str, Age]:
    """Per channel the age of its stalest live source: a number that mixes a late source in is a late number.

    A source of every channel counts for each channel in `heard`.
    """
    ages: dict[str, Age] = {}
    for source in sources:
        if source.live:
            age = age_of(source, now_ms, late_after)
            for channel in [source.channel] if source.channel else heard:
                kept = ages.get(channel)
                ages[channel] = age if kept is None or age.late_at < kept.late_at else kept
    return ages


def _row(source: Source, channel: str, shared: bool, now_ms: int, late_after: float) -> dict[str, Any]:
    age = age_of(source, now_ms, late_after)
    ages = {"heard_at": age.heard_at, "late_at": age.late_at, "none_at": age.none_at}
    counts = source.status in HEARING
    return {"name": source.name, "channel": channel, "shared": shared, "status": age.state(now_ms), "counts": counts, **ages}


def stage_age(evidence: Mapping[str, float], ages: Mapping[str, Age]) -> Age | None:
    """The age of a stage's number from its evidence (cases per channel): when a fifth of it is late, when four fifths are gone.

    None when no live source feeds it: an imported history does not grow late.
    """
    fed = {channel: n for channel, n in evidence.items() if n > 0 and channel in ages}
    total = sum(n for channel, n in evidence.items() if n > 0)
    if not fed or not total:
        return None
    late = _reached(sorted((ages[channel].late_at, n) for channel, n in fed.items()), MARKS * total)
    none = _reached(sorted((ages[channel].none_at, n) for channel, n in fed.items()), REMOVES * total)
    heard = next((age.heard_at for age in (ages[channel] for channel in fed) if age.late_at == late), NEVER)
    return Age(heard, late, none)


def _reached(moments: list[tuple[int, float]], wanted: float) -> int:
    so_far = 0.0
    for moment, n in moments:
        so_far += n
        if so_far >= wanted:
            return moment
    return moments[-1][0]
