"""Matrix: a timeline cut short is filled, an unknown place means again, and nobody edits another's words."""

from __future__ import annotations

import json
import threading

import pytest

from connectors.base import AuthFault, ConfigFault
from connectors.matrix import Matrix
from connectors.matrix_events import event_of
from tests.connectors.rigs import MatrixRig
from tests.connectors.suite import batches, words


@pytest.fixture
def rig(tmp_path):
    made = MatrixRig(tmp_path)
    yield made
    made.close()


def found(rig, state=None):
    return list(batches(rig, state))


def events(told):
    return [event for batch in told for event in batch.events]


def test_a_limited_timeline_is_filled_from_the_history(rig):
    for n in range(40):
        rig.post(str(n), f"Bericht {n}")
    told = found(rig)
    assert words(events(told)) == rig.said
    assert any("/messages" in request.path for request in rig.peer.requests)


def test_the_state_moves_only_after_the_history_was_read(rig):
    for n in range(40):
        rig.post(str(n), f"Bericht {n}")
    first = next(n for n, batch in enumerate(found(rig)) if batch.state)
    seen = events(found(rig)[: first + 1])
    assert len(words(seen)) == 40


def test_history_stops_at_the_place_we_had(rig):
    for n in range(20):
        rig.post(str(n), f"Bericht {n}")
    state = [batch.state for batch in found(rig) if batch.state][-1]
    rig.peer.requests.clear()
    for n in range(20, 30):
        rig.post(str(n), f"Bericht {n}")
    assert len({event.external_id for event in events(found(rig, state))}) == 10
    asked = [request.query["to"] for request in rig.peer.requests if "/messages" in request.path]
    assert asked and set(asked) == {"s20"}


def test_a_place_that_is_unknown_means_again(rig):
    rig.post("1", "Hallo")
    answer = rig._sync
    rig._sync = lambda since: (400, {}, {"errcode": "M_UNKNOWN"}) if since == 999 else answer(since)
    assert words(events(found(rig, json.dumps({"since": "s999"})))) == {"$1": "Hallo"}


def test_only_the_author_edits(rig):
    rig.post("1", "Het pakket is zoek")
    rig.edit("1", "Alles is prima")
    rig.events[-1]["sender"] = "@medewerker:here"
    assert words(events(found(rig))) == {"$1": "Het pakket is zoek"}


def test_an_edit_of_what_is_gone_is_left_out(rig):
    rig.post("1", "Hallo")
    rig.edit("1", "Hoi")
    answer = rig.answer
    rig.peer.answer = lambda request: (404, {}, {}) if "/event/" in request.path else answer(request)
    assert words(events(found(rig))) == {"$1": "Hallo"}


def test_a_first_sync_that_is_refused_says_so(rig):
    rig.set_mood("404")
    with pytest.raises(ConfigFault):
        next(iter(rig.connector.read(rig.config, None, threading.Event(), rig.clock)))
    rig.set_mood("401")
    with pytest.raises(AuthFault):
        next(iter(rig.connector.read(rig.config, json.dumps({"since": "s1"}), threading.Event(), rig.clock)))


def message(**more):
    return {
        "type": "m.room.message",
        "event_id": "$1",
        "sender": "@c:here",
        "origin_server_ts": 1772438400000,
        "content": {"msgtype": "m.text", "body": "Hallo"},
        **more,
    }


def test_what_counts_as_a_customers_words():
    assert event_of(message(), "!r", (), None).said.text == "Hallo"
    assert event_of(message(), "!r", ("@c:here",), None) is None
    assert event_of(message(type="m.room.member"), "!r", (), None) is None
    assert event_of(message(type="m.room.encrypted"), "!r", (), None) is None
    assert event_of(message(content={"msgtype": "m.image", "body": "foto.png"}), "!r", (), None) is None
    assert event_of(message(unsigned={"redacted_because": {}}, content={}), "!r", (), None).op == "delete"
    assert event_of({**message(), "type": "m.room.redaction", "content": {"redacts": "$9"}}, "!r", (), None).external_id == "$9"


def test_check_says_that_the_token_is_refused(rig):
    rig.set_mood("401")
    assert Matrix().check(rig.config).code == "sign_in"


def answered(rig, **events):
    """A homeserver with two rooms that knows these events, each in one of them."""

    def answer(request):
        if request.path.endswith("/joined_rooms"):
            return {"joined_rooms": ["!a:here", "!b:here"]}
        room, _, id = request.path.partition("/rooms/")[2].partition("/event/")
        found = events.get(id.removeprefix("%24"))
        return found[1] if found and found[0] == room.replace("%21", "!").replace("%3A", ":") else (404, {}, b"{}")

    rig.peer.answer = answer
    return list(rig.connector.verify(rig.config, [f"${id}" for id in events]))


def kept_message(id, sender="@c:here", **unsigned):
    content = {"msgtype": "m.text", "body": id}
    return {
        "type": "m.room.message",
        "event_id": f"${id}",
        "sender": sender,
        "origin_server_ts": 5,
        "content": content,
        "unsigned": unsigned,
    }


def edit(of, sender="@c:here"):
    return kept_message("later", sender) | {
        "origin_server_ts": 9,
        "content": {"msgtype": "m.text", "body": "* x", "m.new_content": {"msgtype": "m.text", "body": "nieuw"},
                    "m.relates_to": {"rel_type": "m.replace", "event_id": f"${of}"}},
    }  # fmt: skip


def test_verify_finds_redactions_and_edits_in_whatever_room_they_are(rig):
    redacted = kept_message("b", redacted_because={"type": "m.room.redaction"})
    edited = kept_message("c", **{"m.relations": {"m.replace": edit("c")}})
    found = answered(rig, a=("!a:here", kept_message("a")), b=("!b:here", redacted), c=("!b:here", edited))
    told = {event.external_id: (event.op, event.version, event.said and event.said.text) for event in found}
    assert told["$b"][0] == "delete" and told["$c"] == ("upsert", 9, "nieuw") and told["$a"] == ("upsert", 5, "a")


def test_verify_believes_no_edit_by_another_and_says_nothing_of_what_it_cannot_see(rig):
    forged = kept_message("c", **{"m.relations": {"m.replace": edit("c", sender="@evil:here")}})
    assert answered(rig, c=("!a:here", forged), gone=("!left:here", kept_message("gone"))) == []


def test_verify_asks_first_in_the_room_that_knew_the_last_one(rig):
    answered(rig, **{str(n): ("!b:here", kept_message(str(n))) for n in range(5)})
    assert sum("/event/" in request.path for request in rig.peer.requests) == 6


def test_verify_with_a_token_that_is_refused_is_a_fault(rig):
    rig.set_mood("401")
    with pytest.raises(AuthFault):
        list(rig.connector.verify(rig.config, ["$a"]))
