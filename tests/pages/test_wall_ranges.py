"""Longer ranges of a frame: whole days summed, each with its headline, days and promises; a fall with its cause."""

import pytest

from config.journey import load_journey
from config.settings import read_settings
from pages.wall.builder import Builder
from pages.wall.extras import alerts
from store.reads.alarms import Alarm
from store.reads.wall import range_days
from tests.browser.wall_store import NOON, fill

DAYS = 12


@pytest.fixture(scope="module")
def frame(tmp_path_factory):
    from store.engine import open_store, prepare

    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('ranges') / 'wall.db'}", writer=True)
    prepare(engine)
    fill(engine, days=DAYS)
    yield Builder(engine, read_settings(environ={})).build(NOON)
    engine.dispose()


@pytest.mark.parametrize("name", ["28d", "month"])
def test_a_range_rests_on_more_customers_than_today_and_says_which_it_is(frame, name):
    longer = frame["ranges"][name]
    assert longer["from"] == range_days(20261124)[name]
    for now, then in zip(frame["stages"], longer["stages"], strict=True):
        assert then["window"] == name
        assert then["n"] > 5 * now["n"]
        assert then["state"] == "live"
        assert then["late_at"] == 0
    assert longer["headline"]["window"] == name
    assert longer["headline"]["n"] == sum(stage["n"] for stage in longer["stages"])


def test_sparklines_of_a_range_have_one_place_per_calendar_day(frame):
    for name, count in (("28d", 28), ("month", 24)):
        sparks = [stage["spark"] for stage in frame["ranges"][name]["stages"]]
        assert {len(spark) for spark in sparks} == {count}
        assert all(spark[-1] is not None for spark in sparks)
    assert [mark is not None for mark in frame["ranges"]["28d"]["stages"][0]["spark"]].count(True) == DAYS


def test_promises_of_a_range_are_judged_over_it(frame):
    longer = {row["code"]: row for row in frame["ranges"]["28d"]["promises"]}
    today = {row["code"]: row for row in frame["promises"]}
    assert set(longer) == set(today)
    hard = longer["B-07"]
    assert hard["window"] == "28d"
    assert hard["n"] > 5 * today["B-07"]["n"]
    assert 0.6 < hard["share"] < 0.8
    assert frame["ranges"]["28d"]["biggest"]["window"] == "28d"


def test_the_first_of_a_month_is_its_own_range():
    assert range_days(20260301) == {"28d": 20260202, "month": 20260301}


def fallen(**detail):
    alert = Alarm(3, "drop", "service", "", "", NOON - 60_000, 0, 1.1, detail)
    (told,) = alerts([alert], [], load_journey("airline"), NOON)
    return told


def part(channel, low, high):
    return {"channel": channel, "effect": (low + high) / 2, "low": low, "high": high}


def test_a_fall_tells_its_figures_and_what_is_sure_of_its_cause():
    theme = load_journey("airline").themes[0]
    parts = [part("email", -0.9, 0.2), part("chat", -0.9, -0.3)]
    told = fallen(before=7.1, now=6.2, n=80, parts=parts, themes=["unheard_of", theme.id], words=["private"], mostly_mix=False)
    assert (told["before"], told["now"], told["n"], told["channel"], told["mix"]) == (7.1, 6.2, 80, "chat", False)
    assert told["theme"] == theme.name
    assert "private" not in str(told)


def test_a_fall_without_a_sure_cause_names_none():
    told = fallen(before=7.1, now=6.2, n=80, parts=[part("email", -0.9, 0.2)], themes=[], mostly_mix=True)
    assert (told["channel"], told["theme"], told["mix"]) == (None, None, True)


def test_a_fall_without_figures_is_told_without_them():
    assert "before" not in fallen(code="x")
