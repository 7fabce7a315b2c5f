"""Mastodon: walking up by min_id, heartbeats that are comments, edits, deletes, and verify."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from connectors.base import Transient
from connectors.mastodon import Config, Mastodon, upsert
from connectors.sse import events
from tests.connectors.loopback import Loopback
from tests.connectors.rigs import START, MastodonRig
from tests.connectors.suite import batches


@pytest.fixture
def rig(tmp_path):
    made = MastodonRig(tmp_path)
    yield made
    made.close()


def test_what_was_missed_is_walked_upwards_and_loses_no_middle(rig):
    for n in range(1, 131):
        rig.statuses.append(rig._status(str(n), f"Bericht {n}"))
    found = [event for batch in batches(rig, '{"id": "5"}') for event in batch.events]
    assert [int(event.external_id) for event in found] != [] and {int(e.external_id) for e in found} == set(range(6, 131))
    asked = [request.query for request in rig.peer.requests if "timelines" in request.path]
    assert [query["min_id"] for query in asked] == ["5", "45", "85", "125", "130"] and not any(
        "since_id" in query for query in asked
    )


def test_a_state_is_the_highest_id_not_the_last(rig):
    rig.post("100", "a")
    rig.post("99", "b")
    states = [json.loads(batch.state)["id"] for batch in batches(rig) if batch.state]
    assert states[-1] == "100"


def test_heartbeats_are_comments_and_count_as_life(rig):
    stop = threading.Event()
    found = []
    for batch in rig.connector.read(rig.config, None, stop, rig.clock):
        found.append(batch)
        if len(found) == 20:
            break
    assert not any(batch.events for batch in found)


def test_the_end_of_a_stream_is_a_fault():
    def answer(request):
        return (200, {"content-type": "text/event-stream"}, iter([b":)\n"])) if "streaming" in request.path else []

    with Loopback(answer) as peer:
        config = Config(server=peer.url, tag="klm", inside_hosts=("127.0.0.1",))
        with pytest.raises(Transient, match="ended"):
            list(Mastodon().read(config, None, threading.Event(), lambda: START))


def test_an_edit_has_a_version_of_its_own_and_html_becomes_words(rig):
    status = rig._status("1", "Te laat!</p><p>Twee <b>weken</b><script>x()</script>")
    edited = {**status, "edited_at": "2026-03-02T10:00:00Z"}
    assert upsert(status).said.text == "Te laat!\nTwee weken"
    assert upsert(status).version < upsert(edited).version and upsert(status).occurred_at == upsert(edited).occurred_at


@pytest.mark.parametrize(
    "timeline, path, stream", [("home", "home", "user"), ("public", "public", "public"), ("local", "public", "public/local")]
)
def test_each_timeline_has_its_path(timeline, path, stream):
    config = Config(server="https://x.example", token="s3cret", timeline=timeline)
    assert (config.path, config.streaming) == (path, stream)


def test_a_hashtag_is_escaped_and_needed():
    assert Config(server="https://x.example", tag="#te laat").path == "tag/te%20laat"
    with pytest.raises(ValidationError, match="hashtag"):
        Config(server="https://x.example")
    with pytest.raises(ValidationError, match="token"):
        Config(server="https://x.example", timeline="home")


def test_verify_says_what_is_gone_and_what_it_says_now(rig):
    rig.statuses = [rig._status("1", "oud"), rig._status("2", "nieuw", edited="2026-03-02T10:00:00Z")]
    found = list(Mastodon().verify(rig.config, ["1", "2", "3"]))
    assert [(event.external_id, event.op) for event in found] == [("1", "upsert"), ("2", "upsert"), ("3", "delete")]


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        ({"expires_in": 864_000}, 10),
        ({"expires_in": None}, None),
        ((404, {}, b"{}"), None),
        ([], None),
        ({"expires_in": "x"}, None),
    ],
)
def test_the_server_says_when_the_token_ends(answer, days):
    with Loopback(lambda request: answer if request.path == "/oauth/token/info" else []) as peer:
        config = Config(server=peer.url, tag="klm", token="s3cret", inside_hosts=("127.0.0.1",))
        found = Mastodon().expires(config)
    assert (found is None) if days is None else abs((found - datetime.now(UTC)).total_seconds() - days * 86_400) < 60


def test_without_a_token_nothing_ends_and_nobody_is_asked():
    assert Mastodon().expires(Config(server="https://x.example", tag="klm")) is None


def test_server_sent_events_as_the_standard_reads_them():
    lines = [b"event: a", b"data:x", b"data: y", b"id: 3", b"", b"data", b"", b":hi", b"event: b", b"", b"data: z", b""]
    assert list(events(lines)) == [("a", "x\ny"), ("message", ""), ("", ""), ("message", "z")]
