"""The frame: what a wall shows follows from what was read, with its evidence, its age and nothing that could be a customer."""

import json
import math

import pytest

from metrics.bins import OPEN, bin_of
from pages.wall.schedule import Opening, parse_opening
from store.reads.alarms import Alarm
from tests.pages.wall_reading import (
    HOUR,
    MINUTE,
    NOW,
    binned,
    columns,
    context,
    counted,
    frame_of,
    marked,
    promise,
    source,
    stage_of,
    told,
)

STAGES = ("orient", "book", "checkin", "fly", "arrive", "service", "loyalty")


def full(mean=7.0, n=120):
    return [marked("today", stage, mean, n) for stage in STAGES]


def test_a_stage_shows_its_mark_with_n_and_the_gap_to_what_was_expected():
    stage = stage_of(frame_of(full(7.0), about=context(told=told(book=7.6))), "book")
    assert (stage["mark"], stage["n"], stage["promise"], stage["gap"], stage["shape"]) == (7.0, 120, 7.6, -0.6, "below")
    assert stage["low"] < 7.0 < stage["high"]
    assert (stage["state"], stage["firm"], stage["window"]) == ("live", True, "today")


def test_the_gap_shown_is_the_difference_of_the_marks_shown():
    for mean in (6.94, 6.95, 7.04, 7.26):
        stage = stage_of(frame_of([marked("today", "book", mean, 200)], about=context(told=told(book=7.55))), "book")
        assert stage["gap"] == pytest.approx(round(stage["mark"] - stage["promise"], 1))


@pytest.mark.parametrize(("mean", "shape"), [(6.0, "below"), (8.9, "above"), (7.62, "on")])
def test_the_shape_follows_the_gaps_interval(mean, shape):
    stage = stage_of(frame_of([marked("today", "book", mean, 4000)], about=context(told=told(book=7.6))), "book")
    assert stage["shape"] == shape


def test_a_gap_that_noise_could_make_is_unsure():
    stage = stage_of(frame_of([marked("today", "book", 7.4, 60, sd=2.0)], about=context(told=told(book=7.6))), "book")
    assert stage["shape"] == "unsure"


def test_without_a_promise_there_is_a_mark_but_no_gap():
    frame = frame_of(full())
    stage = stage_of(frame, "book")
    assert (stage["mark"], stage["promise"], stage["gap"], stage["shape"]) == (7.0, None, None, None)
    assert frame["headline"]["promise"] is None
    assert frame["biggest"] is None


def test_too_little_evidence_shows_no_number_but_how_much_is_needed():
    stage = stage_of(frame_of([marked("today", "book", 9.0, 3)], about=context(told=told(book=7.6))), "book")
    assert stage["state"] == "few"
    assert stage["mark"] is None and stage["gap"] is None
    assert (stage["n"], stage["promise"]) == (3, 7.6)
    assert stage["needed"] >= 10


def test_between_ten_and_thirty_customers_a_mark_is_rounded_to_a_half():
    stage = stage_of(frame_of([marked("today", "book", 7.2, 16)], about=context(told=told(book=8.1))), "book")
    assert (stage["firm"], stage["mark"]) == (False, 7.0)
    assert stage["gap"] * 2 == int(stage["gap"] * 2)


@pytest.mark.parametrize(("window", "rows"), [("24h", ["24h", "7d"]), ("7d", ["7d"])])
def test_with_too_little_today_the_window_lengthens_and_says_so(window, rows):
    few = [marked("today", "book", 9.0, 4)] + [marked(bucket, "book", 7.0, 80) for bucket in rows]
    stage = stage_of(frame_of(few), "book")
    assert (stage["window"], stage["mark"], stage["n"]) == (window, 7.0, 80)


def test_the_headline_is_the_journeys_mark_and_not_the_mean_of_its_stages():
    rows = [marked("today", stage, 8.0, 200) for stage in STAGES[:-1]] + [marked("today", "loyalty", 4.0, 200)]
    headline = frame_of(rows)["headline"]
    plain = (6 * 8.0 + 4.0) / 7
    assert headline["mark"] < plain - 0.5
    assert (headline["weakest"], headline["stages"], headline["of"], headline["n"]) == ("loyalty", 7, 7, 1400)


def test_the_headline_needs_two_stages():
    headline = frame_of([marked("today", "book", 7.0, 90)])["headline"]
    assert (headline["mark"], headline["stages"], headline["n"]) == (None, 1, 90)


