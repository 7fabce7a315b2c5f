"""Tones at both ends: per case, within stage and span, and at the bounds themselves; the mean is that of the rollups."""

from __future__ import annotations

import pytest

from store.reads.feelings import Tones, tones
from store.reads.scorecard import week_frame
from store.rows import Observed, Placed
from tests.store.rows import HOUR, NOW, gone, keep, row

DAY = 24 * HOUR


def toned(id: str, mark: float, **more):
    return row(id, observed=[Observed("contacts", 1.0), Observed("sentiment", (mark - 5.5) / 4.5, mark)], **more)


@pytest.fixture
def filled(store):
    """Flying: marks 1, 3.25, 3.26, 5.5, 7.74, 7.75 and 10 in seven cases; one is mute, one deleted, others elsewhere."""
    for i, mark in enumerate((1.0, 3.25, 3.26, 5.5, 7.74, 7.75, 10.0)):
        keep(store, toned(str(i), mark))
    keep(store, row("mute", observed=[Observed("contacts", 1.0)]), toned("taken back", 1.0))
    keep(store, gone("taken back", 2))
    keep(store, toned("old", 1.0, happened_at=NOW - 9 * DAY), toned("other", 1.0, placed=[Placed("airline", "book", "rule")]))
    return store


def test_marks_at_the_bounds_belong_to_the_ends(filled):
    found = tones(filled, "airline", "fly", NOW - DAY, NOW, 3.25, 7.75)
    assert (found.n, found.low, found.high) == (7, 2, 2)
    frame = week_frame(filled, "airline", 202648, 202648)
    own = frame[(frame["metric"] == "sentiment") & (frame["stage"] == "fly")]
    assert found.mean == pytest.approx(own["m1"].sum() / own["w"].sum())


def test_the_span_takes_its_beginning_and_not_its_end(filled):
    assert tones(filled, "airline", "fly", NOW - 10 * DAY, NOW, 3.25, 7.75).low == 3
    assert tones(filled, "airline", "fly", NOW - HOUR, NOW - HOUR + 1, 3.25, 7.75).n == 7
    assert tones(filled, "airline", "fly", NOW - DAY, NOW - HOUR, 3.25, 7.75) == Tones(0, 0.0, 0, 0)
    assert tones(filled, "airline", "loyalty", 0, NOW, 3.25, 7.75) == Tones(0, 0.0, 0, 0)


def test_who_was_angry_and_then_glad_about_one_case_is_neither(store):
    keep(store, toned("a", 2.0, case_key="one"), toned("b", 9.0, case_key="one", happened_at=NOW - HOUR // 2))
    assert tones(store, "airline", "fly", NOW - DAY, NOW, 3.25, 7.75) == Tones(1, 5.5, 0, 0)
