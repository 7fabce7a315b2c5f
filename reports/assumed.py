"""Which measures of a week rest on an assumption: their marks come from knots that no customer's mark has confirmed yet."""

from __future__ import annotations

from collections.abc import Iterable

from config.language import Texts
from metrics.knots import KnotsBook, default_knots
from metrics.registry import GROUPS, metric
from store.engine import Engine
from store.people.knots import current_book
from store.reads.scorecard import week_frame


def uncalibrated(measured: Iterable[tuple[str, str]], book: KnotsBook | None = None) -> list[str]:
    """The ids among `measured` (metric, channel) that weigh in the mark by knots whose basis is an assumption, sorted.

    >>> uncalibrated([("csat10", "survey"), ("wait", "phone"), ("sentiment", "social"), ("contacts", "chat")])
    ['sentiment', 'wait']
    """
    known = book or default_knots()
    weighs = [(id, at) for id, at in set(measured) if metric(id).group in GROUPS and metric(id).knots in known]
    return sorted({id for id, at in weighs if known.of(metric(id).knots, at).basis == "assumption"})


def assumed(engine: Engine, journey: str, week: int) -> list[str]:
    """The uncalibrated measures of an ISO week (such as 202647) of a journey, by the store's own knots."""
    frame = week_frame(engine, journey, week, week)
    return uncalibrated(zip(frame["metric"], frame["channel"], strict=True), current_book(engine))


def sentence(found: list[str], t: Texts) -> str:
    """The label on screen, with the measures by name; '' when every mark is calibrated, by norm or by law."""
    if not found:
        return ""
    return t("assumed.line", measures=", ".join(metric(id).name(t.code).lower() for id in found))
