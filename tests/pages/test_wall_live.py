"""/live from outside: who may listen, what comes first, how a screen is enrolled and taken off, and that a bad store is said."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from config.settings import read_settings
from pages.wall import live
from pages.wall.access import host_of
from store.people import walls
from tests.browser.wall_store import NOON, fill

HERE = ("127.0.0.1", 50000)
THERE = ("192.0.2.7", 50000)
LOCAL = "http://localhost"


@pytest.fixture
def wall(sqlite_store):
    """The routes of a wall over the textbook day, running; requests come from this machine unless said otherwise."""
    fill(sqlite_store, days=2)

    @asynccontextmanager
    async def lifespan(app):
        async with live.lifespan_task(app, sqlite_store, read_settings(environ={}), lambda: NOON):
            yield

    return Starlette(routes=live.routes(), lifespan=lifespan)


def events_of(body):
    found = []
    for block in body.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"]), lines.get("id", "")))
    return found


async def listen(wall, count, client=HERE, headers=None, cookies=None, base=LOCAL, during=None):
    """The first `count` events of /live; `during` is awaited once two have come."""
    body, done, status = [], asyncio.Event(), {}

    async def receive():
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            status["code"] = message["status"]
        else:
            body.append(message.get("body", b"").decode())
            if not message.get("more_body") or len(events_of("".join(body))) >= count:
                done.set()

    request = httpx.Request("GET", f"{base}/live", headers=headers or {}, cookies=cookies or {})
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live",
        "raw_path": b"/live",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(k.lower(), v) for k, v in request.headers.raw],
        "client": client,
        "server": ("localhost", 80),
    }
    async with wall.router.lifespan_context(wall):
        task = asyncio.create_task(wall(scope, receive, send))
        if during:
            while len(events_of("".join(body))) < 2:
                await asyncio.sleep(0.01)
            await during()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, 20)
    return status["code"], events_of("".join(body))


def test_a_browser_on_this_machine_gets_a_greeting_and_the_present_frame(wall):
    status, events = asyncio.run(listen(wall, 3))
    assert status == 200
    assert [name for name, *_ in events[:2]] == ["hello", "frame"] or [name for name, *_ in events[:3]] == [
        "hello",
        "beat",
        "frame",
    ]
    hello = events[0][1]
    assert hello["now"] == NOON and len(hello["build"]) == 12
    frame, id = next((data, id) for name, data, id in events if name == "frame")
    assert frame["company"] == {"nl": "Noordvlucht", "en": "Northflight"}
    assert id.startswith(hello["build"])


@pytest.mark.parametrize(
    ("client", "headers", "base"),
    [
        (THERE, {}, LOCAL),
        (HERE, {"x-forwarded-for": "192.0.2.7"}, LOCAL),
        (HERE, {"forwarded": "for=192.0.2.7"}, LOCAL),
        (HERE, {}, "http://rebound.example"),
        (HERE, {"cookie": "klantblik_wall=guess", "x-real-ip": "192.0.2.7"}, LOCAL),
    ],
)
def test_everyone_else_gets_nothing(wall, client, headers, base):
    status, events = asyncio.run(listen(wall, 1, client, headers, base=base))
    assert (status, events) == (403, [])


def test_a_screen_is_enrolled_by_its_code_and_sees_the_wall_from_elsewhere(wall, sqlite_store):
    with TestClient(wall, base_url="http://wall.example", client=THERE) as outside:
        answer = outside.post("/live/enrol")
        code, token = answer.json()["code"], answer.cookies["klantblik_wall"]
        flags = answer.headers["set-cookie"].lower()
        assert "httponly" in flags and "samesite=strict" in flags and token not in answer.text
        assert outside.get("/live/me").json() == {"allowed": False}
        walls.confirm(sqlite_store, code, "anna", "Hal", NOON, language="en", distance_m=7)
        assert outside.get("/live/me").json() == {"allowed": True}
    status, events = asyncio.run(listen(wall, 2, THERE, cookies={"klantblik_wall": token}, base="http://wall.example"))
    assert status == 200
    assert events[0][1]["screen"] == {"name": "Hal", "language": "en", "distance": 7.0, "playlist": [], "quotes": ""}


def enrolled(store):
    code, token = walls.ask(store, NOON)
    return walls.confirm(store, code, "anna", "Hal", NOON), {"klantblik_wall": token}


def test_a_screen_confirmed_while_its_code_ran_out_keeps_its_token(wall, sqlite_store):
    _, cookies = enrolled(sqlite_store)
    with TestClient(wall, base_url="http://wall.example", client=THERE, cookies=cookies) as outside:
        answer = outside.post("/live/enrol")
        assert answer.json() == {"allowed": True} and "set-cookie" not in answer.headers


def test_a_revoked_screen_hears_it_and_its_stream_ends(wall, sqlite_store):
    screen, cookies = enrolled(sqlite_store)

    async def revoke():
        walls.revoke(sqlite_store, screen.id, "anna", NOON)

    _, events = asyncio.run(listen(wall, 99, THERE, cookies=cookies, during=revoke))
    assert events[-1][:2] == ("bye", {"why": "revoked"})
    assert asyncio.run(listen(wall, 1, THERE, cookies=cookies))[0] == 403


def test_changed_settings_reach_an_open_screen(wall, sqlite_store):
    screen, cookies = enrolled(sqlite_store)

    async def change():
        await asyncio.sleep(live.SCREENS_S + 0.5)
        walls.change(sqlite_store, screen.id, "anna", NOON, language="nl")
        await asyncio.sleep(live.SCREENS_S + 0.5)
        walls.revoke(sqlite_store, screen.id, "anna", NOON)

    _, events = asyncio.run(listen(wall, 99, THERE, cookies=cookies, during=change))
    told = [data for name, data, _ in events if name == "screen"]
    assert [data["language"] for data in told] == ["nl"]


def test_a_screen_that_may_quote_nobody_is_sent_no_quote_from_then_on(wall, sqlite_store):
    screen, cookies = enrolled(sqlite_store)

    async def change():
        await asyncio.sleep(live.SCREENS_S + 0.5)
        walls.change(sqlite_store, screen.id, "anna", NOON, quotes="off")
        await asyncio.sleep(live.SCREENS_S + 0.5)
        walls.revoke(sqlite_store, screen.id, "anna", NOON)

    _, events = asyncio.run(listen(wall, 99, THERE, cookies=cookies, during=change))
    at = next(i for i, (name, data, _) in enumerate(events) if name == "screen" and data["quotes"] == "off")
    before = [data for name, data, _ in events[:at] if name == "frame"]
    after = [data for name, data, _ in events[at:] if name == "frame"]
    assert before and before[-1]["voices"] and after and not any(data["voices"] or data["base"] for data in after)


def test_another_site_cannot_enrol_a_screen(wall):
    with TestClient(wall, base_url=LOCAL, client=THERE) as outside:
        assert outside.post("/live/enrol", headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert outside.get("/live/enrol").status_code == 405


def test_waiting_screens_cannot_flood_the_store(wall):
    with TestClient(wall, base_url=LOCAL, client=THERE) as outside:
        answers = [outside.post("/live/enrol").status_code for _ in range(walls.WAITING_AT_MOST + 1)]
    assert answers == [200] * walls.WAITING_AT_MOST + [503]


def test_the_font_comes_from_here(wall):
    with TestClient(wall, base_url=LOCAL, client=HERE) as inside:
        answer = inside.get("/live/inter.woff2")
    assert answer.headers["content-type"] == "font/woff2" and answer.content[:4] == b"wOF2"


def test_a_store_that_does_not_answer_is_said_and_recovered_from(wall, monkeypatch, caplog):
    look, fails = live.pulse_version, {"on": False}

    def pulse(engine):
        if fails["on"]:
            raise OSError("secret detail of a query")
        return look(engine)

    monkeypatch.setattr(live, "pulse_version", pulse)

    async def fail_a_while():
        fails["on"] = True
        await asyncio.sleep(live.BEAT_S + 0.5)
        fails["on"] = False

    with caplog.at_level(logging.WARNING, "klantblik.wall"):
        _, events = asyncio.run(listen(wall, 6, during=fail_a_while))
    troubles = [data["trouble"] for name, data, _ in events if name == "beat"]
    assert "OSError" in troubles and troubles[-1] == ""
    assert [record.message for record in caplog.records].count(caplog.records[0].message) == 1
    assert "secret detail" not in caplog.text


@pytest.mark.parametrize(
    ("header", "host"), [("localhost:8501", "localhost"), ("[::1]:8501", "[::1]"), ("[::1]", "[::1]"), ("x.nl", "x.nl")]
)
def test_the_host_of_a_header(header, host):
    assert host_of(header) == host
