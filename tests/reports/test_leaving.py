"""Motives and rivals of those who leave: counted by customer, held by the floor of five, and never told by a subtraction."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import leaving as report
from reports.leaving import DAYS, Leaving, leaving, of_stage
from store.reads.leaving import Spoken

DAY = 86_400_000


def spoken(start: int, many: int, text: str = "Ik ben weg", *themes: str) -> list[Spoken]:
    return [Spoken(f"c{start + i}", text, themes) for i in range(many)]


def test_motives_are_the_other_themes_of_those_who_leave():
    said = (
        spoken(0, 8, "weg", "leaving", "price") + spoken(8, 12, "weg", "leaving", "waiting") + spoken(20, 9, "Zuidwind", "crew")
    )
    found = leaving(100, said, ["Zuidwind"])
    assert (found.count, found.enough, round(found.share.value, 2)) == (20, True, 0.2)
    assert [(one.theme, one.n) for one in found.motives] == [("waiting", 12), ("price", 8)]
    assert found.motives[0].share.low < 0.6 < found.motives[0].share.high


def test_one_customer_with_many_posts_is_one():
    found = leaving(40, [Spoken("ans", "Zuidwind!", ("leaving", "price"))] * 30, ["Zuidwind"])
    assert (found.count, found.enough, found.motives, found.rivals) == (1, False, (), ())


def test_the_leaving_itself_is_no_motive():
    assert leaving(40, spoken(0, 9, "weg", "leaving", "cancelling", "switching")).motives == ()


@pytest.mark.parametrize(("price", "shown"), [(4, False), (5, True), (15, True), (16, False), (19, False), (20, True)])
def test_a_motive_of_fewer_than_five_or_of_all_but_so_few_is_not_shown(price, shown):
    said = spoken(0, price, "weg", "leaving", "price") + spoken(price, 20 - price, "weg", "leaving")
    assert bool(leaving(100, said).motives) == shown


@pytest.mark.parametrize(("n", "count", "enough"), [(9, 9, False), (10, 5, True), (10, 4, False), (12, 8, False), (10, 10, True)])
def test_enough_needs_ten_who_spoke_and_five_on_either_side(n, count, enough):
    assert Leaving(n, count).enough == enough


def test_a_rival_is_named_by_whole_words_in_any_case():
    said = (
        spoken(0, 6, "naar KUSTLIJN, dus", "leaving") + spoken(6, 6, "al die kustlijnen") + spoken(12, 5, "kustlijn is duurder")
    )
    (rival,) = leaving(100, said, ["Kustlijn"]).rivals
    assert (rival.name, rival.n, rival.leave) == ("Kustlijn", 11, 6)


@pytest.mark.parametrize(("left", "shown"), [(0, 0), (3, None), (5, 5), (7, None), (10, 10)])
def test_how_many_of_a_rival_leave_is_kept_where_it_tells_of_fewer_than_five(left, shown):
    said = spoken(0, left, "Zuidwind", "leaving") + spoken(left, 10 - left, "Zuidwind")
    (rival,) = leaving(100, said, ["Zuidwind"]).rivals
    assert (rival.n, rival.leave) == (10, shown)


def test_nobody_is_no_share():
    found = leaving(0, [])
    assert math.isnan(found.share.value) and not found.enough


def test_the_span_is_four_weeks_up_to_now_and_a_name_is_looked_for_once(monkeypatch):
    asked = []
    monkeypatch.setattr(report, "heard", lambda *query: asked.append(query[3:]) or (0, []))
    of_stage(None, "airline", "fly", ["Zuidwind", " ", "Zuidwind"], 100 * DAY)  # type: ignore[arg-type]
    assert asked == [(100 * DAY + 1 - DAYS * DAY, 100 * DAY + 1, ["Zuidwind"])]


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.sampled_from(["price", "crew", "fees"]), st.booleans())))
def test_nothing_shown_is_of_one_to_four(some):
    said = [
        Spoken(str(who), "Zuidwind" if names else "", ("leaving", theme) if goes else (theme,))
        for who, goes, theme, names in some
    ]
    found = leaving(31, said, ["Zuidwind"])
    shown = [motive.n for motive in found.motives] + [found.count - motive.n for motive in found.motives]
    for rival in found.rivals:
        shown += [rival.n] + ([] if rival.leave is None else [rival.leave, rival.n - rival.leave])
    assert not any(0 < n < 5 for n in shown)
