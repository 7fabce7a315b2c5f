"""What a week may not show beside its totals: small cells, and whatever they would follow from by subtraction."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from metrics.evidence import TOO_FEW
from metrics.intervals import Interval
from metrics.privacy import hidden_cells, hidden_groups
from metrics.scorecard import EVERYONE, scorecard
from metrics.weekly import Cell, Week
from store.engine import Engine
from store.reads.scorecard import week_frame

NOTHING = Interval(math.nan, math.nan, math.nan)


def guarded(engine: Engine, journey: str, week: Week, segment: str = "") -> Week:
    """The week without the cells that would give away fewer than 5 customers: no mark, no change, no course is left of them.

    A stage's channels are guarded beside the stage and beside the channel as a whole; a customer group (`segment`) also beside
    the other groups and everyone, who stand on the same page under another choice.
    """
    rows, also = _of_groups(engine, journey, week, segment) if segment else (set(), set())
    known = {(cell.stage, cell.channel): int(cell.n) for cell in week.cells}
    covered = hidden_cells(known, also | {cell for cell in known if cell[0] in rows})
    stages = [_blank(row) if row.stage in rows else row for row in week.rows]
    marked = [row for row in stages if row.status != TOO_FEW]
    return replace(
        week,
        rows=tuple(stages),
        cells=tuple(_blank(cell) if (cell.stage, cell.channel) in covered else cell for cell in week.cells),
        mean=float(np.mean([row.mark.value for row in marked])) if marked else math.nan,
        weakest=min(marked, key=lambda row: row.mark.value).stage if marked else "",
    )


def groups_hidden(counts: dict[str, int]) -> set[Any]:
    """Which customer groups may not be shown; `counts` per group, everyone under ''."""
    return hidden_groups({name: n for name, n in counts.items() if name != EVERYONE}, counts.get(EVERYONE, 0))


def _of_groups(engine: Engine, journey: str, week: Week, segment: str) -> tuple[set[str], set[tuple[Any, Any]]]:
    """The stages and the cells in which this group may not be shown beside the others."""
    frame: Any = week_frame(engine, journey, week.week, week.week, None)
    if frame.empty:
        return set(), set()
    card = scorecard({name: frame[name].to_numpy() for name in frame.columns})
    names, (stages, channels) = card.axes["segment"], (card.axes["stage"], card.axes["channel"])

    def hides(n: Any) -> bool:
        return segment in groups_hidden({name: int(n[i]) for i, name in enumerate(names)})

    rows = {stage for i, stage in enumerate(stages) if hides(card.stages.n[0, i])}
    cells = {(s, c) for i, s in enumerate(stages) for j, c in enumerate(channels) if hides(card.cells.n[0, i, j])}
    return rows, cells


def _blank(cell: Cell) -> Cell:
    nothing = (math.nan,) * len(cell.series)
    return replace(
        cell, mark=NOTHING, status=TOO_FEW, contradict=False, gap=None, shape="", since={}, series=nothing, guarded=True
    )
