"""A webhook's delivery reaches the inbox whole, or is refused before it fills the memory."""

import threading
import time

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.testclient import TestClient

from connectors.presets.signing import PATH_SECRET
from ingest import inbox as ingest_inbox
from pages import hooks
from store.corridor.inbox import waiting
from store.engine import open_store, prepare


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

        def question(self, source, query, headers):
            self.given.append((source, query, headers))
            return query.get("hub.challenge")

    return Inbox()


def client(inbox):
    return TestClient(Starlette(routes=hooks.routes(lambda: "the store", inbox.accept, inbox.question)))


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


def test_a_vendors_question_is_answered_as_plain_text_and_nothing_else_is(inbox):
    answer = client(inbox).get("/hooks/whatsapp", params={"hub.mode": "subscribe", "hub.challenge": "<b>1158201444</b>"})
    assert (answer.status_code, answer.text) == (200, "<b>1158201444</b>")
    assert answer.headers["content-type"].startswith("text/plain") and answer.headers["x-content-type-options"] == "nosniff"
    assert client(inbox).get("/hooks/whatsapp").status_code == 403
    assert len(client(inbox).get("/hooks/whatsapp", params={"hub.challenge": "x" * 9_000}).text) == hooks.LONGEST_ANSWER


def test_other_methods_are_refused(inbox):
    assert client(inbox).put("/hooks/chatwoot").status_code == client(inbox).delete("/hooks/chatwoot/x").status_code == 405


def test_a_secret_in_the_path_is_handed_on_and_nobody_else_can_set_it(inbox):
    client(inbox).post("/hooks/chatwoot/hush", content=b"{}", headers={PATH_SECRET: "forged"})
    client(inbox).post("/hooks/chatwoot", content=b"{}", headers={PATH_SECRET: "forged"})
    assert inbox.given[0][2][PATH_SECRET] == "hush" and PATH_SECRET not in inbox.given[1][2]
    assert inbox.given[0][1] == inbox.given[1][1] == "chatwoot" and hooks.PATH_SECRET == PATH_SECRET


@pytest.fixture
def served(tmp_path, monkeypatch):
    """The real door over HTTP: real receivers of two vendors, a real store, a real server on a free port."""
    file = tmp_path / "sources.toml"
    file.write_text('[wa]\nconnector = "webhook"\npreset = "whatsapp"\n[cw]\nconnector = "webhook"\npreset = "chatwoot"\n')
    for name, value in {"SOURCES": str(file), "SOURCE_WA_SECRETS": "app-secret-of-meta", "SOURCE_WA_VERIFY_TOKEN": "my word",
                        "SOURCE_CW_PATH_SECRET": "abcdefghijklmnop"}.items():  # fmt: skip
        monkeypatch.setenv(f"KLANTBLIK_{name}", value)
    engine = open_store(f"sqlite:///{tmp_path}/store.db")
    prepare(engine)
    ingest_inbox.receivers.cache_clear()
    app = Starlette(routes=hooks.routes(lambda: engine, ingest_inbox.accept, ingest_inbox.answer))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", engine
    server.should_exit = True
    thread.join(10)
    ingest_inbox.receivers.cache_clear()
    engine.dispose()


@pytest.mark.faults
def test_a_body_that_drips_is_given_up_and_not_kept(served, monkeypatch):
    monkeypatch.setattr(hooks, "SLOW_S", 0.4)
    url, engine = served

    def dripping():
        for _ in range(100):
            yield b" "
            time.sleep(0.05)

    answer = httpx.post(f"{url}/hooks/cw/abcdefghijklmnop", content=dripping(), timeout=20)
    assert answer.status_code == 408 and "0.4 seconds" in answer.text and waiting(engine, "cw") == []
    assert httpx.post(f"{url}/hooks/cw/abcdefghijklmnop", json={"event": "conversation_created"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ({"hub.mode": "subscribe", "hub.verify_token": "my word", "hub.challenge": "1158201444"}, 200, "1158201444"),
        ({"hub.mode": "subscribe", "hub.verify_token": "other", "hub.challenge": "1158201444"}, 403, None),
        ({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}, 403, None),
        ({"hub.mode": "other", "hub.verify_token": "my word", "hub.challenge": "1"}, 403, None),
        ({}, 403, None),
    ],
)
def test_metas_challenge_over_http(served, query, status, text):
    url, _ = served
    answer = httpx.get(f"{url}/hooks/wa", params=query)
    assert answer.status_code == status and (text is None or answer.text == text)
    assert (
        httpx.get(f"{url}/hooks/cw", params=query).status_code == httpx.get(f"{url}/hooks/none", params=query).status_code == 403
    )


def test_a_chatwoot_that_signs_nothing_is_let_in_by_its_address_over_http(served):
    url, engine = served
    body = {"event": "conversation_created"}
    right = httpx.post(f"{url}/hooks/cw/abcdefghijklmnop", json=body)
    again = httpx.post(f"{url}/hooks/cw/abcdefghijklmnop", json=body)
    wrong = [httpx.post(f"{url}/hooks/cw{end}", json=body, headers=sent).status_code
             for end, sent in (("", {}), ("/abcdefghijklmnoq", {}), ("", {PATH_SECRET: "abcdefghijklmnop"}))]  # fmt: skip
    assert (right.text, again.text, wrong) == ("received", "received before", [401, 401, 401])
    (kept,) = waiting(engine, "cw")
    assert "abcdefghijklmnop" not in repr(kept)
