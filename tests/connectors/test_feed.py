"""Feeds: conditional questions, changed entries, stars, and feeds that are cut off or none."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime

import pytest

from connectors.base import Transient
from connectors.feed import Config, Feed
from tests.connectors.loopback import Loopback
from tests.connectors.rigs import FeedRig
from tests.connectors.suite import batches

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<item><guid>1</guid><title>Te laat</title><description>&lt;p&gt;Twee &lt;b&gt;weken&lt;/b&gt;&lt;/p&gt;</description>
<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate><link>https://example.org/1</link></item>
<item><title>Zonder id</title></item></channel></rss>"""


@pytest.fixture
def rig(tmp_path):
    made = FeedRig(tmp_path)
    yield made
    made.close()


def read(body, **more):
    with Loopback(lambda request: (200, {}, body)) as peer:
        settings = Config(url=peer.url, inside_hosts=("127.0.0.1",), **more)
        return list(Feed().read(settings, None, threading.Event(), lambda: NOW))


def test_rss_becomes_words_and_an_entry_without_identity_is_bad():
    (batch,) = read(RSS)
    (event,) = batch.events
    assert event.said.text == "Te laat\nTwee weken" and event.occurred_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert len(batch.bad) == 1 and "id" in batch.bad[0].why


def test_a_feed_that_did_not_change_is_not_sent_again(rig):
    rig.post("1", "Prima")
    state = list(batches(rig))[-1].state
    assert not [event for batch in batches(rig, state) for event in batch.events]
    assert rig.peer.requests[-1].headers["if-none-match"]


def test_only_what_changed_comes_again_as_a_newer_version(rig):
    rig.post("1", "Prima")
    rig.post("2", "Goed")
    first = list(batches(rig))[-1]
    rig.edit("2", "Toch niet goed")
    (event,) = list(batches(rig, first.state))[-1].events
    assert event.external_id == "2" and event.version > first.events[1].version and event.said.readings[0].value == 4


def test_a_change_without_a_stamp_is_a_newer_version_too():
    item = "<item><guid>1</guid><title>{}</title><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>"
    texts = iter(["a", "b", "b", "c"])

    def answer(request):
        return 200, {}, f'<rss version="2.0"><channel><title>t</title>{item.format(next(texts))}</channel></rss>'.encode()

    state, versions = None, []
    with Loopback(answer) as peer:
        for _ in range(4):
            (batch,) = Feed().read(Config(url=peer.url, inside_hosts=("127.0.0.1",)), state, threading.Event(), lambda: NOW)
            state = batch.state
            versions += [event.version for event in batch.events]
    assert len(versions) == 3 and versions == sorted(set(versions))


@pytest.mark.parametrize("body", [RSS[:200], RSS[:-20], b"", b"<html><body>Aanmelden</body></html>", b"{}", b"\x00\xff"])
def test_a_feed_that_is_cut_off_or_none_leaves_the_cursor(body):
    with pytest.raises(Transient, match="whole feed"):
        read(body)


def test_a_bomb_of_entities_is_no_feed():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)
    )
    body = bomb + b']><rss version="2.0"><channel><title>&j;</title></channel></rss>'
    with contextlib.suppress(Transient):
        assert sum(len(event.said.text) for batch in read(body) for event in batch.events) < 1000


def test_an_outside_entity_is_never_fetched():
    body = RSS.replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss').replace(b"Te laat", b"&x;")
    with contextlib.suppress(Transient):
        assert not any("root:" in event.said.text for batch in read(body) for event in batch.events)
