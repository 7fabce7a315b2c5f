"""The largest jump: customers' own paths, a refusal with too few of them, and what other rules would choose."""

from __future__ import annotations

import numpy as np
import pytest

from config.language import texts
from reports.jump import easiest, find_jump
from reports.names import Names
from reports.sentences import choice_words
from reports.week import weekly
from store.people.changes import Change, save_change
from store.people.choices import set_boss_stage
from store.reads.paths import read_paths
from store.rows import Batch, Observed
from store.writes import save
from tests.pages import example
from tests.store.people_store import fresh
from tests.store.test_reads_paths import answer

STAGES = ("orient", "book", "checkin", "fly", "arrive", "service", "loyalty")


@pytest.fixture(scope="module")
def jump(demo, journey, zone, now):
    week = weekly(demo, journey, 202647, zone, now)
    return find_jump(demo, journey, week, round(now.timestamp() * 1000))


def test_every_stage_is_ranked_with_an_interval(jump):
    assert jump.ranked is not None and jump.n >= 140
    ranked = jump.ranked
    assert sorted(ranked.order) == list(range(7))
    assert all(low <= gain + 1e-9 for low, gain in zip(ranked.low, ranked.gain, strict=True))
    assert list(ranked.gain[list(ranked.order)]) == sorted(ranked.gain, reverse=True)


def test_the_leading_group_holds_the_best_and_only_stages_that_can_gain(jump):
    assert jump.leading and jump.leading[0] == jump.stages[jump.ranked.order[0]]
    assert all(jump.ranked.gain[jump.stages.index(stage)] > 0 for stage in jump.leading)


def test_a_stage_already_above_its_promise_has_no_room(jump, demo, journey, zone, now):
    week = weekly(demo, journey, 202647, zone, now)
    for stage, room in zip(jump.stages, jump.room, strict=True):
        row = week.row(stage)
        assert room >= 0 and (row.mark.value < row.expected.value or room == 0)


def test_ambition_gives_at_least_as_much_room(jump, demo, journey, zone, now):
    week = weekly(demo, journey, 202647, zone, now)
    far = find_jump(demo, journey, week, round(now.timestamp() * 1000), ambition=True)
    assert all(wide >= near - 1e-9 for wide, near in zip(far.room, jump.room, strict=True))


def test_others_choose_by_their_own_rule(jump, demo, journey, zone, now):
    week = weekly(demo, journey, 202647, zone, now)
    chosen = {choice.rule: choice.stage for choice in jump.others}
    assert set(chosen) == {"lowest", "loudest", "correlation"}
    assert chosen["lowest"] == min(week.rows, key=lambda row: row.mark.value).stage
    assert chosen["loudest"] == max(week.rows, key=lambda row: row.n).stage


def test_too_few_customers_give_no_ranking_but_say_how_many_are_needed(tmp_path, journey, zone, now):
    engine = fresh(tmp_path)
    example.fill(engine, weeks=1)
    week = weekly(engine, journey, 202647, zone, now)
    found = find_jump(engine, journey, week, round(now.timestamp() * 1000))
    assert found.ranked is None and found.n < found.needed == 140 and found.leading == ()
    engine.dispose()


def test_paths_are_of_customers_with_a_goal_and_leave_its_own_answers_out(demo, now):
    to = round(now.timestamp() * 1000)
    paths = read_paths(demo, "airline", "nps", STAGES, to)
    assert paths.marks.shape == (len(paths.goal), 7) and np.isfinite(paths.marks).any(1).all()
    assert np.nanmin(paths.marks) >= 1 and np.nanmax(paths.marks) <= 10 and paths.goal.max() <= 10
    assert len(read_paths(demo, "airline", "nps", STAGES, to, at_most=50).goal) <= 50
    assert len(read_paths(demo, "airline", "nps", STAGES, 0).goal) == 0


def test_what_stood_on_the_goals_own_questionnaire_explains_nothing(tmp_path, now):
    engine, at = fresh(tmp_path), round(now.timestamp() * 1000) - 1000
    marked = [Observed("csat10", 9.0, 9.0)]
    rows = [answer(1, at, "a", [Observed("nps", 9.0), *marked]), answer(2, at, "a", [Observed("csat10", 4.0, 4.0)])]
    save(engine, Batch("s", rows), now_ms=at, zone="Europe/Amsterdam")
    paths = read_paths(engine, "airline", "nps", STAGES, at + 1)
    assert paths.goal.tolist() == [9.0] and paths.marks[0, STAGES.index("fly")] == 4.0
    engine.dispose()


def test_the_boss_and_the_easiest_stand_beside_the_data(tmp_path, journey, zone, now):
    engine, to = fresh(tmp_path), round(now.timestamp() * 1000)
    example.fill(engine)
    week = weekly(engine, journey, 202647, zone, now)
    assert {c.rule for c in find_jump(engine, journey, week, to).others} == {"lowest", "loudest", "correlation"}
    set_boss_stage(engine, "airline", "book", "Directie", 1)
    for code, state, cost in (("V-901", "decided", 900.0), ("V-902", "proposed", 40.0), ("V-903", "running", 1.0)):
        change = Change(code=code, what_nl="x", journey="airline", stage="orient", state=state, cost_eur=cost, registered_at=1)
        save_change(engine, change, 1)
    found = find_jump(engine, journey, week, to)
    chosen = {choice.rule: choice for choice in found.others}
    gains = dict(zip(found.stages, found.ranked.gain, strict=True))
    assert (chosen["boss"].stage, chosen["boss"].gain) == ("book", pytest.approx(gains["book"]))
    assert (chosen["easiest"].stage, chosen["easiest"].change.code) == ("orient", "V-902")
    words = choice_words(chosen["easiest"], Names(texts("nl"), journey))
    assert words == "Oriënteren: V-902, € 40" and choice_words(chosen["boss"], Names(texts("nl"), journey)) == "Boeken"
    engine.dispose()


def test_nothing_is_easy_without_a_known_cost_or_once_it_runs():
    assert easiest([]) is None
    assert easiest([Change(code="V-1", state="proposed"), Change(code="V-2", state="running", cost_eur=1.0)]) is None
    pair = [Change(code="V-4", state="decided", cost_eur=5.0), Change(code="V-3", state="proposed", cost_eur=5.0)]
    assert easiest(pair).code == "V-3", "of two that cost the same the older code"
