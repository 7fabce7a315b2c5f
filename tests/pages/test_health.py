"""`/healthz` and `/metrics` tell what a watchdog needs, and 503 when the store is gone."""

import pytest
from sqlalchemy import create_engine, insert
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages import health
from store.reads.sources import Source
from store.tables import Base, SourceState

NOW = 1_764_000_000_000


def source(**changed):
    values = {"connector": "webhook", "channel": "chat", "detail": "", "since_at": NOW, "last_stored_at": NOW}
    values |= {"source": "chat", "status": "live", "live": True, "heartbeat_at": NOW, "last_event_at": NOW - 5000}
    values |= {"cadence_s": 60.0, "received": 10, "stored": 7, "duplicates": 2, "quarantined": 1}
    return Source(**(values | changed))


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/store.db")
    Base.metadata.create_all(engine)
    return engine


def client(engine):
    return TestClient(Starlette(routes=health.routes(lambda: engine)))


def test_a_healthy_source_shows_its_lag():
    report = health.health_report([source()], NOW)
    assert report["state"] == "ok"
    assert report["sources"]["chat"]["lag_s"] == 5.0


@pytest.mark.parametrize(
    ("changed", "state", "overall"),
    [
        ({"heartbeat_at": NOW - 121_000, "last_event_at": NOW - 121_000}, "late", "late"),
        ({"heartbeat_at": NOW - 119_000, "last_event_at": NOW - 119_000}, "live", "ok"),
        ({"status": "sign_in"}, "sign_in", "trouble"),
        ({"status": "done", "live": False, "last_event_at": 1}, "done", "ok"),
    ],
)
def test_the_worst_source_decides(changed, state, overall):
    report = health.health_report([source(source="other"), source(**changed)], NOW)
    assert report["sources"]["chat"]["state"] == state
    assert report["state"] == overall


def test_a_source_that_was_never_heard_has_no_lag():
    assert health.health_report([source(last_event_at=0)], NOW)["sources"]["chat"]["lag_s"] is None


def test_the_routes_read_the_store(engine):
    with engine.begin() as connection:
        connection.execute(insert(SourceState).values(source="mail", status="done", received=3, stored=2, duplicates=1))
    body = client(engine).get("/healthz").json()
    assert body["sources"]["mail"]["received"] == 3
    assert 'klantblik_stored_total{source="mail"} 2' in client(engine).get("/metrics").text


def test_a_store_that_is_gone_answers_503(tmp_path):
    answer = client(create_engine(f"sqlite:///{tmp_path}/empty.db")).get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["state"] == "store unreachable"
