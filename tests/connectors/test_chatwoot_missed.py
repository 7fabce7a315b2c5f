"""What Chatwoot could not deliver, asked for at its API: the same events, so that nothing is counted twice."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from connectors.base import AuthFault, Transient
from connectors.presets import chatwoot_missed
from connectors.webhook import Config, Webhook
from tests.connectors.loopback import Loopback
from tests.connectors.suite import fold

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRET = "s3cret-of-the-test-rig"


def at(minutes: float) -> int:
    return int((NOW - timedelta(minutes=minutes)).timestamp())


class Account:
    """An account with numbered conversations; page sizes as the real one has them, or smaller."""

    def __init__(self, size=25, messages=20):
        self.size, self.messages, self.talks, self.said, self.asked = size, messages, {}, {}, []

    def talk(self, id, moved, **more):
        self.talks[id] = {
            "id": id, "inbox_id": 12, "status": "open", "created_at": at(600), "last_activity_at": at(moved),
            "first_reply_created_at": 0, "meta": {"channel": "Channel::WebWidget", "sender": {"id": 77}}, **more,
        }  # fmt: skip
        self.said.setdefault(id, [])

    def say(self, talk, id, minutes, content="Waar blijft mijn koffer?", kind=0, **more):
        self.said[talk].append(
            {"id": id, "content": content, "message_type": kind, "created_at": at(minutes), "content_type": "text"} | more
        )

    def __call__(self, request):
        self.asked.append(request)
        parts = request.path.split("/")
        if parts[-1] == "messages":
            older = [m for m in self.said[int(parts[-2])] if m["id"] < int(request.query.get("before", 10**9))]
            return {"meta": {}, "payload": older[-self.messages :]}
        ordered = sorted(self.talks.values(), key=lambda talk: -talk["last_activity_at"])
        page = int(request.query["page"]) - 1
        return {"data": {"meta": {}, "payload": ordered[page * self.size : (page + 1) * self.size]}}


def config(url, **more):
    given = {"preset": "chatwoot", "secrets": (SECRET,), "api": url, "account": 3, "api_token": SECRET}
    return Config(inside_hosts=("127.0.0.1",), deadline_s=1.0, stages={"12": "service"}, **(given | more))


def asked(account, minutes=60):
    with Loopback(account) as peer:
        stop = threading.Event()
        return list(Webhook().missed(config(peer.url), NOW - timedelta(minutes=minutes), stop, lambda: NOW))


def events(account, minutes=60):
    return [event for batch in asked(account, minutes) for event in batch.events]


def test_everything_that_moved_since_is_asked_for_and_nothing_older():
    account = Account(size=4)
    for id in range(1, 31):
        account.talk(id, moved=id * 5)
        account.say(id, id * 10, minutes=id * 5)
    found = [event for event in events(account) if event.stream == "messages"]
    assert sorted(int(event.external_id) for event in found) == [id * 10 for id in range(1, 13)]
    lists = [request for request in account.asked if request.path.endswith("/conversations")]
    assert len(lists) == 4, "twelve conversations of four to a page, and one page on which all is older"
    assert all(request.headers["api_access_token"] == SECRET for request in account.asked)


def test_a_long_conversation_is_walked_back_as_far_as_needed():
    account = Account(messages=5)
    account.talk(1, moved=0)
    for n in range(40):
        account.say(1, n + 1, minutes=40 - n)
    found = [event for event in events(account, minutes=23) if event.stream == "messages"]
    assert sorted(int(event.external_id) for event in found) == list(range(18, 41))
    assert sum(request.path.endswith("/messages") for request in account.asked) == 5


def test_they_are_the_events_that_a_delivery_would_have_told():
    account = Account()
    account.talk(5, moved=5, first_reply_created_at=at(599), status="resolved")
    account.say(5, 1, minutes=30)
    account.say(5, 2, minutes=29, kind=1, content="Wij zoeken het uit")
    account.say(5, 3, minutes=28, private=True)
    delivered = {
        "event": "message_created", "id": 1, "content": "Waar blijft mijn koffer?", "message_type": "incoming",
        "content_type": "text", "created_at": datetime.fromtimestamp(at(30), UTC).isoformat(),
        "conversation": account.talks[5] | {"channel": "Channel::WebWidget"},
    }  # fmt: skip
    pushed = Webhook().events(config("https://x"), {}, json.dumps(delivered).encode())
    polled = events(account)
    assert {key: fold(polled)[key] for key in fold(pushed)} == fold(pushed)
    facts = {id: told[2] for (stream, id), told in fold(polled).items() if stream == "facts"}
    assert facts["5/answer"][0][:2] == ("wait", 60.0) and facts["5/resolved_first"][0][:2] == ("resolved_first", 1.0)
    assert {event.external_id for event in polled if event.stream == "messages"} == {"1"}


def test_a_conversation_that_cannot_be_read_is_held_and_the_rest_goes_on():
    account = Account()
    account.talk(1, moved=5, meta="?")
    account.say(1, 1, minutes=5)
    account.talk(2, moved=6)
    account.say(2, 2, minutes=6)
    found = asked(account)
    assert [len(batch.bad) for batch in found] == [2, 0] and any(event.external_id == "2" for event in found[1].events)


@pytest.mark.parametrize(
    "answer", [{}, {"data": []}, {"data": {"payload": [3]}}, [], "nee", {"data": {"payload": [{"created_at": "morgen"}]}}]
)
def test_an_answer_of_another_shape_is_a_fault_not_an_empty_list(answer):
    with pytest.raises(Transient):
        asked(lambda request: answer)


def test_a_refused_token_says_so():
    with pytest.raises(AuthFault):
        asked(lambda request: (401, {}, b"{}"))


def test_a_list_without_end_ends(monkeypatch):
    monkeypatch.setattr(chatwoot_missed, "MOST_PAGES", 5)
    account = Account(size=1)
    account.talk(1, moved=1)
    asked(lambda request: account(type(request)("GET", f"{request.path}?page=1", request.headers, b"")))
    assert sum(request.path.endswith("/conversations") for request in account.asked) == 5


@pytest.mark.parametrize(
    "wrong",
    [{"secrets": ()}, {"path_secret": "short"}, {"path_secret": "with/slashes/and/dots..."}, {"account": 0},
     {"preset": "generic", "secrets": (), "path_secret": "a" * 20}],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(wrong):
    with pytest.raises(ValidationError):
        config("https://x", **wrong)


def test_only_chatwoot_with_a_token_catches_up():
    assert Webhook().catches_up(config("https://x"))
    assert not Webhook().catches_up(config("https://x", api_token=""))
    assert not Webhook().catches_up(Config(preset="zendesk", secrets=(SECRET,), account=1, api_token=SECRET))


PATH = "abcdefghijklmnop1234"


def unsigned(path_secret=PATH, **headers):
    chosen = config("https://x", secrets=(), path_secret=PATH)
    sent = {"x-klantblik-path-secret": path_secret} if path_secret else {}
    return Webhook().authenticate(chosen, sent | headers, b"{}", NOW)


def test_a_chatwoot_that_does_not_sign_is_let_in_by_its_address_and_known_by_its_hash():
    assert len(unsigned()) == 64 and unsigned() == unsigned()


@pytest.mark.parametrize("offered", ["", "abcdefghijklmnop1235", "é" * 20])
def test_another_address_is_not(offered):
    with pytest.raises(AuthFault):
        unsigned(offered)


def test_a_signature_that_is_there_must_be_right_whatever_the_address():
    with pytest.raises(AuthFault):
        unsigned(**{"X-Chatwoot-Signature": "sha256=00", "X-Chatwoot-Timestamp": str(int(NOW.timestamp()))})
