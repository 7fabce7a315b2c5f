"""Bluesky: firehose and Jetstream say the same; words, accounts, cursors from elsewhere, and history that is gone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import libipld
import pytest

from connectors.base import Transient
from connectors.bluesky import Bluesky, Chosen, Config, Place, _address, _batch
from connectors.bluesky_firehose import told as told_firehose
from connectors.bluesky_jetstream import told as told_jetstream
from connectors.bluesky_posts import FutureCursor
from connectors.tid import number_at, tid_number
from tests.connectors.loopback import Loopback
from tests.connectors.rigs import tid

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DID = "did:plc:abc"
REV = tid(int(NOW.timestamp() * 1_000_000))


def varint(number: int) -> bytes:
    found = b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])


def car(record) -> tuple[bytes, bytes]:
    """A CAR of one block, and the block's CID."""
    import hashlib

    block = libipld.encode_dag_cbor(record)
    cid = b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()
    # a link in DAG-CBOR is tag 42 over a byte string that begins with a zero
    link = b"\xd8\x2a\x58\x25\x00" + cid
    header = b"\xa2\x65roots\x81" + link + b"\x67version\x01"
    part = cid + block
    return varint(len(header)) + header + varint(len(part)) + part, link


def frame(kind, body_cbor: bytes) -> bytes:
    return libipld.encode_dag_cbor({"op": 1, "t": kind}) + body_cbor


def commit(action, path, record=None, seq=7, rev=REV) -> bytes:
    """A #commit frame, put together byte by byte so that its link is a link."""
    blocks, link = car(record) if record is not None else (b"", b"\xf6")
    op = b"\xa3\x63cid" + link + b"\x64path" + text(path) + b"\x66action" + text(action)
    parts = [
        b"\x63ops\x81" + op,
        b"\x63rev" + text(rev),
        b"\x63seq" + integer(seq),
        b"\x64repo" + text(DID),
        b"\x64time" + text(NOW.isoformat()),
        b"\x66blocks" + data(blocks),
    ]
    return frame("#commit", bytes([0xA0 + len(parts)]) + b"".join(parts))


def text(value: str) -> bytes:
    return libipld.encode_dag_cbor(value)


def integer(value: int) -> bytes:
    return libipld.encode_dag_cbor(value)


def data(value: bytes) -> bytes:
    return libipld.encode_dag_cbor(value)


RECORD = {
    "$type": "app.bsky.feed.post",
    "text": "Koffer kwijt bij @noordvlucht",
    "createdAt": "2026-03-02T08:59:00Z",
    "langs": ["nl"],
}


def jetstream(operation, key="k1", record=None, us=None, **more):
    said = {
        "rev": REV,
        "operation": operation,
        "collection": "app.bsky.feed.post",
        "rkey": key,
        **({"record": record} if record else {}),
    }
    us = us or int(NOW.timestamp() * 1_000_000)
    return json.dumps({"did": DID, "time_us": us, "kind": "commit", "commit": said, **more}).encode()


def batch(frames, config=None, place=None, transport="jetstream"):
    config = config or Config(transport=transport)
    return _batch(frames, config, place or Place(None), Chosen(config))


@pytest.mark.parametrize("action, record", [("create", RECORD), ("update", RECORD), ("delete", None)])
def test_both_transports_say_the_same(action, record):
    one = batch([commit(action, "app.bsky.feed.post/k1", record)], transport="firehose")
    two = batch([jetstream(action, record=record)])
    assert one.events == two.events and len(one.events) == 1
    (event,) = one.events
    assert event.external_id == f"at://{DID}/app.bsky.feed.post/k1" and event.version == tid_number(REV)
    assert event.op == ("delete" if record is None else "upsert")
    if record:
        assert (event.said.text, event.said.language, event.said.author) == (RECORD["text"], "nl", DID)
        assert event.occurred_at == datetime(2026, 3, 2, 8, 59, tzinfo=UTC)


def test_what_is_no_post_is_not_decoded(monkeypatch):
    monkeypatch.setattr(libipld, "decode_car", lambda *_: pytest.fail("decoded a block of no interest"))
    found = batch([commit("create", "app.bsky.feed.like/k1", {"a": 1}, seq=41)], transport="firehose")
    assert found.events == [] and json.loads(found.state)["seq"] == 41


def test_a_jump_in_the_numbers_is_normal():
    found = batch(
        [commit("create", "app.bsky.feed.post/k1", RECORD, seq=5), commit("create", "app.bsky.feed.post/k2", RECORD, seq=9000)],
        transport="firehose",
    )
    assert len(found.events) == 2 and found.gap is None and json.loads(found.state)["seq"] == 9000


