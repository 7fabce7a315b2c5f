from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from store import migrations
from store.engine import open_store, prepare, reading, writing
from store.errors import DamagedStore, ForeignFile, NewerSchema
from store.migrations import newest, schema
from store.tables import Base
from tests.faults.counts import times
from tests.faults.dying import at_statement, die, died, dying
from tests.store.rows import cases_in, keep, row

REAL, HEAD = migrations.HERE, newest()
LATER = '''
"""A later schema, for the tests."""
from alembic import op
import sqlalchemy as sa
revision, down_revision = "9999", "{before}"

def upgrade():
    with op.batch_alter_table("contact") as table:
        table.add_column(sa.Column("mood", sa.String(), nullable=False, server_default=""))
    {then}
'''


@pytest.fixture
def later(tmp_path, monkeypatch):
    """A program that knows one schema more; `then` is what its migration does last."""

    def make(then: str = "pass") -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(REAL, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "9999_later.py").write_text(LATER.format(before=HEAD, then=then), encoding="utf8")
        monkeypatch.setattr(migrations, "HERE", folder)

    return make


@pytest.fixture
def fresh(store_url):
    engine = open_store(store_url, writer=True)
    yield engine
    engine.dispose()


def test_an_empty_database_becomes_a_store(fresh):
    assert schema(fresh) is None
    prepare(fresh)
    assert schema(fresh) == newest()
    keep(fresh, row())
    assert cases_in(fresh) == 1


def test_the_migrations_make_just_the_tables_in_code(fresh):
    prepare(fresh)
    with reading(fresh) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_preparing_twice_changes_nothing(fresh):
    prepare(fresh)
    keep(fresh, row())
    prepare(fresh)
    assert cases_in(fresh) == 1


def test_two_processes_that_start_at_once_make_one_store(store_url):
    engines = [open_store(store_url) for _ in range(3)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(prepare, engines))
    assert {schema(engine) for engine in engines} == {newest()}
    for engine in engines:
        engine.dispose()


def test_a_database_that_cannot_be_reached_is_not_called_damaged():
    with pytest.raises(OperationalError):
        prepare(open_store("postgresql://nobody@127.0.0.1:1/nothing"))


def test_a_later_program_takes_the_store_along(fresh, later):
    prepare(fresh)
    keep(fresh, row())
    later()
    prepare(fresh)
    assert (schema(fresh), cases_in(fresh)) == ("9999", 1)
    with reading(fresh) as connection:
        assert connection.execute(text("SELECT mood FROM contact")).all() == [("",)]
        assert connection.execute(text("SELECT count(*) FROM observation JOIN contact ON contact.id = contact_id")).scalar() == 2


def test_a_migration_that_fails_leaves_the_store_as_it_was(fresh, later):
    prepare(fresh)
    keep(fresh, row())
    later(then="raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        prepare(fresh)
    assert (schema(fresh), cases_in(fresh)) == (HEAD, 1)
    with reading(fresh) as connection, pytest.raises(Exception, match="mood"):
        connection.execute(text("SELECT mood FROM contact"))
    later()
    prepare(fresh)
    assert schema(fresh) == "9999"


@pytest.mark.faults
@pytest.mark.parametrize("nth", range(1, 1 + times(4, 20, 100)))
def test_an_empty_database_killed_at_the_nth_statement_of_its_making_is_made_the_next_time(store_url, nth):
    def make():
        engine = open_store(store_url, writer=True)
        at_statement(engine, nth)
        prepare(engine)

    died(make)
    engine = open_store(store_url, writer=True)
    assert schema(engine) in (None, newest())
    prepare(engine)
    keep(engine, row())
    assert (schema(engine), cases_in(engine)) == (newest(), 1)
    engine.dispose()


@pytest.mark.faults
@pytest.mark.parametrize("point", [(migrations, "_keep_copy"), (migrations, "_check_links"), (command, "upgrade")])
@pytest.mark.parametrize("after", [False, True])
def test_a_migration_that_is_killed_leaves_the_old_store_and_the_next_one_finishes(fresh, later, point, after):
    prepare(fresh)
    keep(fresh, row())
    later()
    fresh.dispose()
    whole = getattr(*point)

    def dies(*arguments, **named):
        whole(*arguments, **named)
        die()

    def migrate():
        engine = open_store(fresh.url.render_as_string(hide_password=False), writer=True)
        if after:
            setattr(*point, dies)
        prepare(engine)

    dying(migrate, *([] if after else [point]))
    assert (schema(fresh), cases_in(fresh)) == (HEAD, 1)
    prepare(fresh)
    assert (schema(fresh), cases_in(fresh)) == ("9999", 1)


def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(sqlite_store, later):
    keep(sqlite_store, row())
    later(then='op.execute("DELETE FROM contact")')
    with pytest.raises(DamagedStore, match="3 rows that point nowhere"):
        prepare(sqlite_store)
    assert cases_in(sqlite_store) == 1


def test_foreign_keys_are_back_after_a_migration(sqlite_store, later):
    later()
    prepare(sqlite_store)
    with pytest.raises(Exception, match="FOREIGN KEY"), writing(sqlite_store) as connection:
        connection.execute(text("INSERT INTO placement VALUES (99, 'j', 's', 'rule', 1)"))


def test_a_copy_is_kept_before_a_store_is_migrated(sqlite_store, later):
    keep(sqlite_store, row())
    later()
    prepare(sqlite_store)
    copy = Path(f"{sqlite_store.url.database}.before-9999")
    kept = open_store(f"sqlite:///{copy}")
    assert (schema(sqlite_store), cases_in(kept)) == ("9999", 1)
    with reading(kept) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == HEAD


def test_an_empty_file_is_not_copied(sqlite_store):
    assert [file.name for file in Path(sqlite_store.url.database).parent.glob("*.before-*")] == []


def test_a_newer_store_is_refused(fresh, later, monkeypatch):
    later()
    prepare(fresh)
    keep(fresh, row())
    monkeypatch.setattr(migrations, "HERE", REAL)
    with pytest.raises(NewerSchema, match=f"found schema '9999', expected '{HEAD}' or older"):
        prepare(fresh)
    assert cases_in(fresh) == 1


def test_a_database_of_something_else_is_refused(fresh):
    with writing(fresh) as connection:
        connection.execute(text("CREATE TABLE customers (id INTEGER)"))
    with pytest.raises(ForeignFile, match="found tables customers, expected an empty database or a store"):
        prepare(fresh)


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to be one" * 100, b"SQLite format 3\0" + b"\xff" * 5_000]
)
def test_a_damaged_file_is_refused_by_name(tmp_path, content):
    file = tmp_path / "store.db"
    file.write_bytes(content)
    with pytest.raises(DamagedStore, match=r"store.db: found .*expected a sound database. Restore it"):
        prepare(open_store(f"sqlite:///{file}"))
    assert file.read_bytes() == content


def test_a_password_is_in_no_message(fresh):
    assert "secret" not in migrations._name(open_store("postgresql://me:secret@nowhere/db"))
