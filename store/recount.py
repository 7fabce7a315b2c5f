"""Recounting: sums every observation again and compares, to the unit, with what the rollups say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)

from store.bulk import empty, insert_rows
from store.calendar import Buckets
from store.differences import KEY, SUMS, THEME_KEY, THEME_LEVELS, THEME_SUMS
from store.engine import reading
from store.recheck import OBSERVATION, stray_observations, theme_rows, wrong_contributions
from store.seals import Seals, read_seals
from store.tables import LEVELS, RollupTheme

SEGMENT_OF = Table("segment_of", MetaData(), Column("segments", String), Column("segment", String), prefixes=["TEMPORARY"])
THEMES = Table(
    "recounted_theme",
    MetaData(),
    *(Column(name, BigInteger) for name in Buckets._fields),
    *(Column(name, String) for name in THEME_KEY),
    *(Column(name, BigInteger) for name in THEME_SUMS),
    prefixes=["TEMPORARY"],
)
ROLLUP_THEME: Any = RollupTheme.__table__
CHUNK = 10_000


class Difference(NamedTuple):
    """Something that is not as a recount says: `level` is a rollup level, theme_hour and so on, or observation."""

    level: str
    key: tuple[Any, ...]
    expected: tuple[Any, ...]
    found: tuple[Any, ...]

    def __str__(self) -> str:
        """One line for an operator."""
        return f"{self.level} {' '.join(map(str, self.key))}: found {self.found}, expected {self.expected}"


def recount(engine: Engine, zone: str) -> list[Difference]:
    """Everything in which the store differs from a recount of its raw columns, in one moment's view; [] when exact.

    Observations are compared with their contact, their buckets in `zone`, and the contribution that their case gives them;
    rollups with the sum of contributions, every level above its seal.
    """
    with reading(engine) as connection:
        seals = read_seals(connection)
        found = [Difference("observation", *wrong) for wrong in stray_observations(connection)]
        found += [Difference("observation", *wrong) for wrong in wrong_contributions(connection, zone)]
        return [*found, *_rollups(connection, seals), *_themes(connection, seals, zone)]


def _rollups(connection: Connection, seals: Seals) -> Iterator[Difference]:
    _list_segments(connection)
    for level in LEVELS:
        rollup: Any = LEVELS[level].__table__
        seal = seals.of(level)
        bucket = OBSERVATION.c[level]
        key = [OBSERVATION.c[name] if name != "segment" else SEGMENT_OF.c.segment for name in KEY]
        recounted = select(bucket.label("bucket"), *key, *(OBSERVATION.c[name] for name in SUMS))
        recounted = recounted.join_from(OBSERVATION, SEGMENT_OF, OBSERVATION.c.segments == SEGMENT_OF.c.segments)
        standing = select(*(rollup.c[name] for name in ("bucket", *KEY, *SUMS)))
        recounted, standing = recounted.where(bucket >= seal), standing.where(rollup.c.bucket >= seal)
        yield from _compare(connection, level, recounted, standing, ("bucket", *KEY), SUMS)


def _themes(connection: Connection, seals: Seals, zone: str) -> Iterator[Difference]:
    empty(connection, THEMES)
    for rows in _chunks(theme_rows(connection, zone)):
        insert_rows(connection, THEMES, tuple(THEMES.columns.keys()), rows)
    for level in THEME_LEVELS:
        seal = seals.of(level)
        bucket = THEMES.c[level]
        recounted = select(bucket.label("bucket"), *(THEMES.c[name] for name in (*THEME_KEY, *THEME_SUMS)))
        standing = select(*(ROLLUP_THEME.c[name] for name in ("bucket", *THEME_KEY, *THEME_SUMS)))
        standing = standing.where(ROLLUP_THEME.c.level == level)
        recounted, standing = recounted.where(bucket >= seal), standing.where(ROLLUP_THEME.c.bucket >= seal)
        yield from _compare(connection, f"theme_{level}", recounted, standing, ("bucket", *THEME_KEY), THEME_SUMS)


def _compare(
    connection: Connection, level: str, recounted: Any, standing: Any, key: tuple[str, ...], sums: tuple[str, ...]
) -> Iterator[Difference]:
    """Both sides in one sum: what a key adds up to on each, and whether a row of zeros was left standing."""
    sides = union_all(
        recounted.add_columns(literal(0).label("stands")), standing.add_columns(literal(1).label("stands"))
    ).subquery()
    keys = [sides.c[name] for name in key]
    expected = [func.sum(sides.c[name]).filter(sides.c.stands == 0) for name in sums]
    found = [func.sum(sides.c[name]).filter(sides.c.stands == 1) for name in sums]
    expected, found = [func.coalesce(s, 0) for s in expected], [func.coalesce(s, 0) for s in found]
    differ = or_(*(left != right for left, right in zip(expected, found, strict=True)))
    left_over = and_(func.sum(sides.c.stands) > 0, *(side == 0 for side in found))
    query = select(*keys, *expected, *found).group_by(*keys).having(or_(differ, left_over))
    width = len(key)
    for row in connection.execute(query):
        numbers = tuple(int(number) for number in row[width:])
        yield Difference(level, tuple(row[:width]), numbers[: len(sums)], numbers[len(sums) :])


def _list_segments(connection: Connection) -> None:
    empty(connection, SEGMENT_OF)
    sets = list(connection.scalars(select(OBSERVATION.c.segments).distinct()))
    rows = [(segments, segment) for segments in sets for segment in ("", *segments.split())]
    insert_rows(connection, SEGMENT_OF, ("segments", "segment"), rows)


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    chunk: list[tuple[Any, ...]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk
