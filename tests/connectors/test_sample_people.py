"""The made-up customers, a year of them: how many, who they are, what they say, and whether the story can be found in it."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from config.journey import load_journey
from connectors.sample import stated
from connectors.sample.company import METRICS, company
from connectors.sample.events import Teller
from connectors.sample.history import drawn_week, mondays, week_of
from connectors.sample.position import fresh
from connectors.sample.rhythm import day_rates, is_holiday
from connectors.sample.story import DAY_MS, tell
from connectors.sample.texts import topics
from text.stages import Placer

ZONE = ZoneInfo("Europe/Amsterdam")
ANCHOR = int(datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp() * 1000)
STORY, FIRM, CONTACTS = tell(ANCHOR, ZONE, 2026), company(), 100_000
STORM = date(2026, 2, 16)
METRIC = {name: number for number, name in enumerate(METRICS)}
STAGE = {name: number for number, name in enumerate(FIRM.stages)}
CHANNEL = {name: number for number, name in enumerate(FIRM.channels)}


@lru_cache(maxsize=1)
def year():
    """The drawn weeks of the year before the anchor's week, by their Monday."""
    monday = date(2026, 11, 23)
    return {monday - timedelta(weeks=i): drawn_week(STORY, monday - timedelta(weeks=i), CONTACTS) for i in range(1, 53)}


def joined(name, weeks=None):
    return np.concatenate([getattr(drawn, name) for monday, drawn in year().items() if weeks is None or monday in weeks])


def last(n, before=date(2026, 11, 23)):
    return [before - timedelta(weeks=i) for i in range(1, n + 1)]


def values(metric, stage, channel=None, weeks=None):
    """The answers or durations of one metric in a cell, over some weeks."""
    here = joined("stage", weeks) == STAGE[stage]
    if channel:
        here &= joined("channel", weeks) == CHANNEL[channel]
    found = joined("values", weeks)[here, METRIC[metric]]
    return found[np.isfinite(found)]


@lru_cache(maxsize=1)
def told():
    """Two weeks of history as events."""
    weeks = [week_of(STORY, monday, CONTACTS) for monday in last(2)]
    return [event for week in weeks for event in week.teller.final(range(len(week.drawn.born)), ANCHOR) if event.said]


def test_a_year_has_about_as_many_contacts_as_the_setting_says():
    assert len(joined("born")) == pytest.approx(CONTACTS, rel=0.03)


def test_no_cell_of_the_journey_is_empty_that_should_not_be():
    counted = Counter(zip(joined("stage").tolist(), joined("channel").tolist(), strict=True))
    wanted = {(s, c) for s in range(7) for c in range(8) if FIRM.mix[s, c] > 0}
    assert wanted <= set(counted)
    assert min(counted[cell] for cell in wanted) > 100


def test_the_phone_is_silent_at_night_and_chat_is_not():
    hours = defaultdict(Counter)
    for at, channel in zip(joined("born", last(8)).tolist(), joined("channel", last(8)).tolist(), strict=True):
        hours[channel][datetime.fromtimestamp(at / 1000, ZONE).hour] += 1
    assert not any(hours[CHANNEL["phone"]][hour] for hour in (0, 3, 6, 22))
    assert hours[CHANNEL["chat"]][11] > 5 * hours[CHANNEL["chat"]][4]


def test_monday_is_busier_than_sunday_and_a_holiday_quieter_than_the_week_after():
    monday, sunday = (day_rates(STORY, day, CONTACTS).sum() for day in (date(2026, 6, 15), date(2026, 6, 21)))
    assert monday > 1.15 * sunday
    assert is_holiday(date(2026, 4, 27)) and not is_holiday(date(2026, 5, 4))
    phone = CHANNEL["phone"]
    kings, after = (day_rates(STORY, day, CONTACTS)[:, phone].sum() for day in (date(2026, 4, 27), date(2026, 5, 4)))
    assert kings < 0.4 * after


def test_people_look_around_in_january_and_fly_in_summer():
    january, july = (day_rates(STORY, day, CONTACTS) for day in (date(2026, 1, 13), date(2026, 7, 14)))
    assert january[STAGE["orient"]].sum() > 1.5 * july[STAGE["orient"]].sum()
    assert july[STAGE["fly"]].sum() > january[STAGE["fly"]].sum()


