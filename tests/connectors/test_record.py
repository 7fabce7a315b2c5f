"""The small parts that every connector stands on: records, moments, calls aside, hints, and words out of markup."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from connectors import CONNECTORS
from connectors.aside import Stopped, aside
from connectors.base import AuthFault, BadRecord, ConfigFault, RateLimited, Transient
from connectors.hints import ScopeFault, checked, code_of
from connectors.hosts import is_inside
from connectors.markup import plain_text
from connectors.moments import FINAL, milliseconds, moment
from connectors.record import Fields, at_path, number, parse, plain, to_event
from ingest.sources import connector_named

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_any_record_is_an_event_or_a_bad_record(record):
    try:
        event = to_event(record, Fields(), "s", "web")
    except BadRecord as bad:
        assert bad.raw and str(bad)
    else:
        event.external_id.encode()


@given(
    st.dictionaries(st.sampled_from(["id", "at", "version", "op", "text", "stage", "segments", "readings", "kind", "url"]), JSON)
)
def test_any_value_in_the_known_fields_is_an_event_or_a_bad_record(record):
    try:
        event = to_event({"id": "1", "at": 1772438400, **record}, Fields(), "s", "web")
    except BadRecord:
        return
    assert event.said is None or event.said.text.encode() is not None
    assert 0 <= event.version < FINAL


@given(st.binary(max_size=60))
def test_any_bytes_parse_or_are_bad(raw):
    try:
        parse(raw)
    except BadRecord as bad:
        assert bad.raw == raw


def test_half_characters_and_nul_become_harmless():
    assert plain("\ud83d a\x00b").encode() == b"? ab"
    with pytest.raises(ValueError, match="100001"):
        plain("x" * 100_001)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "", None, "vier", [1]])
def test_what_is_no_finite_number(value):
    with pytest.raises(ValueError, match="expected"):
        number(value, "csat")


def test_paths_into_a_record():
    record = {"a": {"b": [{"c": 1}]}, "x.y": 2, "l": [5]}
    assert (
        at_path(record, "a.b.0.c"),
        at_path(record, "x.y"),
        at_path(record, "l.0"),
        at_path(record, "l.9"),
        at_path(record, "q.r"),
    ) == (
        1,
        2,
        5,
        None,
        None,
    )


def test_an_unknown_zone_or_field_is_refused():
    with pytest.raises((ValidationError, KeyError)):
        Fields(timezone="Europe/Nergens")
    with pytest.raises(ValidationError):
        Fields(tekst="x")


@pytest.mark.parametrize(
    "written",
    [
        1772438400,
        "1772438400",
        1772438400000,
        "1772438400000",
        1772438400000000,
        "2026-03-02T08:00:00Z",
        "2026-03-02T09:00:00+01:00",
        "Mon, 02 Mar 2026 08:00:00 GMT",
        "1772438400.000",
        "2026-03-02 08:00:00",
    ],
)
def test_one_moment_in_the_ways_that_sources_write_it(written):
    assert moment(written) == datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("written", ["morgen", "", None, True, "9999-12-31", -1, "1969-12-31T00:00:00Z", float("nan"), 1e40, [1]])
def test_what_is_no_moment_says_what_was_found(written):
    with pytest.raises(ValueError, match="time: found"):
        moment(written)


def test_both_nights_when_the_clock_changes():
    """Half past two exists twice in October: without an offset it is the first; with one it is what it says."""
    assert moment("2026-10-25T02:30:00", AMSTERDAM) == moment("2026-10-25T02:30:00+02:00")
    twice = milliseconds(moment("2026-10-25T02:30:00+01:00")) - milliseconds(moment("2026-10-25T02:30:00+02:00"))
    assert twice == 3_600_000


def test_a_call_aside_gives_its_answer_or_its_fault():
    stop = threading.Event()
    assert aside(lambda: 7, stop, 5) == 7
    with pytest.raises(KeyError):
        aside(lambda: {}["x"], stop, 5)


def test_a_call_aside_ends_by_its_deadline_and_at_stop():
    stop, over = threading.Event(), threading.Event()
    with pytest.raises(Transient, match="within"):
        aside(lambda: over.wait(30), stop, 0.3)
    threading.Timer(0.2, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        aside(lambda: over.wait(30), stop, 30)
    assert time.monotonic() - began < 2
    over.set()


def test_check_says_which_of_five_things_it_is():
    faults = {
        ConfigFault("x"): "config",
        AuthFault("x"): "sign_in",
        ScopeFault("x"): "scope",
        Transient("x"): "unreachable",
        RateLimited("x"): "unreachable",
    }
    assert [code_of(fault) for fault in faults] == list(faults.values())

    def fail():
        raise ScopeFault("no right to read")

    found = checked(fail, "asterisk")
    assert found.code == "scope" and "manager.conf" in found.hint_nl and "no right to read" in found.hint_en


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_every_connector_declares_itself(name):
    connector = connector_named(name)
    assert connector.name == name and connector.version and connector.capabilities.cadence_s > 0
    assert connector.Config.model_config["extra"] == "forbid" and connector.Config.model_config["frozen"]
    assert hasattr(connector, "read") != hasattr(connector, "authenticate")
    assert not connector.capabilities.verify or hasattr(connector, "verify")


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "192.168.0.1",
        "127.0.0.1",
        "::1",
        "fe80::1%eth0",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "fd00::1",
        "::ffff:10.0.0.1",
    ],
)
def test_inside(address):
    assert is_inside(address)


def test_markup_gives_words_only():
    assert plain_text("<script>alert(1)</script><img src=x onerror=y>Hallo <a href='javascript:z'>daar</a>") == "Hallo daar"
    assert plain_text("a < b en 5 > 3 &lt;b&gt;") == "a < b en 5 > 3 <b>"
    assert plain_text("<style>p{</style>" + "<div>" * 5000 + "x") == "x"
