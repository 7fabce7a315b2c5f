"""Findings are whole sentences in both languages, and say no more than the numbers carry."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.language import texts
from metrics.intervals import Interval
from metrics.moved import Moved, Part
from metrics.weekly import LAST, Change
from reports import promise_words, sentences
from reports.jump import find_jump
from reports.names import Names
from reports.week import _channel, edition

ADVICE = (
    *("keep", "raise_delivery", "raise_delivery_via", "raise_cannot_lower"),
    *("raise_lower_meanwhile", "lower_bar", "cannot_tell", "may_sharpen"),
)
STEPS = [("tomorrow", 86400, "uiterlijk morgen"), ("today", 28800, "vandaag"), ("4h", 14400, "binnen 4 uur")]


@pytest.fixture(scope="module")
def told(demo, journey, zone, now):
    return edition(demo, journey, 202647, zone, now)


def test_the_headline_rounds_what_it_says_and_ends_like_a_sentence(told, names):
    said = sentences.headline(told, names)
    t = names.t
    assert t.number(told.week.now.value) in said and t.number(told.week.now.promise) in said and said.endswith(".")


def test_nothing_is_called_moved_that_is_not_demonstrable(told, names):
    quiet = replace(told, cause=replace(told.cause, demonstrable=False))
    assert sentences.moved(quiet, names) == names.t("week.nothing_moved")
    loud = replace(told, cause=replace(told.cause, demonstrable=True))
    assert names.stage(told.cause.stage) in sentences.moved(loud, names)


def test_a_week_without_a_promise_or_without_evidence_says_so(told, names):
    bare = replace(told, week=replace(told.week, gap=None))
    said = sentences.headline(bare, names)
    assert said.startswith(names.t("week.no_promise", week=47, mark=names.t.number(told.week.now.value)))
    assert said.endswith(sentences.capital(sentences.moved(bare, names)))
    point = replace(told.week.now, value=float("nan"))
    none = replace(told, week=replace(told.week, points=(*told.week.points[:-1], point)))
    assert sentences.headline(none, names) == names.t("week.too_few", week=47)


def test_since_when_finds_the_run_that_ends_now(told, names):
    low = [
        replace(p, value=5.0, low=4.8, high=5.2) if i >= 50 else replace(p, value=7.6, low=7.4, high=7.8)
        for i, p in enumerate(told.week.points)
    ]
    said = sentences.since_when(replace(told.week, points=tuple(low)), names.t)
    assert "9 november" in said.lower() or "9 november" in said
    all_year = tuple(replace(p, value=5.0, low=4.8, high=5.2) for p in told.week.points)
    assert sentences.since_when(replace(told.week, points=all_year), names.t) == names.t("week.line_below_year")


@pytest.mark.parametrize("below, key", [(0, "week.stages_none_below"), (1, "week.stages_one_below"), (3, "week.stages_below")])
def test_stages_below_are_counted_in_words(told, names, below, key):
    rows = tuple(replace(row, shape="below" if i < below else "on") for i, row in enumerate(told.week.rows))
    said = sentences.stages_finding(replace(told.week, rows=rows), names)
    start = names.t(key, count=sentences.capital(sentences.count_word(names.t, below)), total=sentences.count_word(names.t, 7))
    assert said.startswith(start)


def test_a_change_line_gives_a_number_only_when_it_is_demonstrable(told, names):
    row, t = told.week.rows[0], names.t
    shown = Interval(-0.6, -0.8, -0.4)
    assert sentences.change_line(replace(row, since={LAST: Change(shown, False)}), LAST, t) == t("no_difference")
    assert sentences.change_line(replace(row, since={LAST: Change(shown, True)}), LAST, t).startswith(t.signed(-0.6))
    assert sentences.change_line(replace(row, since={}), LAST, t) == t("no_comparison")


def test_the_cause_never_explains_more_than_the_whole(told, names):
    for size in (-0.3, -0.9, 0.3, 0.9):
        cause = caused(told, change=size / abs(size) * 0.6, chat=(size, 0.1))
        side, more = ("lost" if size < 0 else "won"), abs(size) > 0.6
        start = names.t(f"cause.{side}{'_more' if more else ''}", channel="§", stage="§", part="§", whole="§").split("§")[0]
        assert sentences.cause_finding(cause, names).startswith(start)


def caused(told, change, **parts):
    """A demonstrable cause whose channels did `(value, half)`; the channel is the one that would be chosen."""
    made = tuple(Part(name, Interval(v, v - half, v + half), 7.0, 7.0, 0.5, 0.5) for name, (v, half) in parts.items())
    split = Moved(7.0, 7.0 + change, Interval(0.0, -0.01, 0.01), made)
    return replace(told.cause, channel=_channel(split), split=split, demonstrable=True)


def test_only_a_channel_that_is_shown_to_have_done_it_is_named(told, names):
    by = names.t("week.through", channel=names.channel("chat").lower())
    shown = replace(told, cause=caused(told, -0.7, chat=(-0.3, 0.1), survey=(-0.6, 0.2)))
    assert by in sentences.moved(shown, names)
    assert names.channel("chat").lower() in sentences.split_finding(shown.cause, names)
    maybe = replace(told, cause=caused(told, -0.7, chat=(-0.3, 0.4)))
    assert by not in sentences.moved(maybe, names)
    assert sentences.split_finding(maybe.cause, names) == names.t("cause.no_channel")
    other_way = replace(told, cause=caused(told, -0.7, chat=(0.3, 0.1)))
    assert by not in sentences.moved(other_way, names)


@pytest.mark.parametrize("channel", ["survey", "review"])
def test_a_measuring_channel_is_where_it_was_measured_never_the_cause(told, names, channel):
    cause = caused(told, -0.7, chat=(-0.3, 0.4), **{channel: (-0.6, 0.2)})
    assert cause.channel == channel and cause.role == "measured"
    said = sentences.moved(replace(told, cause=cause), names)
    assert names.t(f"week.measured_{channel}") in said
    assert names.t("week.through", channel=names.channel(channel).lower()) not in said
    assert names.t(f"week.measured_{channel}") in sentences.cause_finding(cause, names)
    assert sentences.split_finding(cause, names) == names.t(f"cause.only_{channel}")


def test_several_changed_stages_take_a_plural(told, journey):
    names = Names(texts("nl"), journey)
    changed = {LAST: Change(Interval(-0.5, -0.7, -0.3), True)}
    rows = [replace(row, since=changed if i < 2 else {}) for i, row in enumerate(told.week.rows)]
    assert "veranderden aantoonbaar" in sentences.stages_finding(replace(told.week, rows=tuple(rows)), names)
    rows[1] = replace(rows[1], since={})
    assert "veranderde aantoonbaar" in sentences.stages_finding(replace(told.week, rows=tuple(rows)), names)


def test_the_leading_group_is_named_and_never_chosen_from(demo, journey, zone, now, told, names):
    jump = find_jump(demo, journey, told.week, round(now.timestamp() * 1000))
    said = sentences.jump_finding(jump, names)
    assert all(names.stage(stage) in said for stage in jump.leading)
    refused = replace(jump, ranked=None, n=12, needed=140)
    assert "12" in sentences.jump_finding(refused, names) and "140" in sentences.jump_finding(refused, names)


def test_every_promise_has_a_title_and_a_reason_in_both_languages(register, names):
    for row in register.rows:
        title, reason = promise_words.advice_title(row, names.t), promise_words.advice_reason(row, names)
        assert title and reason and "{" not in title + reason and "nan" not in reason.split()
        assert promise_words.promise_line(row.promise, names) and promise_words.bar_of_promise(row.promise, names.t)


@pytest.mark.parametrize(
    "code",
    [
        "keep",
        "raise_delivery",
        "raise_delivery_via",
        "raise_cannot_lower",
        "raise_lower_meanwhile",
        "lower_bar",
        "cannot_tell",
        "may_sharpen",
    ],
)
def test_every_advice_can_be_worded(register, names, code):
    row = register.rows[0]
    advice = replace(row.advice, code=code, bar=row.advice.bar or 7.0, weeks_needed=5)
    said = promise_words.advice_reason(replace(row, advice=advice, unhappy=False), names)
    assert said and "{" not in said and promise_words.advice_title(replace(row, advice=advice), names.t)


def test_an_unhappy_customer_is_said_first(register, names):
    row = replace(register.rows[0], unhappy=True)
    assert names.t.number(row.mark.value) in promise_words.advice_reason(row, names)


def test_a_register_of_none_one_and_many(register, names):
    t = names.t
    assert promise_words.headline(replace(register, rows=()), t) == t("promises.none")
    assert promise_words.finding(replace(register, rows=()), t) == t("promises.none_broken")
    broken = tuple(row for row in register.rows if row.verdict.verdict == "broken")[:1]
    assert promise_words.finding(replace(register, rows=broken), t).startswith(t("promises.one_broken"))


@pytest.mark.parametrize(
    "step, seconds, nl", [("tomorrow", 86400, "uiterlijk morgen"), ("today", 28800, "vandaag"), ("4h", 14400, "binnen 4 uur")]
)
def test_a_bar_is_said_as_it_would_be_advertised(step, seconds, nl):
    assert promise_words.step_text(step, seconds, texts("nl")) == nl


def test_names_keep_the_id_of_what_is_gone(names):
    assert names.stage("gone") == "gone" and names.stage("") == names.t("not_placed")
    assert names.channel("pigeon") == "pigeon" and names.channel("") == names.t("channel.all")
    assert names.theme("half_solved") == "half solved" and names.segment("") == names.t("segment.all")


def test_the_line_names_where_it_breaks_deepest_or_that_it_does_not(told, names):
    t, week = names.t, told.week
    deepest = min((row for row in week.rows if row.gap), key=lambda row: row.gap.value)
    said = sentences.journey_finding(week, names)
    assert names.stage(deepest.stage) in said and t.signed(deepest.gap.value) in said
    kept = replace(week, rows=tuple(replace(row, shape="above") for row in week.rows))
    assert sentences.journey_finding(kept, names) == t("journey.line_none")
    bare = replace(week, rows=tuple(replace(row, gap=None, shape="") for row in week.rows))
    assert sentences.journey_finding(bare, names) == t("journey.line_no_promise")
