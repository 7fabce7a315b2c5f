"""What moved a stage's mark: how much each channel's own performance did, and how much came from customers choosing otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.delivered import GAMMA
from metrics.intervals import Z95, Interval
from metrics.registry import GROUPS
from metrics.registry import metric as metric_of
from metrics.summaries import Sums, gather

Floats = NDArray[np.floating]
BOTH = 2
FEW_CASES = 2


@dataclass(frozen=True, slots=True)
class Part:
    """What one channel contributed to the change, with its interval; its marks and its share of the cases, before and after."""

    channel: str
    effect: Interval
    before: float
    after: float
    share_before: float
    share_after: float


@dataclass(frozen=True, slots=True)
class Moved:
    """The change of a stage's mark taken apart: before + mix + the parts + rest = after, exactly.

    `mix` is what changes because customers are divided otherwise; each part what its channel did itself; `rest` what came from
    measures without a mark per case (shares such as resolved first time), which cannot be divided over channels.
    """

    before: float
    after: float
    mix: Interval
    parts: tuple[Part, ...]
    rest: float = 0.0

    @property
    def change(self) -> float:
        """After minus before, in marks."""
        return self.after - self.before

    @property
    def mostly_mix(self) -> bool:
        """Whether more than half of the movement is mix: other customers or questions, not worse service."""
        total = abs(self.mix.value) + sum(abs(part.effect.value) for part in self.parts)
        return total > 0 and abs(self.mix.value) > total / 2


def moved(
    rows: Mapping[str, ArrayLike], before: int, after: int, stage: str, ends: tuple[float, float] | None = None
) -> Moved | None:
    """Take the change of a stage's mark between two buckets of rollup rows apart by channel; None without marks in both.

    The symmetric split of Kitagawa (1955) within each metric; metrics weigh by their evidence group, equally within it. Metrics
    that are not marked per case, or not there in both buckets, stay out; what they did is the `rest` when `ends` gives the
    delivered marks before and after.
    """
    found = _sums(rows, (before, after), stage)
    if found is None:
        return None
    channels, sums = found
    with np.errstate(invalid="ignore", divide="ignore"):
        share = sums.w / sums.w.sum(1, keepdims=True)
        mark = sums.m1 / sums.w
        spread = np.maximum(0.0, sums.m2 / sums.w - mark**2)
    weight = _weights(sums)
    mean = np.nansum(share * np.nan_to_num(mark), 1)
    own, variance = _own(share, mark, spread, sums.n, weight)
    total = float((weight[1] * mean[1]).sum() - (weight[0] * mean[0]).sum())
    mix = total - float(own.sum())
    parts = tuple(
        Part(name, _around(float(own[i]), float(variance[i])), *_pooled(sums, i), *_cases(sums, i))
        for i, name in enumerate(channels)
    )
    own_ends = [float((weight[b] * mean[b]).sum()) for b in range(BOTH)]
    first, last = ends or own_ends
    rest = (last - first) - (own_ends[1] - own_ends[0])
    return Moved(first, last, _around(mix, _mix_variance(share, mark, sums.n, weight)), parts, rest)


def _sums(rows: Mapping[str, ArrayLike], buckets: Sequence[int], stage: str) -> tuple[list[str], Sums] | None:
    """Sums (before and after, channels, metrics) of the metrics marked per case and there in both weeks."""
    columns = {name: np.asarray(rows[name]) for name in ("bucket", "stage", "channel", "metric", "n", "w", "w2", "m1", "m2", "v")}
    here = (columns["stage"] == stage) & np.isin(columns["bucket"], buckets) & (columns["m1"].astype(float) > 0)
    metrics = [name for name in sorted(set(columns["metric"][here].tolist())) if metric_of(name).marked == "observation"]
    there = [n for n in metrics if all((here & (columns["bucket"] == b) & (columns["metric"] == n)).any() for b in buckets)]
    channels = sorted(set(columns["channel"][here].tolist()))
    keep = here & np.isin(columns["metric"], there)
    if not there or not keep.any():
        return None
    code = [there.index(name) for name in columns["metric"][keep].tolist()]
    cell = [
        list(buckets).index(b) * len(channels) + channels.index(c)
        for b, c in zip(columns["bucket"][keep].tolist(), columns["channel"][keep].tolist(), strict=True)
    ]
    flat = gather(cell, code, there, [columns[name][keep] for name in ("n", "w", "w2", "m1", "m2", "v")], BOTH * len(channels))
    shape = (BOTH, len(channels), len(there))
    return channels, Sums(flat.names, *(getattr(flat, name).reshape(shape) for name in ("n", "w", "w2", "m1", "m2", "v")))


def _weights(sums: Sums) -> Floats:
    """The weight of each metric in both weeks: gamma per evidence group, equal within it."""
    groups = [metric_of(name).group for name in sums.names]
    part = np.array([GAMMA[group] / groups.count(group) if group in GROUPS else 0.0 for group in groups])
    return np.tile(part / part.sum(), (BOTH, 1)) if part.sum() else np.zeros((BOTH, len(groups)))


def _own(share: Floats, mark: Floats, spread: Floats, n: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Per channel: the effect of its own change, and its variance. A channel without cases in one week moved nothing."""
    change = np.nan_to_num(mark[1] - mark[0])
    factor = weight.mean(0) * share.mean(0)
    noise = np.divide(spread, np.maximum(n - 1, 1))
    return (factor * change).sum(-1), (factor**2 * np.nan_to_num(noise).sum(0)).sum(-1)


def _mix_variance(share: Floats, mark: Floats, n: Floats, weight: Floats) -> float:
    """The variance of the mix: how far shares of a multinomial can shift by chance, times how far the channels lie apart."""
    there = np.isfinite(mark)
    middle = np.divide(np.where(there, mark, 0.0).sum(0), there.sum(0), out=np.full(mark.shape[1:], np.nan), where=there.any(0))
    off = np.nan_to_num(middle - np.nansum(share.mean(0) * np.nan_to_num(middle), 0))
    cases = np.maximum(n.sum(1, keepdims=True), FEW_CASES)
    spread = (share * off**2).sum(1) - (share * off).sum(1) ** 2
    return float(((weight**2) * np.maximum(0.0, spread) / cases[:, 0]).sum())


def _pooled(sums: Sums, i: int) -> tuple[float, float]:
    w = sums.w[:, i].sum(-1)
    return tuple(float(m / x) if x else math.nan for m, x in zip(sums.m1[:, i].sum(-1), w, strict=True))  # type: ignore[return-value]


def _cases(sums: Sums, i: int) -> tuple[float, float]:
    total = sums.n.sum((1, 2))
    return tuple(float(n / t) if t else math.nan for n, t in zip(sums.n[:, i].sum(-1), total, strict=True))  # type: ignore[return-value]


def _around(value: float, variance: float) -> Interval:
    half = Z95 * math.sqrt(max(0.0, variance))
    return Interval(value, value - half, value + half)
