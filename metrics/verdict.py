"""The verdict on a promise: kept, broken, over-delivered or not proven yet, each with an error rate that is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.bins import EDGES, OPEN, Counts
from metrics.evidence import n_min
from metrics.intervals import Z95, Z99, Interval, wilson

KEPT, BROKEN, OVER, UNPROVEN = "kept", "broken", "over_delivered", "unproven"
Z_DAY, Z_MONTH = Z99, Z95
DAYS_IN_A_ROW = 3
DELTA, DELTA_OVER = 0.3, 0.5
LIST_RATE = 0.10


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a promise came to: the verdict, the share kept (or the gap) with its interval, n, how many more are needed, p.

    `upper` is the 95% upper limit of the time within which the promised share was done (s), None where it cannot be told.
    """

    verdict: str
    shown: Interval
    n: float
    needed: int
    p: float
    upper: float | None = None


def hard_verdict(
    kept: float, n: float, pi: float, *, z: float = Z_MONTH, threshold: float | None = None, counts: Counts | None = None
) -> Verdict:
    """The verdict on a hard promise: `kept` of `n` cases, promised for a share pi; z = Z_MONTH (final) or Z_DAY (daily look).

    Kept when Wilson's lower end reaches pi; broken when its upper end stays below and the exact binomial tail agrees (Wilson
    alone says "broken" of a kept promise in up to 5.5% of looks); unproven otherwise, or with fewer than n_min cases. With
    `threshold` (s) and duration `counts` per bin it is over-delivered when the pi-quantile is within half of it.

    >>> hard_verdict(330, 400, 0.90).verdict, hard_verdict(380, 400, 0.90).verdict, hard_verdict(12, 12, 0.90).needed
    ('broken', 'kept', 23)
    """
    shown = wilson(kept, n, z=z)
    upper = quantile_limit(counts, pi) if counts is not None else None
    needed = max(0, n_min(pi, z) - math.floor(n))
    p = binomial_tail(round(kept), round(n), pi)
    sure = shown.high < pi and p <= _normal_tail(z)
    return Verdict(_word(shown, needed, pi, sure, threshold, upper), shown, n, needed, p, upper)


def soft_verdict(gap: Interval, n: float = math.nan) -> Verdict:
    """The verdict on a soft promise from the gap (marks) and its interval: a shortfall below 0.3 is one nobody notices (assumed).

    >>> soft_verdict(Interval(-0.9, -1.48, -0.40)).verdict, soft_verdict(Interval(0.1, -0.2, 0.4)).verdict
    ('broken', 'kept')
    """
    word = UNPROVEN
    if gap.low >= DELTA_OVER:
        word = OVER
    elif gap.low >= -DELTA:
        word = KEPT
    elif gap.high < 0 and gap.value <= -DELTA:
        word = BROKEN
    se = gap.half / Z95
    return Verdict(word, gap, n, 0, _normal_tail(-gap.value / se) if se > 0 else float(gap.value >= 0))


def kept_but_unhappy(verdict: Verdict, delivered_high: float) -> bool:
    """Promise kept, customer not happy: the delivered mark's upper end is below 5.5. Stops gaming by promising little.

    >>> kept_but_unhappy(hard_verdict(380, 400, 0.90), 5.2)
    True
    """
    return verdict.verdict in (KEPT, OVER) and delivered_high < 5.5


def standing(looks: Sequence[str], days: int = DAYS_IN_A_ROW) -> str:
    """The verdict that stands after daily looks (oldest first): it changes when the same new word held `days` days in a row.

    >>> standing(["kept", "kept", "kept", "broken", "broken"]), standing(["broken"] * 3)
    ('kept', 'broken')
    """
    stands, streak, last = UNPROVEN, 0, ""
    for look in looks:
        streak = streak + 1 if look == last else 1
        last = look
        if streak >= days:
            stands = look
    return stands


def benjamini_hochberg(p: ArrayLike, rate: float = LIST_RATE) -> NDArray[np.bool_]:
    """Which of a list of p-values may be called found, with at most `rate` of them false (Benjamini & Hochberg 1995).

    >>> benjamini_hochberg([0.001, 0.04, 0.9]).tolist()
    [True, True, False]
    """
    p = np.asarray(p, float)
    order = np.argsort(p)
    passes = np.flatnonzero(p[order] <= rate * np.arange(1, p.size + 1) / max(1, p.size))
    found = np.zeros(p.size, bool)
    found[order[: passes[-1] + 1 if passes.size else 0]] = True
    return found


def in_one_list(verdicts: Sequence[Verdict], rate: float = LIST_RATE) -> list[Verdict]:
    """The verdicts of one list, where a "broken" that Benjamini-Hochberg does not find becomes unproven."""
    found = benjamini_hochberg([verdict.p for verdict in verdicts], rate)
    return [
        replace(verdict, verdict=UNPROVEN) if verdict.verdict == BROKEN and not sure else verdict
        for verdict, sure in zip(verdicts, found, strict=True)
    ]


def quantile_limit(counts: Counts, pi: float, level: float = 0.95) -> float | None:
    """The upper limit (s) of the pi-quantile of durations in bins, open ones counted as longest; None with too few cases.

    The order statistic of `quantile_rank`, at the upper edge of its bin: needs ln .05 / ln pi cases.

    >>> from metrics.bins import bin_of
    >>> quantile_limit({bin_of(600): 90, bin_of(3600): 10}, 0.80), quantile_limit({bin_of(600): 13}, 0.80)
    (600.0, None)
    """
    pairs: dict[int, float] = dict(counts) if isinstance(counts, Mapping) else dict(enumerate(counts))
    n = sum(pairs.values())
    rank = quantile_rank(math.floor(n), pi, level)
    if rank is None:
        return None
    below = 0.0
    for bin in sorted(bin for bin in pairs if bin != OPEN):
        below += pairs[bin]
        if below >= rank:
            return EDGES[bin] if bin < len(EDGES) else None
    return None


def quantile_rank(n: int, pi: float, level: float = 0.95) -> int | None:
    """The rank j of n ordered times that is an upper limit of the pi-quantile: the least with P(Binomial(n, pi) < j) >= level.

    >>> quantile_rank(28, 0.90) is None, quantile_rank(29, 0.90), quantile_rank(400, 0.90)
    (True, 29, 371)
    """
    tail = 0.0
    for j in range(n, -1, -1):
        tail += math.exp(_log_binomial(j, n, pi))
        if tail > 1 - level:
            return j + 1 if j < n else None
    return None


def binomial_tail(kept: int, n: int, pi: float) -> float:
    """The chance (0-1) of at most `kept` of n when a promise is kept exactly for a share pi.

    >>> round(binomial_tail(350, 400, 0.9), 4)
    0.0601
    """
    total = 0.0
    for k in range(min(kept, n), -1, -1):
        term = math.exp(_log_binomial(k, n, pi))
        total += term
        if k < n * pi and term < total * 1e-15:
            break
    return min(1.0, total)


def _word(shown: Interval, needed: int, pi: float, broken: bool, threshold: float | None, upper: float | None) -> str:
    if needed > 0:
        return UNPROVEN
    if broken:
        return BROKEN
    if shown.low < pi:
        return UNPROVEN
    return OVER if threshold and upper is not None and upper <= threshold / 2 else KEPT


def _normal_tail(z: float) -> float:
    return 0.5 * math.erfc(z / math.sqrt(2))


def _log_binomial(k: int, n: int, p: float) -> float:
    choose = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return choose + k * math.log(p) + (n - k) * math.log1p(-p)
