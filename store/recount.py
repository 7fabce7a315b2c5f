"""Recounting: sums every observation again and compares, to the unit, with what the rollups say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
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
    bindparam,
    func,
    literal_column,
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
        yield from _differing(connection, level, _comparison(level), len(KEY) + 1, seals.of(level))


def _themes(connection: Connection, seals: Seals, zone: str) -> Iterator[Difference]:
    empty(connection, THEMES)
    for rows in _chunks(theme_rows(connection, zone)):
        insert_rows(connection, THEMES, tuple(THEMES.columns.keys()), rows)
    for level in THEME_LEVELS:
        yield from _differing(connection, f"theme_{level}", _theme_comparison(level), len(THEME_KEY) + 1, seals.of(level))


def _differing(connection: Connection, level: str, query: Any, width: int, seal: int) -> Iterator[Difference]:
    for row in connection.execute(query, {"seal": seal}):
        numbers = tuple(int(number) for number in row[width:])
        half = len(numbers) // 2
        yield Difference(level, tuple(row[:width]), numbers[:half], numbers[half:])


@lru_cache(maxsize=8)
def _comparison(level: str) -> Any:
    rollup: Any = LEVELS[level].__table__
    bucket = OBSERVATION.c[level]
    key = [SEGMENT_OF.c.segment if name == "segment" else OBSERVATION.c[name] for name in KEY]
    recounted = select(bucket.label("bucket"), *key, *(OBSERVATION.c[name] for name in SUMS))
    recounted = recounted.join_from(OBSERVATION, SEGMENT_OF, OBSERVATION.c.segments == SEGMENT_OF.c.segments)
    standing = select(*(rollup.c[name] for name in ("bucket", *KEY, *SUMS)))
    return _compared(recounted, bucket, standing, rollup.c.bucket, ("bucket", *KEY), SUMS)


@lru_cache(maxsize=8)
def _theme_comparison(level: str) -> Any:
    bucket = THEMES.c[level]
    recounted = select(bucket.label("bucket"), *(THEMES.c[name] for name in (*THEME_KEY, *THEME_SUMS)))
    standing = select(*(ROLLUP_THEME.c[name] for name in ("bucket", *THEME_KEY, *THEME_SUMS)))
    standing = standing.where(ROLLUP_THEME.c.level == level)
    return _compared(recounted, bucket, standing, ROLLUP_THEME.c.bucket, ("bucket", *THEME_KEY), THEME_SUMS)


def _compared(recounted: Any, bucket: Any, standing: Any, stood: Any, key: tuple[str, ...], sums: tuple[str, ...]) -> Any:
    """Both sides in one sum: what a key adds up to on each, and whether a row of zeros was left standing."""
    recounted = recounted.where(bucket >= bindparam("seal")).add_columns(literal_column("0").label("stands"))
    standing = standing.where(stood >= bindparam("seal")).add_columns(literal_column("1").label("stands"))
    sides = union_all(recounted, standing).subquery()
    keys = [sides.c[name] for name in key]
    expected, found = ([_side(sides, name, stands) for name in sums] for stands in ("0", "1"))
    differ = or_(*(left != right for left, right in zip(expected, found, strict=True)))
    left_over = and_(func.sum(sides.c.stands) > 0, *(side == 0 for side in found))
    return select(*keys, *expected, *found).group_by(*keys).having(or_(differ, left_over))


def _side(sides: Any, name: str, stands: str) -> Any:
    return func.coalesce(func.sum(sides.c[name]).filter(sides.c.stands == literal_column(stands)), 0)


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
