from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from store.engine import instant, ms, open_store, prepare, reading, writing


def facts(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(text("SELECT key FROM fact ORDER BY key")).scalars())


def put(connection, key: str) -> None:
    connection.execute(text("INSERT INTO fact (key, value) VALUES (:key, '')"), {"key": key})


def test_a_write_is_committed_at_the_end_of_its_block(store):
    with writing(store) as connection:
        put(connection, "a")
    assert facts(store) == ["a"]


def test_an_error_rolls_the_whole_block_back(store):
    with pytest.raises(ZeroDivisionError), writing(store) as connection:
        put(connection, "a")
        raise ZeroDivisionError
    assert facts(store) == []


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_stored(store):
    with pytest.raises(IntegrityError) as fault, writing(store) as connection:
        connection.execute(text("INSERT INTO fact (key, value) VALUES (:key, NULL)"), {"key": "wat een klant schreef"})
    assert "wat een klant schreef" not in str(fault.value).split("DETAIL")[0] and "NOT NULL" in str(fault.value).upper().replace(
        "-", " "
    )


def test_ddl_rolls_back_with_the_rest(store):
    with pytest.raises(ZeroDivisionError), writing(store) as connection:
        put(connection, "a")
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        connection.execute(text("INSERT INTO half VALUES (1)"))
        raise ZeroDivisionError
    assert facts(store) == []
    with writing(store) as connection:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))


def test_a_reader_sees_one_moment_while_another_writes(store):
    with reading(store) as before:
        before.execute(text("SELECT count(*) FROM fact")).scalar_one()
        with writing(store) as connection:
            put(connection, "a")
        assert before.execute(text("SELECT count(*) FROM fact")).scalar_one() == 0
    assert facts(store) == ["a"]


def test_a_writer_takes_its_turn_at_the_start(sqlite_store):
    other = open_store(str(sqlite_store.url))
    with other.connect() as probe:
        probe.exec_driver_sql("PRAGMA busy_timeout = 1")
        probe.rollback()
        with writing(sqlite_store):
            statement = pytest.raises(Exception, match="locked")
            with statement, probe.execution_options(klantblik_writes=True).begin():
                pass


def test_sqlite_is_durable_and_keeps_its_links(sqlite_store):
    with reading(sqlite_store) as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS}
    assert found == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 5000, "secure_delete": 1}


def test_the_folder_of_a_file_is_made(tmp_path):
    engine = open_store(f"sqlite:///{tmp_path}/deep/down/store.db")
    prepare(engine)
    assert (tmp_path / "deep" / "down" / "store.db").exists()


def test_a_store_in_memory_is_one_store():
    engine = open_store("sqlite://")
    prepare(engine)
    with writing(engine) as connection:
        put(connection, "a")
    assert facts(engine) == ["a"]


def test_a_plain_postgresql_address_will_do(postgres_url):
    engine = open_store(postgres_url.replace("+psycopg", ""))
    prepare(engine)
    assert facts(engine) == []
    engine.dispose()


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))
def test_milliseconds_and_back(moment):
    assert instant(ms(moment)) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def test_a_moment_is_the_same_in_every_zone():
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    assert ms(moment) + 3_600_000 == ms(datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))))


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="2026-01-01T00:00:00, expected one with a time zone"):
        ms(datetime(2026, 1, 1))
