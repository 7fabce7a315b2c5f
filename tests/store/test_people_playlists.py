"""Playlists: what a screen can show is kept, bare of what says nothing; what it cannot is refused whole, by its slide."""

import pytest

from store.people.errors import Refused
from store.people.playlists import MOST_ENTRIES, always_shows, checked, moments

GOOD = {"slide": "journey", "seconds": 40, "share": 6}


def refused(*entries):
    with pytest.raises(Refused) as caught:
        checked(list(entries))
    return caught.value


def test_what_says_nothing_is_left_out():
    every = {**GOOD, "range": "now", "days": [7, 6, 5, 4, 3, 2, 1], "from": "00:00", "to": "24:00"}
    assert checked([every]) == [GOOD]
    assert checked([{**GOOD, "days": [], "from": None, "to": "", "range": ""}]) == [GOOD]


def test_what_says_something_is_kept_in_order():
    first = {"slide": "promises", "seconds": 15, "share": 1.5, "range": "28d", "days": [5, 1, 1], "from": "08:00", "to": "18:00"}
    kept = checked([first, GOOD])
    assert kept == [{**first, "days": [1, 5]}, GOOD]
    assert checked([{**GOOD, "seconds": 20.0}])[0]["seconds"] == 20
    assert checked([{"slide": "focus", "seconds": 15}])[0]["share"] == 1


@pytest.mark.parametrize(
    ("wrong", "what", "found"),
    [
        ({"slide": "weather"}, "slide", "weather"),
        ({"slide": None}, "slide", None),
        ({"range": "7d"}, "range", "7d"),
        ({"slide": "voices", "range": "28d"}, "range_now", "28d"),
        ({"slide": "hours", "range": "month"}, "range_now", "month"),
        ({"seconds": 4}, "seconds", 4),
        ({"seconds": 601}, "seconds", 601),
        ({"seconds": None}, "seconds", None),
        ({"seconds": True}, "seconds", True),
        ({"seconds": float("nan")}, "seconds", float("nan")),
        ({"share": 0}, "share", 0),
        ({"share": 21}, "share", 21),
        ({"share": "much"}, "share", "much"),
        ({"days": [0]}, "days", 0),
        ({"days": [1, 8]}, "days", 8),
        ({"days": "mon"}, "days", "mon"),
        ({"from": "8:00"}, "clock", "8:00"),
        ({"to": "24:30"}, "clock", "24:30"),
        ({"from": 8}, "clock", 8),
        ({"from": "09:00", "to": "09:00"}, "span", "09:00-09:00"),
        ({"from": "00:00", "to": "00:00"}, "span", "00:00-00:00"),
        ({"colour": "red"}, "key", "colour"),
    ],
)
def test_what_cannot_be_is_refused_with_its_value_and_its_place(wrong, what, found):
    fault = refused(GOOD, {"slide": "focus", "seconds": 15, "share": 1, **wrong})
    assert (fault.values["what"], fault.values["number"]) == (f"playlist_{what}", 2)
    assert repr(fault.values["found"]) == repr(found)
    assert f"slide 2: {what} found {found!r}, expected" in str(fault)


def test_an_empty_and_an_endless_list_are_refused():
    assert refused().values["what"] == "playlist_slides"
    hourly = [{**GOOD, "from": f"{hour:02}:00", "to": f"{hour + 1:02}:00"} for hour in range(MOST_ENTRIES + 1)]
    assert len(checked(hourly[:MOST_ENTRIES])) == MOST_ENTRIES
    assert refused(*hourly).values["found"] == MOST_ENTRIES + 1


def test_a_slide_may_come_twice_when_never_at_the_same_moment():
    morning, noon = {**GOOD, "to": "12:00"}, {**GOOD, "seconds": 20, "from": "12:00"}
    assert len(checked([morning, noon])) == 2
    assert len(checked([GOOD, {**GOOD, "range": "28d"}])) == 2
    assert len(checked([{**GOOD, "days": [6, 7]}, {**GOOD, "days": [1]}])) == 2
    assert refused({**GOOD, "to": "12:01"}, noon).values["what"] == "playlist_twice"
    assert refused({**GOOD, "from": "22:00", "to": "02:00"}, {**GOOD, "from": "01:00", "to": "03:00"}).values["number"] == 2
    assert refused(GOOD, {**GOOD, "range": "now", "seconds": 20}).values["found"] == "journey"


def test_the_moments_of_an_entry_are_those_of_the_screen():
    assert len(moments(GOOD)) == 7 * 1440
    night = moments({**GOOD, "days": [1], "from": "22:00", "to": "02:00"})
    assert {(1, 1320), (1, 1439), (1, 0), (1, 119)} <= night and (1, 120) not in night and len(night) == 240


def test_whether_a_screen_falls_back_on_the_journey_is_known():
    assert always_shows([GOOD])
    assert not always_shows([{**GOOD, "days": [1, 2, 3, 4, 5]}])
    assert always_shows([{**GOOD, "days": [1, 2, 3, 4, 5]}, {"slide": "focus", "seconds": 15, "days": [6, 7]}])
