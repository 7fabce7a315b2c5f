"""Many rows at once, as each database likes it: executemany of tuples on SQLite, COPY and lists on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Engine,
    Table,
    Update,
    bindparam,
    column,
    delete,
    func,
    insert,
    select,
    text,
    true,
    update,
)
from sqlalchemy import table as table_of
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from store.copying import copying
from store.engine import TEMPORARY, writing
from store.tables import Contact

TURN = 7_426_002  # PostgreSQL's lock of those who write evidence; migrations have the number before


@contextmanager
def taking_turns(engine: Engine) -> Iterator[Connection]:
    """The one write transaction on contacts and rollups at a time; SQLite has one writer anyway.

    Contributions of a case depend on its other observations, whichever source brought them: two writers at once would each
    miss the other's.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        yield connection


def among(connection: Connection, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether the column is one of many values: one parameter, however many there are."""
    if connection.dialect.name == "postgresql":
        # A join with the list, not = ANY(list): that would read a whole source to find a thousand of its contacts.
        return column.in_(select(func.unnest(bindparam(None, list(values), type_=ARRAY(column.type)))))
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))


def one_each(connection: Connection, columns: Sequence[Any], column: Any, values: Collection[Any], *conditions: Any) -> Any:
    """A query for the row of each value of a column that is unique under the conditions."""
    query = select(*columns).where(*conditions)
    if connection.dialect.name != "postgresql":
        return query.where(among(connection, column, values))
    # Value by value through the index, whatever the planner believes of a table that nobody has analysed yet.
    wanted = select(func.unnest(bindparam(None, list(values), type_=ARRAY(column.type))).label("value")).subquery()
    found = query.where(column == wanted.c.value).limit(1).lateral()
    return select(found).select_from(wanted).join(found, true())


def insert_rows(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert tuples whose values stand in the order of `names`."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, names, rows)
    else:
        connection.exec_driver_sql(_insert_sql(table, names), list(rows))


def update_rows(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Update rows by id: each tuple holds the values of `names`, then the id; of two tuples with one id the later one counts."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        # Of two source rows for one target UPDATE ... FROM takes either: only the last may be left.
        connection.execute(_update_at_once(table, names), _columns(names, {row[-1]: row for row in rows}.values()))
    else:
        connection.execute(_update_one(table, names), [_named(names, row) for row in rows])


def upsert(connection: Connection, table: Any) -> Any:
    """The database's own INSERT that can also say ON CONFLICT."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def new_contact_ids(connection: Connection, count: int) -> list[int]:
    """Ids that no contact has or ever had."""
    if connection.dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence(Contact.__tablename__, "id"))
        return list(connection.execute(select(sequence).select_from(func.generate_series(1, count))).scalars())
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    last = connection.execute(query, {"name": Contact.__tablename__}).scalar() or 0
    return list(range(last + 1, last + 1 + count))


def empty(connection: Connection, table: Table) -> None:
    """Make the temporary table when this connection does not have it yet, and empty it."""
    made = connection.info.setdefault(TEMPORARY, set())
    if table.name not in made:
        connection.execute(_create(table))
        made.add(table.name)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"TRUNCATE {table.name}"))  # nothing vacuums a temporary table
    else:
        connection.execute(delete(table))


@lru_cache(maxsize=64)
def _create(table: Table) -> CreateTable:
    return CreateTable(table, if_not_exists=True)


@lru_cache(maxsize=64)
def _insert_sql(table: Table, names: tuple[str, ...]) -> str:
    bare = table_of(table.name, *(column(name) for name in names))  # without defaults, and in the order of the names
    return str(insert(bare).compile(dialect=sqlite.dialect()))


def _copy(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    with copying(connection, f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@lru_cache(maxsize=64)
def _update_one(table: Table, names: tuple[str, ...]) -> Update:
    sets = {name: bindparam(f"to_{name}") for name in names}
    return update(table).where(table.c.id == bindparam("to_id")).values(sets)


@lru_cache(maxsize=64)
def _update_at_once(table: Table, names: tuple[str, ...]) -> Update:
    """One statement for any number of rows: a row each would be a journey to the server each."""
    columns = (*names, "id")
    lists = [bindparam(f"to_{name}", type_=ARRAY(table.c[name].type)) for name in columns]
    new = func.unnest(*lists).table_valued(*(column(name, table.c[name].type) for name in columns), name="new").render_derived()
    return update(table).where(table.c.id == new.c.id).values({name: new.c[name] for name in names})


def _columns(names: tuple[str, ...], rows: Collection[tuple[Any, ...]]) -> dict[str, list[Any]]:
    lists = zip(*rows, strict=True)
    return {f"to_{name}": list(values) for name, values in zip((*names, "id"), lists, strict=True)}


def _named(names: tuple[str, ...], row: tuple[Any, ...]) -> dict[str, Any]:
    return {f"to_{name}": value for name, value in zip((*names, "id"), row, strict=True)}
