"""F9 and F13: deliveries that are forged, altered, old or replayed, and signed ones that hold whatever a sender can think of."""

from __future__ import annotations

import copy
import json
import tracemalloc
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.settings import read_settings
from connectors.base import BadRecord
from connectors.webhook import Webhook
from ingest.inbox import deliver
from ingest.opening import open_place
from ingest.sources import Source
from store.corridor.inbox import backlog
from store.corridor.soundness import count_faults
from store.engine import ms
from store.recount import recount
from store.rows import Batch, Refused
from store.writes import save
from tests.connectors.test_webhook import NOW, SIGNERS, TIMED, config
from tests.faults.counts import times
from tests.ingest.conftest import KEY

pytestmark = pytest.mark.faults
BODIES = json.loads(Path(__file__).with_name("deliveries.json").read_text(encoding="utf8"))
MANY = settings(max_examples=times(60, 500, 10_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LETTERS = "abcdefghijkmnopqrstuvwxyz0123456789"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KLANTBLIK_KEY", KEY)
        opened = open_place(f"sqlite:///{tmp_path_factory.mktemp('hostile')}/store.db", read_settings(environ={}))
        yield opened
        opened.close()


def source(preset):
    return Source(f"hook-{preset}", Webhook(), config(preset))


# -- not by them, not now, not again ----------------------------------------------------------------------------------------


@st.composite
def forgeries(draw):
    """A preset, its signed delivery with one thing wrong, and the moment at which it comes."""
    preset = draw(st.sampled_from(sorted(SIGNERS)))
    body = json.dumps(draw(st.sampled_from(BODIES[preset]))).encode()
    headers, at = SIGNERS[preset](body), NOW
    signed = [name for name in headers if "signature" in name.lower() or "timestamp" in name.lower()]
    ways = ["body", "header", "without", "empty", "other key", "cut", *(["time"] if preset in TIMED else [])]
    way, name = draw(st.sampled_from(ways)), draw(st.sampled_from(signed))
    if way == "body":
        where = draw(st.integers(0, len(body) - 1))
        body = body[:where] + bytes([body[where] ^ draw(st.integers(1, 255))]) + body[where + 1 :]
    elif way == "cut":
        body = body[: draw(st.integers(0, len(body) - 1))]
    elif way == "header":
        headers = headers | {name: draw(altered(headers[name]))}
    elif way == "time":
        at = NOW + draw(st.sampled_from([-1, 1])) * timedelta(seconds=draw(st.integers(301, 3_000_000_000)))
    elif way == "other key":
        headers = SIGNERS[preset](body, key=draw(st.binary(min_size=16, max_size=64)))
    else:
        headers = {key: value for key, value in headers.items() if key != name} | ({name: ""} if way == "empty" else {})
    return preset, headers, body, at


@st.composite
def altered(draw, value):
    """The value with one character other than it was, not only in its case; not at the end, where base64 has bits to spare."""
    where = draw(st.integers(0, len(value) - 4))
    other = draw(st.sampled_from([letter for letter in LETTERS if letter != value[where].lower()]))
    return value[:where] + other + value[where + 1 :]


@MANY
@given(forgeries())
def test_whatever_is_forged_altered_or_late_is_refused_and_not_stored(place, forged):
    preset, headers, body, at = forged
    before = backlog(place.engine)
    status, text = deliver(place.engine, source(preset), headers, body, ms(at))
    assert status == 401 and backlog(place.engine) == before
    assert not any(word in text for word in ("koffer", "pakket", *headers.values()) if word)


@MANY
@given(st.sampled_from(sorted({*SIGNERS} - {"generic"})), st.integers(2, 4), st.integers(-299, 299))
def test_what_is_delivered_again_is_answered_and_kept_once(place, preset, again, away):
    id = str(uuid.uuid4())  # not drawn: Hypothesis tells the same story twice, and that would be a replay of its own
    body = json.dumps({**BODIES[preset][0], "event_id": id, "odd": id}).encode()
    headers = SIGNERS[preset](body)
    headers |= {name: id for name in ("X-Chatwoot-Delivery", "X-Zendesk-Webhook-Invocation-Id") if name in headers}
    before, at = backlog(place.engine), ms(NOW + timedelta(seconds=away))
    answers = [deliver(place.engine, source(preset), headers, body, at)[1] for _ in range(again)]
    assert answers == ["received", *["received before"] * (again - 1)] and backlog(place.engine) == before + 1


# -- signed, and still no good ----------------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["\ud800", "a\0b", "x" * 200_000, "9999-12-31T23:59:60Z", "1969-12-31T00:00:00Z", "NaN", "1e999", "-1", "٣"]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
)


def spots(value, path=()):
    """Every place in a JSON value, as the keys that lead to it."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from spots(each, (*path, name))


@st.composite
def spoilt(draw):
    preset = draw(st.sampled_from(sorted(SIGNERS)))
    body = copy.deepcopy(draw(st.sampled_from(BODIES[preset])))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path in spots(body) if path]))
        inside = body
        for name in path[:-1]:
            inside = inside[name]
        if draw(st.booleans()) and isinstance(inside, dict):
            del inside[path[-1]]
        else:
            inside[path[-1]] = draw(HOSTILE)
        if not any(spots(body)):
            break
    return preset, json.dumps(body).encode()


def take_in(place, preset, body):
    """Take a signed delivery in and read it as ingest does, to the end: how many records it was."""
    assert deliver(place.engine, source(preset), SIGNERS[preset](body), body, ms(NOW))[0] in (200, 400, 401, 413)
    try:
        events, bad = Webhook().accept(config(preset), SIGNERS[preset](body), body, NOW), []
    except BadRecord as fault:
        events, bad = [], [Refused("", fault.raw, fault.why)]
    rows, refused = place.pipeline(f"hook-{preset}").prepare(events, ms(NOW))
    saved = save(place.engine, Batch(f"hook-{preset}", rows, [*bad, *refused]), now_ms=ms(NOW), zone=place.zone)
    assert saved.received == saved.stored + saved.duplicates + saved.quarantined == len(events) + len(bad)
    return saved


@MANY
@given(spoilt())
def test_whatever_a_signed_delivery_holds_ends_in_exactly_one_place(place, given):
    take_in(place, *given)


def test_after_all_of_them_the_counts_hold(place):
    assert count_faults(place.engine) == [] == recount(place.engine, place.zone)


DEEP = b"[" * 100_000 + b"]" * 100_000
LONG = b'{"id": "1", "at": "2026-03-02", "text": "' + b"x" * 5_000_000 + b'"}'
ODD = {
    "deep": DEEP,
    "deep inside": b'{"id": "1", "at": "2026-03-02", "text": "a", "extra": ' + DEEP + b"}",
    "long": LONG,
    "no number": b'{"id": "1", "at": "2026-03-02", "readings": {"csat": NaN}}',
    "endless number": b'{"id": "1", "at": "2026-03-02", "readings": {"csat": 1e999}}',
    "huge number": b'{"id": "1", "at": ' + b"9" * 5_000 + b"}",
    "half a character": b'{"id": "1", "at": "2026-03-02", "text": "\\ud800", "readings": {"csat": 1}}',
    "no text": bytes(range(256)),
    "many": b"[" + b",".join([b"{}"] * 200_000) + b"]",
}


@pytest.mark.parametrize("name", ODD)
def test_a_body_made_to_hurt_is_refused_in_little_memory(place, name):
    tracemalloc.start()
    try:
        saved = take_in(place, "generic", ODD[name])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000
    assert saved.quarantined or name == "half a character"


def test_a_body_over_the_limit_is_refused_before_it_is_read(place):
    body = b"x" * (5 * 1024 * 1024 + 1)
    assert deliver(place.engine, source("generic"), SIGNERS["generic"](body), body, ms(NOW))[0] == 413
