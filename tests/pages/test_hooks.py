"""A webhook's delivery reaches the inbox whole, or is refused before it fills the memory."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages import hooks


@pytest.fixture
def inbox():
    """An inbox that remembers what it was given and answers what it is told."""

    class Inbox:
        answer = (200, "stored")

        def __init__(self):
            self.given = []

        def accept(self, engine, source, headers, body, now_ms):
            self.given.append((engine, source, headers, body, now_ms))
            return self.answer

    return Inbox()


def client(inbox):
    return TestClient(Starlette(routes=hooks.routes(lambda: "the store", inbox.accept)))


def test_the_body_arrives_as_it_was_sent(inbox):
    answer = client(inbox).post("/hooks/chatwoot", content=b'{"id": 1}', headers={"x-signature": "abc"})
    engine, source, headers, body, now_ms = inbox.given[0]
    assert answer.status_code == 200
    assert (engine, source, body) == ("the store", "chatwoot", b'{"id": 1}')
    assert headers["x-signature"] == "abc"
    assert now_ms > 1_700_000_000_000


def test_a_body_over_the_limit_is_refused_and_not_stored(inbox):
    answer = client(inbox).post("/hooks/chatwoot", content=b"x" * (hooks.LARGEST + 1))
    assert answer.status_code == 413
    assert inbox.given == []


def test_a_full_store_asks_the_sender_to_come_back(inbox):
    inbox.answer = (503, "later")
    answer = client(inbox).post("/hooks/chatwoot", content=b"{}")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_only_post_is_answered(inbox):
    assert client(inbox).get("/hooks/chatwoot").status_code == 405
