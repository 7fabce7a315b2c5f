"""X: what tweepy alone would get wrong, against a stub that plays normal, 429, 503, disconnects, malformed lines and silence."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import AuthFault, RateLimited, Transient
from connectors.metering import Spent, metered
from connectors.x import Config, X
from connectors.x_posts import event_of, stamp
from tests.connectors.loopback import Loopback

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def number(at, n=0):
    return str(((int(at.timestamp() * 1000) - 1_288_834_974_657) << 22) + n)


def post(n, text="De trein was vol", **more):
    return {"id": number(NOW - timedelta(hours=1), n), "text": text, "lang": "nl", "author_id": "5", **more}


class Stub:
    """X as far as we ask it; `stream` is what a connection to the filtered stream plays."""

    def __init__(self, stream=None, search=(), status=200):
        self.stream, self.search, self.status, self.connects, self.searches, self.rules = stream, list(search), status, 0, [], []

    def __call__(self, request):
        if self.status != 200:
            return self.status, {}, {"title": "no"}
        if request.path.endswith("/search/recent"):
            self.searches.append(request.query)
            since = int(request.query.get("since_id", 0))
            return {"data": [each for each in self.search if int(each["id"]) > since], "meta": {}}
        if request.path.endswith("/rules"):
            self.rules.append(request.json() if request.method == "POST" else {})
            return {"data": [{"id": "1", "value": "oud", "tag": "oud"}], "meta": {}}
        if request.path.endswith("/stream"):
            self.connects += 1
            return self.stream if isinstance(self.stream, tuple) else (200, {}, self.stream())
        ids = request.query["ids"].split(",")
        return {"data": [each for each in self.search if each["id"] in ids]}


def heard(stub, seconds=3.0, config=None, state=None):
    """The batches until a fault or the time is up, and the fault."""
    with Loopback(stub) as peer:
        settings = {
            "token": "s3cret",
            "rules": ("klm",),
            "api": peer.url,
            "inside_hosts": ("127.0.0.1",),
            "idle_s": 0.8,
            **(config or {}),
        }
        found, stop, until = [], threading.Event(), time.monotonic() + seconds
        try:
            for batch in X().read(Config(**settings), state, stop, lambda: NOW):
                found.append(batch)
                if time.monotonic() > until:
                    stop.set()
        except Exception as fault:  # noqa: BLE001 - handed to the test
            return found, fault
        return found, None


def lines(*said, then="hold"):
    def play():
        for line in said:
            yield line if isinstance(line, bytes) else json.dumps(line).encode() + b"\r\n"
        if then == "hold":
            threading.Event().wait(5)

    return play


def events(found):
    return [event for batch in found for event in batch.events]


def test_an_operational_disconnect_ends_the_stream_once():
    """tweepy alone made 121 connections in two seconds here."""
    stub = Stub(
        lines({"errors": [{"title": "operational-disconnect", "disconnect_type": "OperationalDisconnect"}]}, then="close")
    )
    _, fault = heard(stub)
    assert isinstance(fault, Transient) and "operational-disconnect" in str(fault) and stub.connects == 1


def test_a_close_without_a_word_ends_it_once():
    stub = Stub(lines({"data": post(1)}, then="close"))
    found, fault = heard(stub)
    assert isinstance(fault, Transient) and stub.connects == 1 and len(events(found)) == 1


def test_a_malformed_line_is_one_bad_record():
    stub = Stub(lines(b'{"data": {"id": "1", "te\r\n', b"[]\r\n", {"data": post(1)}))
    found, _ = heard(stub)
    assert len([bad for batch in found for bad in batch.bad]) == 2 and len(events(found)) == 1


def test_silence_is_a_dead_stream():
    _, fault = heard(Stub(lines()), seconds=6)
    assert isinstance(fault, Transient) and "silent" in str(fault)


def test_keep_alives_are_life():
    def play():
        for _ in range(12):  # 3.6 s without a post, and no silence near the two seconds that count as dead
            yield b"\r\n"
            time.sleep(0.3)
        yield json.dumps({"data": post(1)}).encode() + b"\r\n"
        threading.Event().wait(5)

    found, fault = heard(Stub(play), seconds=4.0, config={"idle_s": 2.0})
    assert fault is None and len(events(found)) == 1


@pytest.mark.parametrize("status, kind", [(429, RateLimited), (503, Transient), (401, AuthFault), (403, AuthFault)])
def test_a_refused_stream_returns_at_once(status, kind):
    """tweepy alone sleeps 60 s on a 429, and nothing interrupts it."""
    began = time.monotonic()
    stub = Stub((status, {}, b""))
    _, fault = heard(stub)
    assert isinstance(fault, kind) and time.monotonic() - began < 2.5 and stub.connects == 1


def test_stop_hangs_up_a_silent_stream():
    before = threading.active_count()
    _, fault = heard(Stub(lines()), seconds=0.1, config={"idle_s": 30})
    assert fault is None
    time.sleep(0.5)
    assert threading.active_count() <= before + 2


def test_search_goes_on_from_the_highest_id_and_the_stream_moves_it():
    stub = Stub(lines({"data": post(7), "matching_rules": [{"tag": "klm", "id": "1"}]}), search=[post(3), post(2)])
    found, _ = heard(stub, seconds=0.5)
    assert json.loads(found[-1].state)["since"] == {"klm": post(7)["id"]}
    stub.searches.clear()
    heard(stub, seconds=0.5, state=found[-1].state)
    assert stub.searches[0]["since_id"] == post(7)["id"]


def test_rules_of_ours_replace_what_was_there():
    stub = Stub(lines())
    heard(stub, seconds=0.3)
    assert {"delete": {"ids": ["1"]}} in stub.rules
    assert any(each.get("add") == [{"value": "klm", "tag": "klm"}] for each in stub.rules)


def test_more_than_seven_days_away_is_a_gap():
    state = json.dumps({"since": {"klm": number(NOW - timedelta(days=9))}})
    stub = Stub(lines(), search=[post(1)])
    found, _ = heard(stub, seconds=0.3, state=state)
    assert found[0].gap is not None and found[0].gap.end == NOW - timedelta(days=7) and "since_id" not in stub.searches[0]


class Fixed:
    """A meter that allows this many calls."""

    def __init__(self, calls):
        self.left, self.asked = calls, 0

    def call(self):
        self.asked += 1
        if self.asked > self.left:
            raise Spent("calls_per_hour", self.left, self.left, NOW)

    def item(self, count): ...
    def room(self, count): ...


def test_every_request_is_counted_before_it_is_made():
    """Two searches, the rules read, removed and added, and the stream: also what tweepy asks in threads of its own."""
    stub, meter = Stub(lines({"data": post(1)}), search=[post(90)]), Fixed(100)
    with metered(meter):
        heard(stub, seconds=0.5, config={"rules": ("klm", "ns")})
    assert meter.asked == len(stub.searches) + len(stub.rules) + stub.connects == 6


@pytest.mark.parametrize("calls", range(5))
def test_a_spent_budget_stops_before_the_next_request(calls):
    stub = Stub(lines({"data": post(1)}), search=[post(90)])
    with metered(Fixed(calls)):
        _, fault = heard(stub)
    assert isinstance(fault, Spent) and len(stub.searches) + len(stub.rules) + stub.connects == calls


def test_an_edit_is_a_version_of_the_same_post():
    first = event_of({"id": "1000", "text": "a", "edit_history_tweet_ids": ["1000"], "created_at": "2026-03-02T09:00:00Z"})
    second = event_of(
        {"id": "1007", "text": "b", "edit_history_tweet_ids": ["1000", "1007"], "created_at": "2026-03-02T09:05:00Z"}
    )
    assert first.external_id == second.external_id == "1000" and first.version < second.version


def test_verify_finds_what_is_gone_and_what_was_edited():
    edited = post(5, "nieuw", edit_history_tweet_ids=[post(4)["id"], post(5)["id"]])
    old = post(4, "oud", edit_history_tweet_ids=[post(4)["id"], post(5)["id"]])
    with Loopback(Stub(search=[old, edited, post(8)])) as peer:
        config = Config(token="s3cret", rules=("klm",), api=peer.url, inside_hosts=("127.0.0.1",))
        found = list(X().verify(config, [old["id"], post(8)["id"], "999"]))
    assert [(event.external_id, event.op) for event in found] == [(old["id"], "upsert"), ("999", "delete")]
    assert found[0].said.text == "nieuw"


def test_words_of_x_never_reach_a_wall():
    assert X.capabilities.wall_quotes is False


def test_the_clock_in_an_id():
    assert stamp(number(NOW)) == NOW


def test_a_private_address_is_refused():
    assert X().check(Config(token="s3cret", rules=("a",), api="https://169.254.169.254")).code == "config"
    assert X().check(Config(token="s3cret", rules=("a",), api="http://example.org")).code == "config"
