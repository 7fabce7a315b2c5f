"""The scorecard: every cell of stage, channel, customer segment and week, with intervals and borrowed strength, in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.delivered import GAMMA, Delivered, delivered
from metrics.knots import KnotsBook
from metrics.shrinkage import shrink
from metrics.summaries import Sums, gather, summarise

AXES = ("bucket", "stage", "channel", "segment")
COLUMNS = ("n", "w", "w2", "m1", "m2", "v")
EVERYONE = ""
Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Delivered marks on every level; arrays follow `axes` (bucket, stage, channel, segment), less the axis summed over.

    `cells` (b, s, c, g) · `stages` (b, s, g), over channels · `total` (b, g), over both · segment '' is all customers.
    `shrunk_cells` and `shrunk_stages` are the empirical-Bayes values for ranking, colour and arrows; verdicts use the raw ones.
    """

    axes: Mapping[str, tuple[Any, ...]]
    sums: Sums
    cells: Delivered
    stages: Delivered
    total: Delivered
    shrunk_cells: Floats
    shrunk_stages: Floats

    def at(self, **names: Any) -> tuple[int, ...]:
        """The index of the named positions in axis order, e.g. at(bucket=202648, stage="book"); KeyError for an unknown name."""
        return tuple(_position(self.axes[axis], names[axis], axis) for axis in AXES if axis in names)


def scorecard(
    rows: Mapping[str, ArrayLike],
    *,
    axes: Mapping[str, Sequence[Any]] | None = None,
    phi: ArrayLike = 1.0,
    gamma: Mapping[str, float] = GAMMA,
    book: KnotsBook | None = None,
) -> Scorecard:
    """The scorecard of rollup rows: a mapping (or frame) of columns bucket, stage, channel, segment, metric, n, w, w2, m1, m2, v.

    `axes` fixes the order of an axis' names (rows with other names are left out); otherwise they are sorted as found.
    Rows of one cell and metric (bins, days of one bucket) are added up.

    >>> rows = dict(bucket=[1], stage=["book"], channel=["phone"], segment=[""], metric=["csat"], n=[9], w=[9], w2=[9], m1=[63],
    ...             m2=[450], v=[33])
    >>> card = scorecard(rows)
    >>> float(card.cells.value[card.at(bucket=1, stage="book", channel="phone", segment="")])
    7.0
    """
    sums, found = _sums(rows, axes or {})
    cells = delivered(summarise(sums, phi=phi, book=book), gamma)
    of_stage = sums.over(2)
    siblings_last = Sums(sums.names, *(np.swapaxes(getattr(of_stage, column), 1, 2) for column in COLUMNS))
    stages = delivered(summarise(siblings_last, phi=phi, book=book), gamma)
    total = delivered(summarise(sums.over((1, 2)), phi=phi, book=book), gamma)
    shrunk_cells, shrunk_stages = _borrow(cells, stages, found["segment"].index(EVERYONE))
    return Scorecard(found, sums, cells, _stage_first(stages), total, shrunk_cells, shrunk_stages)


def codes(values: ArrayLike, order: Sequence[Any] | None = None) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """Positions of `values` in `order` (or in their sorted distinct values), -1 for what is not in it, and that order.

    >>> found, names = codes(["b", "a", "b"])
    >>> found.tolist(), names
    ([1, 0, 1], ('a', 'b'))
    """
    listed = np.asarray(values).tolist()
    names = tuple(sorted(set(listed))) if order is None else tuple(order)
    position = {name: i for i, name in enumerate(names)}
    return np.fromiter((position.get(value, -1) for value in listed), np.int64, len(listed)), names


def _sums(rows: Mapping[str, ArrayLike], axes: Mapping[str, Sequence[Any]]) -> tuple[Sums, dict[str, tuple[Any, ...]]]:
    found: dict[str, tuple[Any, ...]] = {}
    cell, keep = np.zeros(len(np.asarray(rows["n"])), np.int64), np.ones(len(np.asarray(rows["n"])), bool)
    for axis in AXES:
        code, found[axis] = codes(rows[axis], _order(axis, rows, axes))
        cell, keep = cell * max(1, len(found[axis])) + code, keep & (code >= 0)
    code, names = codes(rows["metric"])
    shape = tuple(len(found[axis]) for axis in AXES)
    columns = [np.asarray(rows[column], float)[keep] for column in COLUMNS]
    flat = gather(cell[keep], code[keep], names, columns, int(np.prod(shape)))
    return Sums(names, *(getattr(flat, column).reshape(*shape, len(names)) for column in COLUMNS)), found


def _order(axis: str, rows: Mapping[str, ArrayLike], axes: Mapping[str, Sequence[Any]]) -> Sequence[Any] | None:
    if axis != "segment":
        return axes.get(axis)
    named = axes.get(axis) or sorted(set(np.asarray(rows[axis]).tolist()))
    return named if EVERYONE in named else (EVERYONE, *named)


def _borrow(cells: Delivered, stages: Delivered, everyone: int) -> tuple[Floats, Floats]:
    """Overall to stage, stage to channel, channel to segment; segments overlap, so all customers are not their sibling."""
    across = shrink(stages.value, stages.variance)
    channels = shrink(cells.value[..., everyone], cells.variance[..., everyone], across.tau2[:, everyone, None])
    own = np.arange(cells.value.shape[-1]) != everyone
    drawn = cells.value.copy()
    drawn[..., own] = shrink(cells.value[..., own], cells.variance[..., own], channels.tau2[..., None]).value
    drawn[..., everyone] = channels.value
    return drawn, np.swapaxes(across.value, 1, 2)


def _stage_first(stages: Delivered) -> Delivered:
    return replace(stages, **{f.name: np.swapaxes(getattr(stages, f.name), 1, 2) for f in fields(stages)})


def _position(names: tuple[Any, ...], name: Any, axis: str) -> int:
    if name not in names:
        raise KeyError(f"{axis} {name!r} is not on this scorecard; it holds {', '.join(map(str, names))}")
    return names.index(name)