def test_a_good_part_of_the_customers_lives_several_stages():
    stages = defaultdict(set)
    for drawn in year().values():
        for flight, slot, stage in zip(drawn.who.flight.tolist(), drawn.who.slot.tolist(), drawn.stage.tolist(), strict=True):
            stages[flight, slot].add(stage)
    several = sum(len(lived) >= 2 for lived in stages.values())
    assert several > 0.5 * len(stages)
    assert max(len(lived) for lived in stages.values()) >= 5


def test_a_customer_is_the_same_in_every_week():
    language, groups = defaultdict(set), defaultdict(set)
    for drawn in list(year().values())[:12]:
        who = drawn.who
        for key, dutch, code in zip(who.key.tolist(), who.dutch.tolist(), (who.groups & 4).tolist(), strict=True):
            language[key].add(dutch)
            groups[key].add(code)
    assert all(len(found) == 1 for found in (*language.values(), *groups.values()))


def test_the_kinds_of_customers_are_all_there():
    counted = Counter(kind for event in told() for kind in event.said.segments)
    assert set(counted) == {"new", "existing", "critical", "left", "choosing"}
    assert not any({"new", "existing"} <= set(event.said.segments) for event in told())
    assert all(event.said.stage in ("orient", None) for event in told() if "choosing" in event.said.segments)
    critical = [e for e in told() if "critical" in e.said.segments]
    assert 0.07 < len(critical) / len(told()) < 0.16


def test_critical_customers_give_lower_marks():
    pairs = [(d.who.groups & 4 > 0, d.values[:, METRIC["csat"]]) for d in list(year().values())[:20]]
    critical = np.concatenate([v[g & np.isfinite(v)] for g, v in pairs])
    others = np.concatenate([v[~g & np.isfinite(v)] for g, v in pairs])
    assert critical.mean() < others.mean() - 0.2


def test_most_but_not_all_write_dutch():
    texts = [event.said for event in told() if event.said.text and event.said.language]
    assert 0.6 < sum(said.language == "nl" for said in texts) / len(texts) < 0.85


def test_what_nobody_wrote_has_no_text_and_calls_have_none():
    assert not any(event.said.text for event in told() if event.said.channel == "phone")
    assert all(event.said.text for event in told() if event.said.channel in ("social", "review"))
    assert all(event.said.text for event in told() if (event.said.channel, event.said.stage) == ("chat", "service"))
    comments = [bool(event.said.text) for event in told() if event.said.channel == "survey"]
    assert 0.1 < sum(comments) / len(comments) < 0.3


def test_some_posts_do_not_know_their_stage_and_the_journeys_rules_find_most():
    posts = [event for event in told() if event.said.channel in ("social", "review")]
    bare = [event for event in posts if event.said.stage is None]
    assert 0.08 < len(bare) / len(posts) < 0.25
    assert all(event.said.stage for event in told() if event.said.channel not in ("social", "review"))


def test_the_words_of_a_stage_are_those_that_its_rules_know():
    """Over all posts, those with a tag too: reading the words places most of them where they belong."""
    week = week_of(STORY, last(1)[0], CONTACTS)
    rows = [row for row in range(len(week.drawn.born)) if FIRM.channels[week.drawn.channel[row]] in ("social", "review")]
    texts = [week.teller.at(row, ANCHOR).said.text for row in rows]
    languages = ["nl" if week.drawn.who.dutch[row] else "en" for row in rows]
    places = Placer(load_journey("airline")).place_all(texts, languages, [None] * len(texts))
    truth = [FIRM.stages[week.drawn.stage[row]] for row in rows]
    placed = [(found.stage, real) for found, real in zip(places, truth, strict=True) if found]
    assert len(placed) > 0.6 * len(rows)
    assert sum(found == real for found, real in placed) > 0.6 * len(placed)


def test_some_cases_have_several_messages():
    cases = Counter(event.said.case for event in told() if event.said.case)
    assert 20 < sum(n > 1 for n in cases.values()) < 0.2 * len(cases)
    assert all(event.said.author for event in told() if event.said.case)


def test_one_case_has_one_customer():
    authors = defaultdict(set)
    for event in told():
        if event.said.case:
            authors[event.said.case].add(event.said.author)
    assert all(len(found) == 1 for found in authors.values())


