"""Freshness: each source against its own cadence, each stage against its sources; over a day no stale number is unmarked."""

import pytest

from pages.wall.freshness import LEAST_SPAN_MS, Age, age_of, channel_ages, source_rows, stage_age
from tests.pages.wall_reading import HOUR, MINUTE, NOW, context, frame_of, marked, source, stage_of, told


@pytest.mark.parametrize(
    ("ago_s", "state"), [(0, "live"), (599, "live"), (600, "late"), (2399, "late"), (2400, "none"), (90_000, "none")]
)
def test_a_source_is_late_past_twice_its_cadence_and_gone_past_four_times_that(ago_s, state):
    assert age_of(source("mail", "email", ago_s=ago_s, cadence_s=300), NOW, 2.0).state(NOW) == state


def test_a_source_that_is_heard_every_second_gets_a_minute():
    age = age_of(source("stream", "social", ago_s=0, cadence_s=1), NOW, 2.0)
    assert age.late_at - age.heard_at == LEAST_SPAN_MS


def test_a_quiet_source_that_is_read_well_is_not_late():
    quiet = source("mail", "email", last_event_at=NOW - 5 * HOUR)
    assert age_of(quiet, NOW, 2.0).state(NOW) == "live"


@pytest.mark.parametrize("status", ["stopped", "sign_in", "config", "unreachable"])
def test_a_source_that_is_not_read_counts_from_its_last_event(status):
    broken = source("mail", "email", status=status, last_event_at=NOW - 5 * HOUR)
    assert age_of(broken, NOW, 2.0).state(NOW) == "none"


def test_a_stamp_from_the_future_is_not_called_live():
    ahead = source("mail", "email", heartbeat_at=NOW - 5 * HOUR, last_event_at=NOW + 3 * HOUR)
    assert age_of(ahead, NOW, 2.0).state(NOW) == "none"


def test_a_channel_is_as_fresh_as_its_stalest_source():
    ages = channel_ages([source("a", "email", ago_s=5), source("b", "email", ago_s=700)], NOW, 2.0)
    assert ages["email"].state(NOW) == "late"


def test_a_source_of_all_channels_counts_for_every_channel_heard():
    ages = channel_ages([source("sample", "", ago_s=700)], NOW, 2.0, ["email", "chat"])
    assert {channel: age.state(NOW) for channel, age in ages.items()} == {"email": "late", "chat": "late"}


def age(ago_min):
    heard = NOW - ago_min * MINUTE
    return Age(heard, heard + 10 * MINUTE, heard + 40 * MINUTE)


def test_a_stage_is_late_once_a_fifth_of_its_evidence_is():
    ages = {"email": age(15), "chat": age(1)}
    assert stage_age({"email": 19, "chat": 81}, ages).state(NOW) == "live"
    assert stage_age({"email": 20, "chat": 80}, ages).state(NOW) == "late"


def test_a_stage_is_gone_only_once_four_fifths_of_its_evidence_is():
    ages = {"email": age(50), "chat": age(1)}
    assert stage_age({"email": 79, "chat": 21}, ages).state(NOW) == "late"
    assert stage_age({"email": 80, "chat": 20}, ages).state(NOW) == "none"


def test_an_imported_history_does_not_grow_late():
    assert stage_age({"review": 90}, {"email": age(90)}) is None


def test_the_footer_names_a_source_when_two_share_a_channel():
    rows = source_rows([source("mail-nl", "email"), source("mail-be", "email"), source("chat", "chat")], NOW, 2.0)
    assert [row["shared"] for row in rows] == [True, True, False]
    assert source_rows([source("import", "email", live=False)], NOW, 2.0) == []


CHANNELS = {"book": "email", "fly": "survey", "service": "chat"}
STOPS = {"email": range(8 * 60, 11 * 60), "survey": range(10 * 60, 10 * 60 + 25), "chat": range(600, 1500)}


def heard(channel, minute):
    """When a source that is silent in these minutes of the day was heard last."""
    while minute in STOPS[channel]:
        minute -= 1
    return minute


def test_over_a_day_in_which_every_source_stops_and_starts_no_stale_number_is_unmarked():
    rows = [marked("today", stage, 7.0, 200, channel) for stage, channel in CHANNELS.items()]
    midnight, wrong, seen = NOW - NOW % (24 * HOUR), [], set()
    for minute in range(0, 1440, 5):
        now = midnight + minute * MINUTE
        sources = [
            source(channel, channel, heartbeat_at=midnight + heard(channel, minute) * MINUTE, last_event_at=0)
            for channel in STOPS
        ]
        frame = frame_of(rows, sources, context(told=told(book=7.5)), now=now)
        for id, channel in CHANNELS.items():
            stage, silent = stage_of(frame, id), minute - heard(channel, minute)
            seen.add(stage["state"])
            if silent >= 10 and stage["state"] == "live":
                wrong.append((minute, id, "unmarked"))
            if silent >= 40 and stage["mark"] is not None:
                wrong.append((minute, id, "not removed"))
            if silent < 10 and stage["state"] != "live":
                wrong.append((minute, id, "marked for nothing"))
    assert wrong == []
    assert seen == {"live", "late", "none"}
