"""Differences: what a write takes from and adds to the rollups, summed per bucket and merged by the database."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from store.bulk import empty, insert_rows
from store.calendar import Buckets
from store.contributions import Contribution, ThemeContribution
from store.seals import Seals
from store.tables import LEVELS, RollupTheme

Cell = tuple[Buckets, str, str, str, str, str, int]
ThemeCell = tuple[Buckets, str, str, str, str]

SUMS = Contribution._fields
THEME_SUMS = ThemeContribution._fields
KEY = ("journey", "stage", "channel", "segment", "metric", "bin")
THEME_KEY = ("journey", "stage", "channel", "theme")
THEME_LEVELS = ("hour", "day", "week")


def _staging(name: str, key: tuple[str, ...], sums: tuple[str, ...]) -> Table:
    words = [Column(word, BigInteger if word == "bin" else String) for word in key]
    numbers = [Column(number, BigInteger) for number in (*Buckets._fields, *sums)]
    return Table(name, MetaData(), *numbers[:4], *words, *numbers[4:], prefixes=["TEMPORARY"])


CHANGE = _staging("staged_change", KEY, SUMS)
THEME_CHANGE = _staging("staged_theme_change", THEME_KEY, THEME_SUMS)


class Differences:
    """Sums of differences, per cell and minute; `segments` in a cell still stands for one row per segment."""

    def __init__(self) -> None:
        self._cells: dict[Cell, list[int]] = {}
        self._themes: dict[ThemeCell, list[int]] = {}
        self._taken = False

    def add(self, cell: Cell, amount: Contribution) -> None:
        """Add a contribution; cell is (buckets, journey, stage, channel, segments, metric, bin)."""
        sums = self._cells.get(cell)
        if sums is None:
            self._cells[cell] = [*amount]
            return
        sums[0] += amount[0]
        sums[1] += amount[1]
        sums[2] += amount[2]
        sums[3] += amount[3]
        sums[4] += amount[4]
        sums[5] += amount[5]

    def take(self, cell: Cell, amount: Contribution) -> None:
        """Take a contribution away."""
        self._taken = True
        self.add(cell, Contribution(*(-number for number in amount)))

    def add_themes(self, at: Buckets, place: tuple[str, str, str], themes: str, amount: ThemeContribution) -> None:
        """Add a contact's contribution to each of its themes; place is (journey, stage, channel)."""
        for theme in themes.split():
            sums = self._themes.setdefault((at, *place, theme), [0, 0, 0])
            for i, number in enumerate(amount):
                sums[i] += number

    def take_themes(self, at: Buckets, place: tuple[str, str, str], themes: str, amount: ThemeContribution) -> None:
        """Take a contact's contribution to its themes away."""
        self._taken = True
        self.add_themes(at, place, themes, ThemeContribution(*(-number for number in amount)))

    def merge(self, connection: Connection, seals: Seals) -> None:
        """Bring the rollups up to date, above the seals; rows that become all zero are removed."""
        if rows := self._rows():
            _stage(connection, CHANGE, rows)
            for level in LEVELS:
                self._merge_level(connection, level, getattr(seals, level, None))
        if rows := [(*at, *key, *sums) for (at, *key), sums in self._themes.items() if any(sums)]:
            _stage(connection, THEME_CHANGE, rows)
            for level in THEME_LEVELS:
                self._merge_themes(connection, level, getattr(seals, level, None))

    def _rows(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for (at, journey, stage, channel, segments, metric, bin), sums in self._cells.items():
            if any(sums):
                rows.append((*at, journey, stage, channel, "", metric, bin, *sums))
                rows += [(*at, journey, stage, channel, segment, metric, bin, *sums) for segment in segments.split()]
        return rows

    def _merge_level(self, connection: Connection, level: str, seal: int | None) -> None:
        connection.execute(_merge(connection.dialect.name, level), {"seal": _from(seal)})
        if self._taken:
            connection.execute(_sweep(level))

    def _merge_themes(self, connection: Connection, level: str, seal: int | None) -> None:
        connection.execute(_theme_merge(connection.dialect.name, level), {"seal": _from(seal)})
        if self._taken:
            connection.execute(_theme_sweep(level))


def _from(seal: int | None) -> int:
    return -(2**62) if seal is None else seal


def _stage(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    empty(connection, table)
    insert_rows(connection, table, tuple(table.columns.keys()), rows)


@lru_cache(maxsize=16)
def _merge(dialect: str, level: str) -> Any:
    rollup: Table = LEVELS[level].__table__
    query = _summed(CHANGE, level, KEY, SUMS)
    return _adding(dialect, rollup, ("bucket", *KEY), SUMS, query)


@lru_cache(maxsize=16)
def _theme_merge(dialect: str, level: str) -> Any:
    rollup: Any = RollupTheme.__table__
    query = _summed(THEME_CHANGE, level, THEME_KEY, THEME_SUMS)
    query = query.with_only_columns(bindparam("level", level, type_=String), *query.selected_columns, maintain_column_froms=True)
    return _adding(dialect, rollup, ("level", "bucket", *THEME_KEY), THEME_SUMS, query)


def _summed(staged: Table, level: str, key: tuple[str, ...], sums: tuple[str, ...]) -> Any:
    columns = [staged.c[level], *(staged.c[name] for name in key)]
    totals = [func.sum(staged.c[name]).label(name) for name in sums]
    query = select(*columns, *totals).where(staged.c[level] >= bindparam("seal"))
    return query.group_by(*columns).having(or_(*(func.sum(staged.c[name]) != 0 for name in sums)))


def _adding(dialect: str, rollup: Table, key: tuple[str, ...], sums: tuple[str, ...], query: Any) -> Any:
    kind = postgresql if dialect == "postgresql" else sqlite
    statement = kind.insert(rollup).from_select([*key, *sums], query.where(true()))
    added = {name: rollup.c[name] + statement.excluded[name] for name in sums}
    return statement.on_conflict_do_update(index_elements=list(key), set_=added)


@lru_cache(maxsize=8)
def _sweep(level: str) -> Any:
    rollup: Table = LEVELS[level].__table__
    return _zeros(rollup, rollup.c.bucket.in_(select(CHANGE.c[level])), CHANGE, level, KEY, SUMS)


@lru_cache(maxsize=8)
def _theme_sweep(level: str) -> Any:
    rollup: Any = RollupTheme.__table__
    where = and_(rollup.c.level == level, rollup.c.bucket.in_(select(THEME_CHANGE.c[level])))
    return _zeros(rollup, where, THEME_CHANGE, level, THEME_KEY, THEME_SUMS)


def _zeros(rollup: Table, where: Any, staged: Table, level: str, key: tuple[str, ...], sums: tuple[str, ...]) -> Any:
    touched = select(staged.c[level], *(staged.c[name] for name in key))
    same = tuple_(rollup.c.bucket, *(rollup.c[name] for name in key)).in_(touched)
    return delete(rollup).where(where, *(rollup.c[name] == 0 for name in sums), same)