def test_some_complainers_come_back_within_a_week_on_another_channel():
    seen, again = defaultdict(list), 0
    for event in told():
        if event.said.stage == "service":
            seen[event.said.author].append((event.occurred_at, event.said.channel, event.said.case))
    for moments in seen.values():
        for one in moments:
            again += any(timedelta(0) < two[0] - one[0] <= timedelta(days=7) and two[2] != one[2] for two in moments)
    assert again > 20


def test_a_question_nobody_answered_is_open_and_has_no_answer_time():
    asked = [e.said for e in told() if e.said.channel in ("chat", "email", "social")]
    open_ones = [said for said in asked if "first_response" in said.unanswered]
    assert 0.02 < len(open_ones) / len(asked) < 0.2
    assert not any(r.metric == "first_response" for said in open_ones for r in said.readings)


def test_an_abandoned_call_waits_for_ever_and_rates_nothing():
    calls = [e.said for e in told() if e.said.channel == "phone"]
    left = [said for said in calls if any(r.metric == "abandoned" and r.value for r in said.readings)]
    assert 0.01 < len(left) / len(calls) < 0.12
    assert all(said.unanswered == ("wait",) and len(said.readings) == 1 for said in left)


def test_answers_stay_on_their_scales():
    for metric, low, high in (("csat", 1, 5), ("ces", 1, 7), ("nps", 0, 10), ("expectation", 1, 10), ("abandoned", 0, 1)):
        found = joined("values")[:, METRIC[metric]]
        found = found[np.isfinite(found)]
        assert len(found) > 1000 and low <= found.min() and found.max() <= high and (found == found.round()).all()


def csat_mark(stage, channel=None, weeks=None):
    return 1 + 2.25 * (values("csat", stage, channel, weeks).mean() - 1)


def test_flying_is_above_what_is_expected_and_the_moments_of_truth_below():
    for stage, sign in (("fly", 1), ("checkin", -1), ("service", -1)):
        gap = csat_mark(stage) - values("expectation", stage).mean()
        assert gap * sign > 0.1, (stage, gap)


def test_the_campaign_raises_the_bar_while_delivery_stays():
    before, after = last(14, date(2026, 8, 31)), last(7, date(2026, 11, 16))
    risen = values("expectation", "service", weeks=after).mean() - values("expectation", "service", weeks=before).mean()
    assert 0.5 < risen < 1.1
    # The whole stage: mail alone was made better by the shorter complaint form (V-012) of September.
    moved = csat_mark("service", weeks=after) - csat_mark("service", weeks=before)
    assert abs(moved) < 0.2


def within(seconds, metric, stage, channel, weeks):
    """The share answered in time, of all who asked."""
    answered = values(metric, stage, channel, weeks)
    rows = [d for m, d in year().items() if m in weeks]
    asked = sum(int((d.talks.asks & (d.stage == STAGE[stage]) & (d.channel == CHANNEL[channel])).sum()) for d in rows)
    return (answered <= seconds).sum() / asked


def test_mail_is_answered_as_before_against_a_bar_that_moved():
    before, after = last(11, date(2026, 8, 31)), last(12)
    assert within(86_400, "first_response", "service", "email", before) > 0.96
    assert within(14_400, "first_response", "service", "email", before) == pytest.approx(0.72, abs=0.04)
    assert within(14_400, "first_response", "service", "email", after) == pytest.approx(0.72, abs=0.04)


def test_chat_kept_its_promise_once_and_does_not_now():
    assert within(60, "first_response", "service", "chat", last(13, date(2026, 8, 24))) > 0.90
    assert within(60, "first_response", "service", "chat", last(10, date(2026, 11, 16))) < 0.88
    assert within(60, "first_response", "service", "chat", last(1)) < 0.72


def test_the_week_of_the_bot_is_the_worst_of_chat_and_talks_about_the_bot():
    weekly = {monday: csat_mark("service", "chat", [monday]) for monday in last(30)}
    assert min(weekly, key=weekly.get) == date(2026, 11, 16)
    assert weekly[date(2026, 11, 16)] < np.median(list(weekly.values())) - 0.8
    bot = topics().index("bot")
    shares = {}
    for monday in last(2):
        drawn = year()[monday]
        here = (drawn.stage == STAGE["service"]) & (drawn.channel == CHANNEL["chat"])
        shares[monday] = (drawn.said.topic[here] == bot).mean()
    assert shares[date(2026, 11, 16)] > 0.2 > 2 * shares[date(2026, 11, 9)]


