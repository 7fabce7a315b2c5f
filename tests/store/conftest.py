"""A store per database for all tests of store/, emptied before each: much cheaper than a new one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from store.engine import open_store, prepare
from store.people.audit import verify
from tests.store.model import restart_ids, wipe
from tests.store.people_store import fresh


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def used(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store ready for use, on each database in turn; it may hold what an earlier test left."""
    if request.param == "postgres":
        host = request.getfixturevalue("postgres_server").split()[0]
        engine = open_store(f"postgresql://postgres@/postgres?{host}", writer=True)
    else:
        engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('store')}/store.db", writer=True)
        event.listen(engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA synchronous = OFF"))  # no power cuts here
    prepare(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(used: Engine) -> Engine:
    """An empty store, on each database in turn."""
    wipe(used)
    restart_ids(used)
    return used


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A store that people write to; whatever they did, its audit is whole in the end."""
    made = fresh(tmp_path)
    yield made
    assert verify(made) == []
    made.dispose()
