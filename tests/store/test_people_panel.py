"""The customer panel, and the boss's choice: kinds and references only, never a name, each with its audit row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.people.audit import entries
from store.people.choices import boss_stage, set_boss_stage
from store.people.errors import NotFound, Refused
from store.people.panel import KINDS, NEEDED, REFERENCE, Member, leave_panel, panel, seats, spoke_with
from tests.store.people_store import DAY, NOW


def test_who_was_spoken_with_joins_the_panel_and_is_heard_again(engine):
    first = spoke_with(engine, "critical", " J.B. ", NOW - 9 * DAY, "Sanne", NOW)
    assert panel(engine) == [first] == [Member("critical", "J.B.", NOW - 9 * DAY, NOW - 9 * DAY, first.id)]
    again = spoke_with(engine, "critical", "J.B.", NOW, "Sanne", NOW)
    assert (again.id, again.joined_at, again.last_heard_at) == (first.id, NOW - 9 * DAY, NOW)
    older = spoke_with(engine, "critical", "J.B.", NOW - 20 * DAY, "Sanne", NOW)
    assert (older.joined_at, older.last_heard_at) == (NOW - 20 * DAY, NOW), "an older talk moves no clock back"
    spoke_with(engine, "new", "J.B.", NOW, "Sanne", NOW)
    assert [one.kind for one in panel(engine)] == ["critical", "new"], "the same initials of another kind are another customer"
    assert {row.action for row in entries(engine)} == {"heard"}


@pytest.mark.parametrize("name", ["Jan", "J. de Boer", "jan@b.nl", "", "Anna 3", "ABCD", "+31 6 1234"])
def test_a_name_is_never_stored(engine, name):
    with pytest.raises(Refused, match="never a name"):
        spoke_with(engine, "new", name, NOW, "Sanne", NOW)
    assert panel(engine) == [] and entries(engine) == []


@given(st.text(max_size=14))
def test_what_counts_as_a_reference_has_no_room_for_a_name(text):
    """At most three letters in a row, and four letters only beside digits never."""
    if REFERENCE.fullmatch(text):
        assert sum(letter.isalpha() for letter in text) <= 3


@pytest.mark.parametrize("kind, at", [("friend", NOW), ("new", NOW + 1)])
def test_an_unknown_kind_or_a_day_to_come_is_refused(engine, kind, at):
    with pytest.raises(Refused):
        spoke_with(engine, kind, "A", at, "Sanne", NOW)
    assert panel(engine) == []


def test_who_leaves_the_panel_leaves_nothing(engine):
    kept = spoke_with(engine, "left", "P-037", NOW, "Sanne", NOW)
    leave_panel(engine, kept.id, "Sanne", NOW)
    assert panel(engine) == [] and entries(engine)[0].action == "left" and "P-037" not in entries(engine)[0].subject
    with pytest.raises(NotFound):
        leave_panel(engine, kept.id, "Sanne", NOW)


def test_each_needed_kind_has_a_row_and_only_what_had_happened_counts():
    members = [
        Member("new", "A", NOW - 9 * DAY, NOW - 3 * DAY),
        Member("new", "B", NOW - 9 * DAY, NOW + DAY),
        Member("choosing", "C", NOW + DAY, NOW + DAY),
        Member("existing", "D", NOW - DAY),
    ]
    rows = {one.kind: one for one in seats(members, NOW)}
    assert list(rows) == [*NEEDED, "existing"] == list(KINDS)
    assert (rows["new"].members, rows["new"].heard, rows["new"].last_heard_at) == (2, 1, NOW - 3 * DAY)
    assert (rows["choosing"].members, rows["critical"].members, rows["existing"].heard) == (0, 0, 0)
    assert [one.kind for one in seats([], NOW)] == list(NEEDED)


def test_the_boss_chooses_a_stage_of_the_journey_and_may_take_it_back(engine):
    assert boss_stage(engine, "airline") == ""
    set_boss_stage(engine, "airline", "book", "Directie", NOW)
    assert boss_stage(engine, "airline") == "book" and boss_stage(engine, "shop") == ""
    with pytest.raises(Refused, match="expected one of orient"):
        set_boss_stage(engine, "airline", "nowhere", "Directie", NOW)
    set_boss_stage(engine, "airline", "", "Directie", NOW)
    assert boss_stage(engine, "airline") == "" and [row.who for row in entries(engine)] == ["Directie", "Directie"]
