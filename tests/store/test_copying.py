from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from store.copying import copying
from store.engine import open_store, prepare, reading, writing

pytestmark = pytest.mark.postgres
INTO = "COPY fact (key, value) FROM STDIN"


@pytest.fixture
def store(postgres_url):
    engine = open_store(postgres_url, writer=True)
    prepare(engine)
    yield engine
    engine.dispose()


def put(connection, *rows):
    with copying(connection, INTO) as copy:
        for row in rows:
            copy.write_row(row)


def test_rows_go_in_and_come_out_within_the_transaction(store):
    with writing(store) as connection:
        put(connection, ("a", "1"), ("b", "2"))
        with copying(connection, "COPY (SELECT key FROM fact ORDER BY key) TO STDOUT") as copy:
            assert b"".join(copy) == b"a\nb\n"


@pytest.mark.parametrize(("rows", "kind"), [([("a", "1"), ("a", "2")], IntegrityError), ([("a\0", "1")], DataError)])
def test_what_the_database_refuses_is_told_as_by_every_other_statement(store, rows, kind):
    with pytest.raises(kind) as fault, writing(store) as connection:
        put(connection, ("before", ""), *rows)
    assert isinstance(fault.value.orig, psycopg.Error)
    with reading(store) as connection:
        assert connection.execute(text("SELECT count(*) FROM fact WHERE key = 'before'")).scalar() == 0


def test_a_server_that_goes_away_meanwhile_is_a_fault_that_passes_and_the_store_goes_on(store):
    with pytest.raises(OperationalError), writing(store) as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        with store.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})
        put(connection, ("a", "1"))
    with writing(store) as connection:
        put(connection, ("a", "1"))
