"""Promise and expectation: what marketing said, and the mark customers therefore expect on the same scale as what they get."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from metrics.intervals import Z95, Interval
from metrics.knots import KnotsBook
from metrics.marks import mark_of, share_mark
from metrics.registry import metric as metric_of

DAY_MS = 86_400_000
LINGER_DAYS = 28
HARD_SD, SOFT_SD = 0.25, 0.75
SOFT_MARKS = {"sufficient": 6.5, "good": 8.0, "excellent": 9.0}
SURVEY_FROM = 10
LOUD_REACH = 0.2
DEFAULT_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise in force for a cell. Times are UTC epoch milliseconds; `share` is the promised share pi, 0-1.

    Hard: `metric` within `threshold` (its unit) for `share` of cases; a share metric needs no threshold. Soft: `soft_mark` 1-10.
    `reach` is the part of customers who heard it (0-1), `emphasis` how loud (1-3), `floor` a mark that law or sector sets;
    `mark` is what it raises where a store has knots of its own.
    """

    id: str
    kind: str
    valid_from: int
    valid_to: int | None = None
    metric: str = ""
    threshold: float | None = None
    share: float = DEFAULT_SHARE
    soft_mark: float | None = None
    channel: str = ""
    reach: float = 1.0
    emphasis: int = 2
    moment_of_truth: bool = False
    floor: float | None = None
    mark: float | None = None

    def __post_init__(self) -> None:
        """Refuse a promise that nobody could measure (ValueError names value, expectation and remedy)."""
        if self.kind not in ("hard", "soft"):
            raise ValueError(f"promise {self.id}: kind {self.kind!r}, expected hard or soft. Choose one.")
        if self.kind == "soft" and not (self.soft_mark and 1 <= self.soft_mark <= 10):
            raise ValueError(f"promise {self.id}: mark {self.soft_mark!r}, expected 1 to 10. Choose 6.5, 8 or 9.")
        if self.kind == "hard" and not (0 < self.share < 1 and 0 <= self.reach <= 1):
            raise ValueError(f"promise {self.id}: share {self.share!r}, reach {self.reach!r}; expected between 0 and 1.")
        if self.kind == "hard" and self.threshold is None and metric_of(self.metric).kind != "share":
            raise ValueError(f"promise {self.id}: no threshold for {self.metric!r}. Say within how much it is kept.")


@dataclass(frozen=True, slots=True)
class Survey:
    """Answers to "what did you expect?": mean mark, standard deviation, effective number of customers."""

    mean: float
    sd: float
    n: float


@dataclass(frozen=True, slots=True)
class Expectation:
    """The expected mark of a cell with its variance, and what it rests on: the survey's weight 0-1, the loudest promise."""

    value: float
    variance: float
    survey_weight: float
    loudest: str
    loudest_mark: float

    @property
    def interval(self) -> Interval:
        """The 95% interval of the expectation, within 1-10."""
        half = Z95 * math.sqrt(self.variance)
        return Interval(self.value, max(1.0, self.value - half), min(10.0, self.value + half))


def promised_mark(promise: Promise, book: KnotsBook | None = None) -> tuple[float, float]:
    """The mark that a promise makes customers expect, and its standard deviation (assumed).

    A hard promise is worth what customers find of its threshold: "within 24 hours" on social is a 5.5.

    >>> promised_mark(Promise("p", "hard", 0, metric="first_response", threshold=86400, channel="social"))
    (5.5, 0.25)
    """
    if promise.kind == "soft":
        return float(promise.soft_mark or 0), SOFT_SD
    if promise.mark is not None and book is None:
        return promise.mark, HARD_SD
    if metric_of(promise.metric).kind == "share":
        return share_mark(promise.metric, promise.share, book=book), HARD_SD
    mark = mark_of(promise.metric, float(promise.threshold or 0), channel=promise.channel, book=book)
    if mark is None:
        raise ValueError(f"promise {promise.id}: {promise.metric!r} has no mark. Promise something that customers notice.")
    return mark, HARD_SD


def loudness(promise: Promise, at: int) -> float:
    """The weight of a promise at a moment (epoch ms): reach x emphasis, halving every 28 days after it ends; 0 before it starts.

    >>> loudness(Promise("p", "soft", 0, valid_to=0, soft_mark=8, reach=0.5), 28 * DAY_MS)
    0.5
    """
    if at < promise.valid_from:
        return 0.0
    past = 0.0 if promise.valid_to is None else max(0.0, (at - promise.valid_to) / DAY_MS)
    return promise.reach * promise.emphasis * 2 ** (-past / LINGER_DAYS)


def expectation(
    promises: Iterable[Promise], at: int, survey: Survey | None = None, book: KnotsBook | None = None
) -> Expectation | None:
    """What customers of a cell expect at a moment (epoch ms): all promises by loudness, and what customers themselves said.

    None when there is no promise in force and no survey of 10 answers: then there is no gap either.

    >>> told = [Promise("slogan", "soft", 0, soft_mark=8.0)]
    >>> both = expectation(told, DAY_MS, Survey(mean=7.0, sd=2.0, n=50))
    >>> round(both.survey_weight, 3), round(both.value, 3)
    (0.875, 7.125)
    """
    heard = [(loudness(p, at), p, *promised_mark(p, book)) for p in promises if loudness(p, at) > 0]
    total = sum(weight for weight, *_ in heard)
    asked = survey if survey and survey.n >= SURVEY_FROM else None
    if not total and not asked:
        return None
    said = sum(weight * mark for weight, _, mark, _ in heard) / total if total else 0.0
    precision = 1 / sum((weight / total * sd) ** 2 for weight, _, _, sd in heard) if total else 0.0
    measured = asked.n / max(asked.sd, 1e-6) ** 2 if asked else 0.0
    weight = measured / (measured + precision)
    value = weight * (asked.mean if asked else 0.0) + (1 - weight) * said
    loud = max(((mark, rho, p.id) for rho, p, mark, _ in heard if p.reach >= LOUD_REACH), default=(math.nan, 0.0, ""))
    return Expectation(value, 1 / (measured + precision), weight, loud[2], loud[0])
