"""Customers' paths: exactly the newest who answered, with the mean of all they answered, however few rows are looked at."""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
import pytest

from store.reads import paths
from store.reads.paths import DAY_MS, DAYS, read_paths
from store.rows import Batch, Observed, Placed, Row
from store.writes import save

NOW = 1_795_000_000_000
STAGES = ("fly", "loyalty")


def answer(number: int, at: int, author: str | None, observed: list[Observed], stage: str = "fly") -> Row:
    """One questionnaire of one customer."""
    return Row(
        source="s",
        stream="x",
        external_id=str(number),
        version=1,
        op="upsert",
        happened_at=at,
        received_at=at,
        channel="survey",
        author_key=author,
        placed=[Placed("airline", stage, "source")],
        observed=[Observed("contacts", 1.0), *observed],
    )


def history(seed: int, customers: int, days: int) -> list[Row]:
    """Answers to the goal in one stage and marks in another, some customers answering often, some older than is looked at."""
    dice, rows = random.Random(seed), []
    for number in range(customers * 3):
        at = NOW - dice.randrange(days * DAY_MS)
        author = f"a{int(customers * dice.random() ** 2):04d}" if number % 11 else None
        if number % 3:
            rows.append(answer(number, at, author, [Observed("nps", float(dice.randrange(11)))], "loyalty"))
        else:
            mark = float(dice.randrange(1, 11))
            rows.append(answer(number, at, author, [Observed("csat10", mark, mark)]))
    return rows


def expected(rows: list[Row], at_most: int) -> list[tuple[float, float]]:
    """By a plain reading of all rows: (mean answer, mean mark) per customer, newest first."""
    recent = [row for row in rows if row.author_key and NOW - DAYS * DAY_MS <= row.happened_at <= NOW]
    goals, marks, newest = defaultdict(list), defaultdict(list), {}
    for row in recent:
        for seen in row.observed:
            if seen.metric == "nps":
                goals[row.author_key].append(seen.value)
                newest[row.author_key] = max(newest.get(row.author_key, 0), row.happened_at)
            elif seen.metric == "csat10":
                marks[row.author_key].append(seen.mark)
    chosen = sorted(newest, key=lambda author: (-newest[author], author))[:at_most]
    return [(float(np.mean(goals[a])), float(np.mean(marks[a]))) for a in chosen if a in marks]


@pytest.mark.parametrize(
    ("seed", "customers", "days", "at_most"), [(1, 60, 120, 20), (2, 200, 40, 50), (3, 30, 200, 500), (4, 90, 4, 10)]
)
def test_the_newest_customers_are_those_of_a_plain_reading(store, seed, customers, days, at_most):
    rows = history(seed, customers, days)
    save(store, Batch("s", rows), now_ms=NOW, zone="Europe/Amsterdam")
    found = read_paths(store, "airline", "nps", STAGES, NOW, at_most)
    assert np.allclose(np.column_stack([found.goal, found.marks[:, 0]]), expected(rows, at_most))
    assert np.isnan(found.marks[:, 1]).all()


def test_few_customers_who_answer_often_are_still_all_found(store):
    """Twice as many answers as asked for may come from fewer customers than asked for: then all ninety days are read."""
    rows = [answer(i, NOW - i * 60_000, f"often-{i % 3}", [Observed("nps", 7.0)], "loyalty") for i in range(60)]
    rows += [answer(100 + i, NOW - 80 * DAY_MS, f"once-{i}", [Observed("nps", 2.0)], "loyalty") for i in range(4)]
    rows += [answer(200 + i, NOW - DAY_MS, row, [Observed("csat10", 5.0, 5.0)]) for i, row in enumerate(["often-0", "once-1"])]
    save(store, Batch("s", rows), now_ms=NOW, zone="Europe/Amsterdam")
    assert read_paths(store, "airline", "nps", STAGES, NOW, 6).goal.tolist() == [7.0, 2.0]


def test_when_many_answered_only_the_newest_rows_are_looked_at(store, monkeypatch):
    rows = [answer(i, NOW - i * 3_600_000, f"a{i}", [Observed("nps", 5.0)], "loyalty") for i in range(1000)]
    save(store, Batch("s", rows), now_ms=NOW, zone="Europe/Amsterdam")
    looked, real = [], paths._newest
    monkeypatch.setattr(paths, "_newest", lambda *given: looked.append(given[4]) or real(*given))
    read_paths(store, "airline", "nps", STAGES, NOW, 10)
    assert len(looked) == 1 and NOW - looked[0][0] < 4 * DAY_MS


def test_a_store_without_answers_gives_nobody(store):
    assert len(read_paths(store, "airline", "nps", STAGES, NOW).goal) == 0
