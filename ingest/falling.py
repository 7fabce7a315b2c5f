"""Alarms on falls: a stage that customers mark lower than usual, from when it fell until it is back.

Hours go on an EWMA chart and weeks on a CUSUM, both with limits solved from one budget of false alarms for the whole wall
(docs/metrics.md 6, docs/decisions/0620). What is usual is fitted once a week, from the eight weeks before the last, and held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingest.alarm_rows import midnight, midnight_hour, monday_of, under_alarm, week_number, whole_steps, with_clock, with_weeks
from ingest.reasons import Found, reasons
from metrics.alerts import replay
from metrics.baseline import WEEKS
from metrics.cusum import bound_for
from metrics.ewma import Chart, chart_for, in_control_run
from metrics.fall import Fall, drifts, falls, onset
from metrics.usual import Updates, Usual, updates_a_week, usual_of
from metrics.weeks import monday, shifted, week_of
from store.alerts import Begun, keep_alerts
from store.people.journeys import journeys
from store.reads.alarms import Alarm, alarms_between
from store.reads.scorecard import level_frame

KIND = "drop"
HOUR_MS = 3_600_000
AGAIN_MS = 24 * HOUR_MS  # a fall that comes back within a day was not over
SHARE_OF_HOURS, SHARE_OF_WEEKS = 0.8, 0.2  # of the budget
BASE_WEEKS, DRIFT_WEEKS = 26, 13
LONGEST_RUN, SHORTEST_RUN = 1e6, 100.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is usual per stage of a journey, for one ISO week: by the hour and by the week, and the rows it was fitted on.

    `replayed`: the alarms a week that the charts would have raised in those rows' weeks, None without charts.
    """

    week: int
    hours: Mapping[str, Usual]
    weeks: Mapping[str, Usual]
    hour_rows: Any
    week_rows: Any
    replayed: float | None