def test_the_storm_is_the_worst_week_of_flying_and_cancellations_are_its_subject():
    weekly = {monday: csat_mark("fly", weeks=[monday]) for monday in year()}
    assert min(weekly, key=weekly.get) == STORM
    flights = Counter(topics()[t] for t in year()[STORM].said.topic[year()[STORM].stage == STAGE["fly"]].tolist())
    assert flights.most_common(1)[0][0] == "cancelled"


def test_following_the_suitcase_helped_and_the_sms_did_nothing():
    before, after = last(20, date(2026, 9, 14)), last(9)
    assert 0.25 < csat_mark("arrive", weeks=after) - csat_mark("arrive", weeks=before) < 0.75
    sms = last(6)
    others = last(14, date(2026, 10, 5))
    assert abs(csat_mark("fly", weeks=sms) - csat_mark("fly", weeks=others)) < 0.3


def test_the_goal_hangs_on_how_the_stages_went():
    """Customers whose arrival went well recommend more: what the largest-jump page must be able to find."""
    recommend, arrived = {}, defaultdict(list)
    for drawn in year().values():
        keys = list(zip(drawn.who.flight.tolist(), drawn.who.slot.tolist(), strict=True))
        for row in np.flatnonzero(np.isfinite(drawn.values[:, METRIC["nps"]])).tolist():
            recommend[keys[row]] = drawn.values[row, METRIC["nps"]]
        here = (drawn.stage == STAGE["arrive"]) & np.isfinite(drawn.values[:, METRIC["csat"]])
        for row in np.flatnonzero(here).tolist():
            arrived[keys[row]].append(drawn.values[row, METRIC["csat"]])
    both = [(np.mean(arrived[key]), mark) for key, mark in recommend.items() if key in arrived]
    assert len(both) > 300
    assert np.corrcoef(np.array(both).T)[0, 1] > 0.2


def test_stated_expectations_are_the_surveys_own_answers():
    start, end = STORY.at(-42), STORY.at(-7)
    found = {each.stage: each for each in stated(STORY, CONTACTS, start, end)}
    assert set(found) == {"orient", "checkin", "fly", "arrive", "service", "loyalty"}
    weeks = last(5, date(2026, 11, 16))
    assert found["service"].mark == pytest.approx(values("expectation", "service", weeks=weeks).mean(), abs=0.15)
    assert 0 < found["service"].variance < 0.1 and found["service"].n > 50


def test_the_weeks_of_a_span_are_newest_first_and_cover_it():
    span = fresh(ANCHOR, 1, CONTACTS, 364).spans[0]
    found = mondays(STORY, span)
    assert found[0] == date(2026, 11, 23) and found == sorted(found, reverse=True)
    assert found[-1] <= datetime.fromtimestamp(span.start / 1000, ZONE).date() - timedelta(days=7)
    assert {b - a for a, b in zip(found[1:], found[:-1], strict=True)} == {timedelta(weeks=1)}


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19)])
def test_weeks_in_which_the_clock_changes_hold_their_own_days_only(monday):
    drawn = drawn_week(STORY, monday, 20_000)
    own = drawn.born[: int(np.argmax(np.diff(drawn.born) < 0)) + 1]  # sorted; behind them are those who come back later
    days = Counter(datetime.fromtimestamp(at / 1000, ZONE).date() for at in own.tolist())
    assert sorted(days) == [monday + timedelta(days=i) for i in range(7)]
    assert min(days.values()) > 0.4 * max(days.values())


def test_a_week_is_always_the_same_week():
    one, two = (drawn_week(STORY, last(1)[0], 5000) for _ in range(2))
    assert (one.born == two.born).all() and (one.seed == two.seed).all()
    assert set(one.born.tolist()).isdisjoint(drawn_week(STORY, last(2)[1], 5000).born.tolist())
    assert one.born.max() < ANCHOR + 7 * DAY_MS
    assert isinstance(week_of(STORY, last(1)[0], 500).teller, Teller)
