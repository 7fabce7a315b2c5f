"""Differences: what a write takes from and adds to the rollups, summed per cell here and merged by the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from store.calendar import Buckets
from store.contributions import Contribution, ThemeContribution
from store.merging import add_up
from store.seals import Seals
from store.tables import LEVELS, RollupTheme

Cell = tuple[Any, ...]  # minute, hour, day, week, journey, stage, channel, segments, metric, bin
ThemeCell = tuple[Any, ...]  # minute, hour, day, week, journey, stage, channel, theme
Sums = list[int]

SUMS = Contribution._fields
THEME_SUMS = ThemeContribution._fields
KEY = ("journey", "stage", "channel", "segment", "metric", "bin")
THEME_KEY = ("journey", "stage", "channel", "theme")
THEME_LEVELS = ("hour", "day", "week")


class Differences:
    """Sums of differences, per cell and minute; `segments` in a cell still stands for one row per segment."""

    def __init__(self) -> None:
        self._cells: dict[Cell, Sums] = {}
        self._themes: dict[ThemeCell, Sums] = {}

    def add(self, cell: Cell, amount: Contribution) -> None:
        """Add a contribution; cell is (*buckets, journey, stage, channel, segments, metric, bin)."""
        sums = self._cells.get(cell)
        if sums is None:
            self._cells[cell] = [*amount]
        else:
            _add(sums, amount)

    def take(self, cell: Cell, amount: Contribution) -> None:
        """Take a contribution away."""
        n, w, w2, m1, m2, v = amount
        self.add(cell, Contribution(-n, -w, -w2, -m1, -m2, -v))

    def add_themes(self, at: Buckets, place: tuple[str, str, str], themes: str, amount: ThemeContribution) -> None:
        """Add a contact's contribution to each of its themes; place is (journey, stage, channel)."""
        for theme in themes.split():
            cell = (*at, *place, theme)
            sums = self._themes.get(cell)
            if sums is None:
                self._themes[cell] = [*amount]
            else:
                _add_themes(sums, amount)

    def take_themes(self, at: Buckets, place: tuple[str, str, str], themes: str, amount: ThemeContribution) -> None:
        """Take a contact's contribution to its themes away."""
        n, nm, m1 = amount
        self.add_themes(at, place, themes, ThemeContribution(-n, -nm, -m1))

    def merge(self, connection: Connection, seals: Seals) -> None:
        """Bring the rollups up to date, above the seals; rows that become all zero are removed."""
        for level, cells in _levels(self._cells, tuple(LEVELS)):
            rows = list(_per_segment(level, cells, seals.of(level)))
            add_up(connection, LEVELS[level].__table__, ("bucket", *KEY), SUMS, rows)
        for level, cells in _levels(self._themes, THEME_LEVELS):
            rows = list(_per_theme(level, cells, seals.of(level)))
            add_up(connection, RollupTheme.__table__, ("level", "bucket", *THEME_KEY), THEME_SUMS, rows)


def _levels(cells: dict[Any, Sums], levels: Iterable[str]) -> Iterator[tuple[str, dict[Any, Sums]]]:
    """Each level's sums, their cells cut down to begin at its bucket: a coarser one sums the finer, which is less to sum."""
    first = 0
    for level in levels:
        place = Buckets._fields.index(level)
        for _ in range(place - first):
            cells = _coarser(cells)
        first = place
        yield level, cells


def _coarser(cells: dict[Any, Sums]) -> dict[Any, Sums]:
    found: dict[Any, Sums] = {}
    for cell, amount in cells.items():
        key = cell[1:]
        sums = found.get(key)
        if sums is None:
            found[key] = amount.copy()
        elif len(sums) == _WIDTH:
            _add(sums, amount)
        else:
            _add_themes(sums, amount)
    return found


_WIDTH = len(SUMS)


# Both written out: they run for every observation of every batch.
def _add(sums: Sums, amount: Sequence[int]) -> None:
    sums[0] += amount[0]
    sums[1] += amount[1]
    sums[2] += amount[2]
    sums[3] += amount[3]
    sums[4] += amount[4]
    sums[5] += amount[5]


def _add_themes(sums: Sums, amount: Sequence[int]) -> None:
    sums[0] += amount[0]
    sums[1] += amount[1]
    sums[2] += amount[2]


def _per_segment(level: str, cells: dict[Any, Sums], seal: int) -> Iterator[tuple[Any, ...]]:
    coarser = len(Buckets._fields) - Buckets._fields.index(level)
    for cell, sums in cells.items():
        bucket = cell[0]
        if bucket >= seal and (sums[0] or any(sums)):
            journey, stage, channel, segments, metric, bin = cell[coarser:]
            yield (bucket, journey, stage, channel, "", metric, bin, *sums)
            for segment in segments.split():
                yield (bucket, journey, stage, channel, segment, metric, bin, *sums)


def _per_theme(level: str, cells: dict[Any, Sums], seal: int) -> Iterator[tuple[Any, ...]]:
    coarser = len(Buckets._fields) - Buckets._fields.index(level)
    for cell, sums in cells.items():
        if cell[0] >= seal and (sums[0] or any(sums)):
            yield (level, cell[0], *cell[coarser:], *sums)