@dataclass(slots=True)
class Watch:
    """Watches every stage of every journey of a store; `false_per_week` is the budget of false alarms for the whole wall."""

    engine: Any
    zone: ZoneInfo
    false_per_week: float
    fitted: dict[str, Fitted] = field(default_factory=dict)

    def refresh(self, now_ms: int) -> int:
        """Begin and end the alarms of this moment (UTC epoch ms); how many changed."""
        wanted = [begun for journey in journeys(self.engine) for begun in self.standing(journey, now_ms)]
        return keep_alerts(self.engine, KIND, {begun.key: begun for begun in wanted}, now_ms, AGAIN_MS)

    def standing(self, journey: str, now_ms: int) -> Iterator[Begun]:
        """The falls of a journey's stages that stand at this moment, with what changed."""
        week = week_of(datetime.fromtimestamp(now_ms / 1000, self.zone).date())
        known = alarms_between(self.engine, journey, 0, now_ms, KIND)
        fitted = self.fitted.get(journey)
        if fitted is None or fitted.week != week:
            fitted = self.fitted[journey] = self._fit(journey, week, known)
        stages = sorted({*fitted.hours, *fitted.weeks})
        recent = self._recent(journey, week, now_ms) if stages else None
        for stage in stages:
            open = next((one for one in known if one.stage == stage and one.ended_at == 0), None)
            found = self._fast(fitted, stage, recent, open, now_ms) or self._slow(journey, fitted, stage)
            if found is not None:
                began = open.began_at if open else found.began_at
                detail = self._detail(journey, stage, found, open, now_ms)
                yield Begun(KIND, journey, stage, "", "", began_at=began, severity=found.severity, detail=detail)

    def _detail(self, journey: str, stage: str, found: Found, open: Alarm | None, now_ms: int) -> dict[str, Any]:
        """The figures with what changed, which is looked for again only when the figures have moved."""
        if open and all(open.detail.get(name) == value for name, value in found.figures.items()):
            return open.detail
        return {**found.figures, **reasons(self.engine, journey, stage, found, now_ms)}

    def chart(self, usual: Usual, stages: int) -> Chart:
        """The chart on hours of one stage among so many: the limit that its step and the budget ask for."""
        return chart_for(self._run(updates_a_week(usual.step), stages, SHARE_OF_HOURS))

    def _fast(self, fitted: Fitted, stage: str, recent: Any, open: Alarm | None, now_ms: int) -> Found | None:
        usual = fitted.hours.get(stage)
        if usual is None:
            return None
        rows = recent[recent["stage"] == stage]
        updates = usual.updates(whole_steps(rows, usual.step, now_ms // HOUR_MS, self.zone))
        before = open is not None and len(updates.at) > 0 and open.began_at < int(updates.at[0]) * HOUR_MS
        last = _standing(falls(self.chart(usual, len(fitted.hours)), updates.z, updates.short, updates.n, before))
        if last is None:
            return None
        first = onset(list(updates.z), last)
        began = int(updates.at[first])
        usual_rows = fitted.hour_rows[fitted.hour_rows["stage"] == stage]
        figures = {**_figures(usual, updates, first), "chart": "hours", "step_h": usual.step}
        return Found(began * HOUR_MS, round(last.severity, 2), figures, usual_rows, rows[rows["bucket"] >= began])

    def _slow(self, journey: str, fitted: Fitted, stage: str) -> Found | None:
        usual = fitted.weeks.get(stage)
        if usual is None:
            return None
        first_week, last_week = shifted(fitted.week, -DRIFT_WEEKS), shifted(fitted.week, -1)
        rows = with_weeks(level_frame(self.engine, "week", journey, first_week, last_week))
        rows = rows[rows["stage"] == stage]
        updates = usual.updates(rows)
        bound = bound_for(self._run(1.0, len(fitted.weeks), SHARE_OF_WEEKS))
        last = _standing(drifts(bound, updates.z, updates.short, updates.n))
        if last is None:
            return None
        began = int(updates.at[last.since])
        usual_rows = fitted.week_rows[fitted.week_rows["stage"] == stage]
        figures = {**_figures(usual, updates, last.since), "chart": "weeks", "step_h": 168}
        since = rows[rows["bucket"] >= began]
        return Found(midnight(monday_of(began), self.zone), round(last.severity, 2), figures, usual_rows, since)

    def _run(self, updates: float, stages: int, share: float) -> float:
        return min(LONGEST_RUN, max(SHORTEST_RUN, in_control_run(stages, updates, self.false_per_week * share)))

    def _recent(self, journey: str, week: int, now_ms: int) -> Any:
        first = midnight_hour(monday(shifted(week, -1)), self.zone)
        return with_clock(level_frame(self.engine, "hour", journey, first, now_ms // HOUR_MS - 1), self.zone)

    def _fit(self, journey: str, week: int, known: Sequence[Alarm]) -> Fitted:
        last = shifted(week, -1)
        first, end = (midnight_hour(monday(shifted(last, -back)), self.zone) for back in (WEEKS, 0))
        rows = with_clock(level_frame(self.engine, "hour", journey, first, end - 1), self.zone)
        rows = rows[~rows["holiday"] & ~under_alarm(rows, known)]
        hours = _usual(rows, (end - 1 - rows["bucket"]) // 168)
        newest = shifted(week, -DRIFT_WEEKS - 1)
        base = with_weeks(level_frame(self.engine, "week", journey, shifted(newest, 1 - BASE_WEEKS), newest))
        weeks = _usual(base, (week_number(newest) - base["bucket"]) * WEEKS / BASE_WEEKS, step=1)
        return Fitted(week, hours, weeks, rows, base, self._replayed(rows, hours, end))

    def _replayed(self, rows: Any, hours: Mapping[str, Usual], end: int) -> float | None:
        rates = []
        for stage, usual in hours.items():
            updates = usual.updates(rows[rows["stage"] == stage])
            back = (end - 1 - updates.at) // 168
            weeks = [updates.z[back == ago] for ago in range(WEEKS)]
            rates.append(replay(self.chart(usual, len(hours)), weeks, self.false_per_week).per_week)
        return sum(rates) if rates else None


def _usual(rows: Any, week_ago: Any, step: int | None = None) -> dict[str, Usual]:
    found = {str(stage): usual_of(own, week_ago[own.index], step) for stage, own in rows.groupby("stage") if stage}
    return {stage: usual for stage, usual in found.items() if usual is not None}


def _figures(usual: Usual, updates: Updates, first: int) -> dict[str, Any]:
    """The usual mark, the mark since it fell (on the same mix and the same hours), and the cases that it rests on."""
    n = updates.n[first:]
    short = float(updates.short[first:] @ n / n.sum())
    return {"before": round(usual.level, 2), "now": round(max(1.0, usual.level + short), 2), "n": round(float(n.sum()))}


def _standing(found: Sequence[Fall]) -> Fall | None:
    return found[-1] if found and found[-1].ended is None else None