def test_the_headline_counts_only_stages_that_have_a_mark():
    headline = frame_of([marked("today", "book", 7.0, 90), marked("today", "fly", 8.0, 90), marked("today", "arrive", 8.0, 2)])[
        "headline"
    ]
    assert (headline["stages"], headline["of"], headline["n"]) == (2, 7, 180)


def test_nothing_at_all_is_a_frame_too():
    frame = frame_of([])
    assert [stage["state"] for stage in frame["stages"]] == ["few"] * 7
    assert frame["headline"]["mark"] is None
    json.dumps(frame, allow_nan=False)


def test_the_biggest_gap_is_told_by_the_promise_that_was_not_kept():
    rows = [marked("today", "service", 5.0, 200, "email"), marked("today", "book", 7.4, 200)]
    bins = columns(binned("today", "service", {bin_of(1800): 71, bin_of(7200): 29}))
    frame = frame_of(rows, about=context(told=told(service=7.8, book=7.6), promises=[promise()]), bins=bins)
    biggest = frame["biggest"]
    assert (biggest["kind"], biggest["stage"], biggest["share"], biggest["n"]) == ("hard", "service", 0.71, 100)
    assert biggest["verdict"] == "broken"


def test_an_open_question_counts_once_it_is_older_than_the_promise():
    bins = columns(binned("today", "service", {bin_of(1800): 50, OPEN: 20}))
    waiting = {"stage": "service", "channel": "email", "metric": "first_response"}
    rows = [
        {**waiting, "minute": (NOW - 2 * HOUR) // MINUTE, "n": 10},
        {**waiting, "minute": (NOW - 5 * MINUTE) // MINUTE, "n": 10},
    ]
    frame = frame_of(
        [marked("today", "service", 5.0, 70, "email")], about=context(promises=[promise()]), bins=bins, open=columns(rows)
    )
    kept = frame["promises"][0]
    assert (kept["n"], kept["share"]) == (60, pytest.approx(50 / 60))


def test_the_biggest_gap_is_told_in_marks_when_no_hard_promise_was_missed():
    rows = [marked("today", "service", 5.0, 200), marked("today", "book", 7.4, 200)]
    biggest = frame_of(rows, about=context(told=told(service=7.8, book=7.6)))["biggest"]
    assert (biggest["kind"], biggest["stage"], biggest["mark"], biggest["gap"]) == ("gap", "service", 5.0, -2.8)


def test_a_late_stage_is_never_the_biggest_gap():
    rows = [marked("today", "service", 5.0, 200, "email"), marked("today", "book", 7.0, 200, "survey")]
    sources = [source("mail", "email", ago_s=700), source("form", "survey")]
    frame = frame_of(rows, sources, context(told=told(service=7.8, book=7.6)))
    assert stage_of(frame, "service")["state"] == "late"
    assert frame["biggest"]["stage"] == "book"


def test_past_the_limit_a_number_is_gone():
    sources = [source("mail", "email", ago_s=3000)]
    stage = stage_of(
        frame_of([marked("today", "service", 5.0, 200, "email")], sources, context(told=told(service=7.8))), "service"
    )
    assert (stage["state"], stage["mark"], stage["gap"], stage["promise"]) == ("none", None, None, 7.8)
    assert stage["heard_at"] == NOW - 3_000_000


def test_themes_of_fewer_than_five_contacts_are_absent():
    ids = [theme.id for theme in context().journey.themes][:2] or ["a", "b"]
    journey = context().journey
    if not journey.themes:
        pytest.skip("this journey has no themes yet")
    found = frame_of([], themes={"theme": ids, "n": [4, 9]}, themes_before={"theme": ids, "n": [0, 7]})["themes"]
    assert [(theme["id"], theme["n"], theme["direction"]) for theme in found] == [(ids[1], 9, "up")]


def test_sparklines_leave_out_hours_with_fewer_than_five_customers():
    hour = NOW // HOUR
    hours = [marked(hour - back, "book", 7.0 + back / 10, 3 if back == 1 else 9) for back in range(4)]
    spark = stage_of(frame_of([marked("today", "book", 7.0, 90)], hours=columns(hours)), "book")["spark"]
    assert spark == [7.3, 7.2, None, 7.0]


def days(mean, count, n=40, stage="fly"):
    return columns([marked(int(f"202611{24 - back:02d}"), stage, mean, n) for back in range(count)])


def test_good_news_is_the_longest_sure_run_above_the_promise():
    rows = [marked("today", "fly", 8.4, 200), marked("today", "book", 7.0, 200)]
    good = frame_of(rows, about=context(told=told(fly=7.6, book=7.6)), days=days(8.4, 9))["good"]
    assert (good["kind"], good["stage"], good["days"]) == ("streak", "fly", 9)


def test_a_short_run_is_no_good_news_when_today_is_not_sure():
    rows = [marked("today", "fly", 7.7, 40, sd=2.0), marked("today", "book", 7.0, 200)]
    good = frame_of(rows, about=context(told=told(fly=7.6, book=7.6)), days=days(7.7, 3))["good"]
    assert (good["kind"], good["stage"], good["days"], good["fresh"]) == ("highest", "fly", 0, False)


def test_the_highest_mark_is_told_only_of_ten_customers_or_more_and_never_below_the_promise():
    rows = [marked("today", "fly", 6.0, 200), marked("today", "book", 9.0, 9)]
    assert frame_of(rows, about=context(told=told(fly=7.6, book=7.6)))["good"] is None


def test_without_a_stage_above_its_promise_a_promise_that_is_kept_is_good_news():
    bins = columns(binned("today", "service", {bin_of(1800): 400}))
    good = frame_of([], about=context(promises=[promise()]), bins=bins)["good"]
    assert (good["kind"], good["stage"], good["share"], good["n"]) == ("kept", "service", 1.0, 400)


def test_a_stage_that_meets_its_promise_again_is_fresh_good_news():
    rows = [marked("today", "fly", 8.6, 300), marked("today", "book", 7.0, 200)]
    history = columns([marked(20261124, "fly", 8.6, 300), marked(20261123, "fly", 6.0, 300)])
    good = frame_of(rows, about=context(told=told(fly=7.6, book=7.6)), days=history)["good"]
    assert (good["kind"], good["stage"], good["fresh"]) == ("met", "fly", True)


def test_contact_now_is_the_share_helped_in_time_on_the_busiest_channel():
    minutes = columns(binned("hour", "service", {bin_of(1800): 30, bin_of(9000): 10, OPEN: 25}))
    contact = frame_of([], about=context(promises=[promise()]), minutes=minutes)["contact"]
    assert (contact["channel"], contact["share"], contact["n"]) == ("email", 0.75, 40)


def test_contact_now_stays_silent_about_a_handful():
    minutes = columns(binned("hour", "service", {bin_of(1800): 4}))
    assert frame_of([], about=context(promises=[promise()]), minutes=minutes)["contact"] is None


def test_hours_keep_their_place_and_small_ones_have_no_number():
    hour = NOW // HOUR
    bins = columns(binned(hour - 2, "service", {bin_of(60): 8, bin_of(9000): 2}) + binned(hour, "service", {bin_of(60): 3}))
    hours = frame_of([], about=context(promises=[promise()]), hour_bins=bins)["hours"]
    assert len(hours) == 24
    assert [(h["n"], h["share"]) for h in hours[-3:]] == [(10, 0.8), (None, None), (None, None)]


def test_closed_tells_who_waits_and_for_how_long():
    about = context(opening=parse_opening("mon-sun 07:00-13:00, holidays"), promises=[promise()])
    waiting = {"stage": "service", "channel": "email", "metric": "first_response"}
    rows = columns([{**waiting, "minute": NOW // MINUTE - ago, "n": 1} for ago in (90, 60, 100)])
    closed = frame_of([], about=about, open=rows, asked=5)["closed"]
    assert closed["opens_at"] - closed["closed_at"] == 18 * HOUR
    assert (closed["asked"], closed["waiting"], closed["promised_s"]) == (5, 2, 3600.0)
    assert closed["oldest_s"] == (NOW - (NOW // MINUTE - 90) * MINUTE) // 1000


def test_open_means_that_closed_is_nothing():
    assert frame_of([], about=context(opening=parse_opening("mon-sun 07:00-22:00")))["closed"] is None
    assert frame_of([], about=context(opening=Opening({})))["closed"] is None


def test_an_old_store_is_shown_as_of_its_end_with_nothing_live():
    sources = [source("import", "social", live=False)]
    frame = frame_of(full(), sources, context(as_of=NOW, promises=[promise()], told=told(book=7.6)), now=NOW + 90 * 24 * HOUR)
    assert frame["as_of"] == NOW
    assert frame["sources"] == [] and frame["contact"] is None and frame["alerts"] == [] and frame["hours"] == []
    assert stage_of(frame, "book")["state"] == "live" and stage_of(frame, "book")["late_at"] == 0


def test_an_open_alert_says_what_changed():
    alert = Alarm(7, "promise_broken", "service", "email", "first_response", NOW - MINUTE, 0, 2.0, {})
    drop = Alarm(8, "alarm", "book", "", "csat", NOW - MINUTE, 0, 1.0, {"before": 7.6, "now": 6.9})
    bins = columns(binned("today", "service", {bin_of(1800): 60, bin_of(7200): 40}))
    told_alerts = frame_of([], about=context(promises=[promise()]), bins=bins, alerts=[alert, drop])["alerts"]
    assert (told_alerts[0]["kind"], told_alerts[0]["share"], told_alerts[0]["n"]) == ("promise", 0.6, 100)
    assert (told_alerts[1]["kind"], told_alerts[1]["before"], told_alerts[1]["now"]) == ("drop", 7.6, 6.9)


QUOTES = {
    "policy": "strict",
    "chosen_at": NOW,
    "base": {"n": 900, "low_share": 0.3},
    "quotes": [
        {"id": i, "text": f"q{i}", "channel": "chat", "stage": "book", "language": "nl", "author": "k"} for i in range(12)
    ],
}


def shown_quotes(policy, at, quotes=QUOTES):
    return [voice["text"] for voice in frame_of([], about=context(quotes=policy), now=at, quotes=quotes)["voices"]]


def test_no_quote_hangs_twice_within_an_hour():
    quarters = [shown_quotes("strict", NOW + quarter * 15 * MINUTE) for quarter in range(5)]
    assert quarters[0] == ["q0", "q1", "q2"] and quarters[3] == ["q9", "q10", "q11"] and quarters[4] == []
    assert len({text for quarter in quarters for text in quarter}) == 12


@pytest.mark.parametrize("policy", ["off", "approved", ""])
def test_quotes_hang_only_under_the_policy_that_they_were_chosen_for(policy):
    assert shown_quotes(policy, NOW) == []


def test_the_base_rate_stands_beside_the_quotes():
    frame = frame_of([], about=context(quotes="strict"), quotes=QUOTES)
    assert frame["base"] == {"n": 900, "low_share": 0.3}
    assert set(frame["voices"][0]) == {"text", "channel", "stage", "language"}


def test_the_scale_does_not_follow_the_live_value():
    calm = frame_of(full(7.0), days=days(7.0, 9))["scale"]
    storm = frame_of(full(2.0), days=days(7.0, 9))["scale"]
    assert calm == storm


def test_a_frame_is_json_without_gaps():
    frame = frame_of(full(), [source("mail", "email")], context(told=told(book=7.6), promises=[promise()]))
    text = json.dumps(frame, allow_nan=False)
    assert json.loads(text)["schema"] == 1
    assert not any(isinstance(x, float) and math.isnan(x) for x in frame["headline"].values())


def test_channels_of_a_source_of_all_channels_stand_in_the_footer_each():
    rows = [counted("24h", "book", 40, "chat"), counted("24h", "book", 90, "email"), counted("24h", "book", 4, "phone")]
    frame = frame_of(rows, [source("sample", "")])
    assert [row["channel"] for row in frame["sources"]] == ["email", "chat"]


def test_a_gap_that_another_stage_exceeds_a_little_is_called_a_big_one_not_the_biggest():
    rows = [marked("today", "service", 5.0, 200, "email"), marked("today", "book", 4.9, 200)]
    bins = columns(binned("today", "service", {bin_of(1800): 71, bin_of(7200): 29}))
    frame = frame_of(rows, about=context(told=told(service=7.8, book=7.8), promises=[promise()]), bins=bins)
    assert (frame["biggest"]["stage"], frame["biggest"]["near"]) == ("service", True)
    rows[1] = marked("today", "book", 7.4, 200)
    assert (
        frame_of(rows, about=context(told=told(service=7.8, book=7.8), promises=[promise()]), bins=bins)["biggest"]["near"]
        is False
    )
