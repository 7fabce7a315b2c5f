from __future__ import annotations

import json

import pytest

from store.prepared import BadRow, all_prepared, prepared
from store.rows import Observed
from tests.store.rows import ZONE, row


def test_sets_are_sorted_once_each():
    ready = prepared(row(themes=("b", "a", "b"), segments=("new", "critical")), ZONE)
    assert (ready.themes, ready.segments) == ("a b", "critical new")


def test_every_observation_has_its_contribution():
    ready = prepared(row(), ZONE)
    assert [c.m1 for c in ready.contributions] == [0, 7_750]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"op": "patch"}, "op: found 'patch', expected upsert or delete"),
        ({"external_id": ""}, "external_id: found 0 characters"),
        ({"external_id": "x" * 501}, "found 501 characters, expected 1 to 500"),
        ({"version": 2**63}, "expected a number of 64 bits"),
        ({"text": "a\0b"}, "NUL character"),
        ({"author_key": "a\0b"}, "NUL character"),
        ({"text": "half \ud83d"}, "half a character"),
        ({"themes": ("two words",)}, "themes: found .* expected ids without spaces"),
        ({"segments": ("",)}, "segments: found"),
        ({"happened_at": 10**18}, "years 1 to 9999"),
        ({"observed": [Observed("wait", float("nan"))]}, "found value nan"),
        ({"observed": [Observed("csat", 4, 11.0)]}, "found mark 11.0"),
    ],
)
def test_what_no_store_can_hold_is_refused_by_name(said, message):
    with pytest.raises(BadRow, match=message):
        prepared(row(**said), ZONE)


def test_bad_rows_are_set_apart_and_the_rest_goes_on():
    ready, refused = all_prepared([row("1"), row("2", text="\ud83d"), row("3")], ZONE)
    assert [event.row.external_id for event in ready] == ["1", "3"]
    kept = json.loads(refused[0].raw)
    assert (kept["external_id"], refused[0].stream) == ("2", "tickets")
    assert "half a character" in refused[0].reason


def test_the_reason_itself_can_always_be_stored():
    _, refused = all_prepared([row(stream="s\0", op="\ud83d")], ZONE)
    assert refused[0].stream == "s"
    refused[0].reason.encode()


def test_a_wrong_zone_is_not_the_rows_fault():
    with pytest.raises(ValueError, match="expected a time zone"):
        all_prepared([row()], "Nowhere/Else")
