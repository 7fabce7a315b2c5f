"""Fixtures that every test may ask for: an open store on SQLite or on a real PostgreSQL that the tests start themselves."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import Engine

from store.engine import open_store, prepare
from tests.postgres import Unavailable, required, server

_numbers = itertools.count(1)

# The same examples in every run: a commit fails by what it changes. `make faults` looks for new ones.
settings.register_profile("suite", deadline=None, derandomize="KLANTBLIK_FAULTS" not in os.environ)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address (libpq) of a PostgreSQL server of this test process; its data is gone afterwards."""
    try:
        with server() as address:
            yield address
    except Unavailable as reason:
        if required():
            pytest.fail(f"{reason} KLANTBLIK_REQUIRE_POSTGRES asks for it.")
        pytest.skip(str(reason))


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of an empty PostgreSQL database that this test has to itself."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    host = psycopg.conninfo.conninfo_to_dict(postgres_server)["host"]
    return f"postgresql+psycopg://postgres@/{name}?host={host}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, on each database in turn."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def store(store_url: str) -> Iterator[Engine]:
    """A store ready for use, opened as ingest does, on each database in turn."""
    engine = open_store(store_url, writer=True)
    prepare(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite store ready for use, opened as ingest does, for what does not depend on the database."""
    engine = open_store(f"sqlite:///{tmp_path}/store.db", writer=True)
    prepare(engine)
    yield engine
    engine.dispose()