@pytest.mark.parametrize("status, gone", [("deleted", (DID,)), ("takendown", (DID,)), ("deactivated", ()), ("suspended", ())])
def test_an_account_that_goes_takes_its_words_along(status, gone):
    account = {"active": False, "did": DID, "seq": 9, "status": status, "time": NOW.isoformat()}
    assert batch([frame("#account", libipld.encode_dag_cbor(account))], transport="firehose").erased == gone
    line = {"did": DID, "time_us": 1772442000000000, "kind": "account", "account": account}
    assert batch([json.dumps(line).encode()]).erased == gone


def test_history_that_is_gone_is_a_gap():
    place = Place(json.dumps({"seq": 4, "at": "2026-03-01T09:00:00+00:00"}))
    info = frame("#info", libipld.encode_dag_cbor({"name": "OutdatedCursor"}))
    found = batch([info], Config(transport="firehose"), place)
    assert found.gap is not None and found.gap.start == datetime(2026, 3, 1, 9, tzinfo=UTC)
    old = Place(json.dumps({"seq": 4, "at": "2026-02-20T09:00:00+00:00"})).stale(NOW - timedelta(hours=24))
    assert old is not None and old.end == NOW - timedelta(hours=24)


def test_a_cursor_from_elsewhere_and_other_ends_of_a_stream():
    error = libipld.encode_dag_cbor({"op": -1})
    with pytest.raises(FutureCursor):
        told_firehose(error + libipld.encode_dag_cbor({"error": "FutureCursor", "message": "Cursor in the future."}))
    with pytest.raises(Transient, match="ConsumerTooSlow"):
        told_firehose(error + libipld.encode_dag_cbor({"error": "ConsumerTooSlow"}))


@pytest.mark.parametrize(
    "raw", [b"", b"\x00", b"\xff" * 20, b"[]", b"{}", b'{"kind": "commit", "time_us": "x"}', b"null", b"[" * 10_000]
)
def test_garbage_is_a_bad_record_in_both(raw):
    assert told_firehose(raw).bad and told_jetstream(raw).bad


@pytest.mark.parametrize("record", [{"text": None}, {"text": 7}, {}, {"text": "x" * 100_001}])
def test_a_post_without_text_is_a_bad_record(record):
    found = batch([jetstream("create", record={"$type": "app.bsky.feed.post", **record})])
    assert len(found.bad) == 1 and not found.events


def test_the_authors_stamp_never_lies_after_the_networks():
    for stamp, at in (
        ("2031-01-01T00:00:00Z", NOW),
        ("gisteren", NOW),
        ("2020-01-01T00:00:00Z", datetime(2020, 1, 1, tzinfo=UTC)),
    ):
        (event,) = batch([jetstream("create", record={**RECORD, "createdAt": stamp})]).events
        assert event.occurred_at == at


def test_words_choose_posts_and_a_delete_follows_what_was_chosen():
    config = Config(words=("NoordVlucht",))
    chosen = Chosen(config)

    def take(*frames):
        return [event.external_id[-2:] + event.op[0] for event in _batch(list(frames), config, Place(None), chosen).events]

    other = {**RECORD, "text": "Mooi weer"}
    assert take(jetstream("create", "k1", RECORD), jetstream("create", "k2", other)) == ["k1u"]
    assert take(jetstream("update", "k1", other)) == ["k1u"], "an edit without the word still replaces what was shown"
    assert take(jetstream("delete", "k1"), jetstream("delete", "k2")) == ["k1d"]


def test_only_the_accounts_asked_for():
    assert batch([jetstream("create", record=RECORD)], Config(repos=("did:plc:other",))).events == []
    assert "wantedDids=did:plc:other" in _address(Config(repos=("did:plc:other",)), Place(None))


def test_a_later_revision_is_a_higher_version():
    assert tid_number(tid(1)) < tid_number(tid(2)) and number_at(NOW) == tid_number(REV)
    with pytest.raises(ValueError, match="13"):
        tid_number("kort")


def test_verify_deletes_what_the_network_no_longer_shows():
    uris = [f"at://{DID}/app.bsky.feed.post/k{n}" for n in range(30)]

    def answer(request):
        return {"posts": [{"uri": uri} for uri in request.lists["uris"] if not uri.endswith("k3")]}

    with Loopback(answer) as peer:
        found = list(Bluesky().verify(Config(api=peer.url, inside_hosts=("127.0.0.1",)), uris))
    assert [(event.external_id, event.op) for event in found] == [(uris[3], "delete")] and len(peer.requests) == 2
    assert found[0].version > tid_number(REV)


def test_plain_sockets_go_to_listed_hosts_only():
    assert Bluesky().check(Config(service="ws://example.org")).code == "config"
    assert Bluesky().check(Config(service="wss://169.254.169.254")).code == "config"


def test_the_first_start_begins_now_unless_history_is_wanted():
    assert "cursor" not in _address(Config(transport="firehose"), Place(None))
    assert _address(Config(transport="firehose"), Place(None, 0)).endswith("?cursor=0")
