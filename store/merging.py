"""Merging: adds rows of whole numbers to a rollup, and removes the rows that become nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, bindparam, delete, func, literal_column, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from store.bulk import empty, insert_rows

Rows = list[tuple[Any, ...]]
Names = tuple[str, ...]


def add_up(connection: Connection, rollup: Any, key: Names, sums: Names, rows: Rows) -> None:
    """Add each row (key, then sums; a key may come more than once) to the rollup. The first two sums never fall below zero."""
    if not rows:
        return
    at = len(key)
    # Only a row that lost cases or weight can have become nothing.
    lost = [row[:at] for row in rows if row[at] <= 0 and row[at + 1] <= 0]
    if connection.dialect.name == "postgresql":
        _merge_staged(connection, rollup, key, sums, rows, swept=bool(lost))
        return
    connection.exec_driver_sql(_adding_sql(rollup, key, sums), rows)
    if lost:
        connection.exec_driver_sql(_sweeping_sql(rollup, key, sums), lost)


def _merge_staged(connection: Connection, rollup: Any, key: Names, sums: Names, rows: Rows, *, swept: bool) -> None:
    staged = _staging(rollup, key, sums)
    empty(connection, staged)
    insert_rows(connection, staged, (*key, *sums), rows)
    connection.execute(_merging(rollup, key, sums))
    if swept:
        connection.execute(_sweeping(rollup, key, sums))


@lru_cache(maxsize=16)
def _adding_sql(rollup: Table, key: Names, sums: Names) -> str:
    statement = sqlite.insert(rollup).values({name: bindparam(name) for name in (*key, *sums)})
    added = {name: rollup.c[name] + statement.excluded[name] for name in sums}
    compiled = statement.on_conflict_do_update(index_elements=list(key), set_=added).compile(dialect=sqlite.dialect())
    assert compiled.positiontup == [*key, *sums]
    return str(compiled)


@lru_cache(maxsize=16)
def _sweeping_sql(rollup: Table, key: Names, sums: Names) -> str:
    mine = [rollup.c[name] == bindparam(name) for name in key]
    nothing = [rollup.c[name] == literal_column("0") for name in sums]
    return str(delete(rollup).where(*mine, *nothing).compile(dialect=sqlite.dialect()))


@lru_cache(maxsize=16)
def _staging(rollup: Table, key: Names, sums: Names) -> Table:
    columns = [Column(name, rollup.c[name].type) for name in (*key, *sums)]
    return Table(f"staged_{rollup.name}", MetaData(), *columns, prefixes=["TEMPORARY"])


@lru_cache(maxsize=16)
def _merging(rollup: Table, key: Names, sums: Names) -> Any:
    staged = _staging(rollup, key, sums)
    keys = [staged.c[name] for name in key]
    query = select(*keys, *(func.sum(staged.c[name]) for name in sums)).group_by(*keys)
    statement = postgresql.insert(rollup).from_select([*key, *sums], query)
    added = {name: rollup.c[name] + statement.excluded[name] for name in sums}
    return statement.on_conflict_do_update(index_elements=list(key), set_=added)


@lru_cache(maxsize=16)
def _sweeping(rollup: Table, key: Names, sums: Names) -> Any:
    staged = _staging(rollup, key, sums)
    lost = select(*(staged.c[name] for name in key)).where(*(staged.c[name] <= 0 for name in sums[:2]))
    mine = tuple_(*(rollup.c[name] for name in key)).in_(lost)
    return delete(rollup).where(*(rollup.c[name] == 0 for name in sums), mine)
