"""Who leaves and who names a rival: by customer, within stage and span, without employees and what was taken back."""

from __future__ import annotations

import pytest

from store.reads.leaving import heard
from store.rows import Placed
from tests.store.rows import HOUR, NOW, gone, keep, row

DAY = 24 * HOUR


def says(id: str, text: str = "Alles goed", *themes: str, **more):
    return row(id, text=text, language="nl", themes=themes, **more)


@pytest.fixture
def filled(store):
    """Flying: Ans leaves in two posts, one without an account names Zuidwind, one is content; others do not count."""
    keep(
        store, says("1", "Ik stap over", "leaving", "price", author_key="ans"), says("2", "Echt weg", "leaving", author_key="ans")
    )
    keep(store, says("3", "Bij ZUIDWIND is het goedkoper"), says("4"), says("5"))
    keep(store, says("staff", "Ik stap over", "leaving", provenance="employee"), says("gone", "Ik stap over", "leaving"))
    keep(store, gone("gone", 2))
    keep(store, says("old", "Weg", "leaving", happened_at=NOW - 9 * DAY), row("mute", themes=("leaving",)))
    keep(store, says("other", "Weg", "leaving", placed=[Placed("airline", "book", "rule")]))
    return store


def test_a_customer_counts_once_however_often_they_speak(filled):
    n, said = heard(filled, "airline", "fly", NOW - DAY, NOW, ["Zuidwind"])
    assert n == 4
    assert [(one.who == "ans", one.themes) for one in said] == [(True, ("leaving", "price")), (True, ("leaving",)), (False, ())]


def test_without_names_only_who_leaves(filled):
    assert {one.who for one in heard(filled, "airline", "fly", NOW - DAY, NOW)[1]} == {"ans"}


def test_the_span_takes_its_beginning_and_not_its_end(filled):
    assert heard(filled, "airline", "fly", NOW - 10 * DAY, NOW)[0] == 5
    assert heard(filled, "airline", "fly", NOW - HOUR, NOW - HOUR + 1)[0] == 4
    assert heard(filled, "airline", "fly", NOW - DAY, NOW - HOUR) == (0, [])


def test_a_name_with_signs_is_looked_for_as_it_is(store):
    keep(store, says("1", "100% Air is beter"), says("2", "100 keer lucht"))
    assert [one.text for one in heard(store, "airline", "fly", NOW - DAY, NOW, ["100% Air"])[1]] == ["100% Air is beter"]


def test_another_theme_that_begins_alike_is_another(store):
    keep(store, says("1", "Vroeg weg", "leaving_early"))
    assert heard(store, "airline", "fly", NOW - DAY, NOW) == (1, [])
