"""Somebody who holds every number on the page, in the workbook and in the CSV tries to work out a group of fewer than five."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from config.journey import load_journey
from config.language import texts
from metrics.evidence import TOO_FEW
from metrics.privacy import FLOOR
from pages.scorecard import table
from reports.jump import find_jump
from reports.names import Names
from reports.sheets import csv_text
from reports.stage import coverage, depth
from reports.week import edition, weekly
from reports.weekly import paper
from store.engine import open_store
from store.rows import Batch, Observed, Placed, Row
from store.writes import save
from tests.store.people_store import fresh

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
AT = round(datetime(2026, 11, 18, 12, tzinfo=ZONE).timestamp() * 1000)
WEEK, JOURNEY = 202647, load_journey("airline")
COUNTS = {  # customers per stage and channel: those of the group `existing`, and the others, who are `new`
    "fly": {"phone": (27, 3), "chat": (2, 1), "email": (12, 0), "app": (15, 15)},
    "book": {"phone": (20, 12), "chat": (30, 0), "email": (11, 5), "app": (6, 20)},
    "service": {"phone": (30, 30), "chat": (38, 2), "email": (9, 9), "app": (4, 40)},
}
CHANNELS = ("phone", "chat", "email", "app")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder, dice = tmp_path_factory.mktemp("guarding"), random.Random(5)
    filling = fresh(folder)
    rows = [
        _row(f"{stage}-{channel}-{group}-{n}", stage, channel, group, dice.uniform(2, 9))
        for stage, channels in COUNTS.items()
        for channel, numbers in channels.items()
        for group, many in zip(("existing", "new"), numbers, strict=True)
        for n in range(many)
    ]
    save(filling, Batch("survey", rows), now_ms=AT, zone=ZONE.key)
    filling.dispose()
    opened = open_store(f"sqlite:///{folder}/store.db")
    yield opened
    opened.dispose()


def _row(id, stage, channel, group, mark):
    seen = [Observed("contacts", 1.0), Observed("csat", mark / 2, mark)]
    placed = [Placed("airline", stage, "source")]
    return Row("survey", "", id, 1, "upsert", AT, AT, channel=channel, segments=(group,), placed=placed, observed=seen)


def true(stage, channel=None, group=""):
    own = COUNTS[stage].values() if channel is None else [COUNTS[stage][channel]]
    return sum({"existing": a, "new": b, "": a + b}[group] for a, b in own)


def in_the_files(engine, segment):
    """What the CSV of a week tells: customers per (stage, channel), '' for a stage over all channels."""
    told, names = edition(engine, JOURNEY, WEEK, ZONE, NOW, segment), Names(texts("en"), JOURNEY)
    made = paper(told, find_jump(engine, JOURNEY, told.week, AT), names, NOW, company="N", demo=False)
    stages = {names.stage(stage): stage for stage in COUNTS}
    channels = {names.channel(channel): channel for channel in CHANNELS}
    found = {}
    for sheet in made.tables:
        _, *rows = [row for row in csv.reader(io.StringIO(csv_text(sheet))) if row]
        if sheet.name == names.t("report.cells"):
            found |= {(stages[row[0]], channels[row[1]]): int(float(row[5])) for row in rows if row[5]}
        if sheet.name == names.t("report.stages"):
            found |= {(stages[row[0]], ""): int(float(row[4])) for row in rows if row[0] in stages and row[4]}
    return found


def on_the_page(engine, segment):
    """The same, of the page's cells that have a number."""
    week = weekly(engine, JOURNEY, WEEK, ZONE, NOW, segment)
    drawn = str(table(week, Names(texts("en"), JOURNEY), lambda **_: "", ("a", "b")))
    found = {}
    for cell in (*week.rows, *week.cells):
        if cell.stage in COUNTS and cell.status != TOO_FEW:
            found[cell.stage, cell.channel] = int(cell.n)
            assert f"n {int(cell.n)}" in drawn
    return found


def in_the_coverage(engine, segment):
    found = coverage(weekly(engine, JOURNEY, WEEK, ZONE, NOW, segment), JOURNEY)
    return {(stage, channel): int(n) for stage, row in found.items() for channel, n in row.items() if n is not None}


SEEN = {"files": in_the_files, "page": on_the_page, "coverage": in_the_coverage}


@pytest.mark.parametrize("where", SEEN)
@pytest.mark.parametrize("segment", ["", "existing", "new"])
def test_what_a_stage_or_a_channel_leaves_is_never_fewer_than_five(engine, where, segment):
    """The attacker knows every shown cell, and the totals of each stage and each channel, wherever they got them."""
    shown = SEEN[where](engine, segment)
    assert all(n == true(stage, channel or None, segment) and n >= FLOOR for (stage, channel), n in shown.items())
    cells = {(s, c): true(s, c, segment) for s in COUNTS for c in CHANNELS}
    unknown = [cell for cell in cells if cell not in shown and cells[cell]]
    lines = [[cell for cell in cells if cell[side] == line] for side in (0, 1) for line in {cell[side] for cell in cells}]
    for line in lines:
        told_of = sum(shown.get(cell, 0) for cell in line)
        left = sum(cells[cell] for cell in line) - told_of
        assert left == 0 or left >= FLOOR or not told_of, line  # a channel of three customers in all has no total to show
    told = np.array([[float(cell in line) for cell in unknown] for line in lines])
    solved = np.diag(np.linalg.pinv(told) @ told) > 1 - 1e-9
    assert [cell for cell, sure in zip(unknown, solved, strict=True) if sure and cells[cell] < FLOOR] == []


@pytest.mark.parametrize("where", SEEN)
def test_everyone_less_a_group_is_never_fewer_than_five(engine, where):
    """The same page under another choice: what the two choices tell may not differ by one to four customers."""
    everyone, groups = SEEN[where](engine, ""), {name: SEEN[where](engine, name) for name in ("existing", "new")}
    for name, shown in groups.items():
        for (stage, channel), n in shown.items():
            left = true(stage, channel or None) - n
            assert left == 0 or left >= FLOOR, (name, stage, channel)
    assert ("book", "phone") in everyone and ("book", "app") in groups["new"], "something must be left to look at"


def test_the_groups_of_a_stage_stand_beside_the_stage(engine):
    for stage in COUNTS:
        card = weekly(engine, JOURNEY, WEEK, ZONE, NOW)
        groups = depth(engine, JOURNEY, card, stage, ZONE, NOW, np.ones((7, 24), bool)).groups
        shown = {group.segment: int(group.n) for group in groups if not group.private}
        assert len(shown) == 2 and sum(shown.values()) == true(stage), "here no group is small"


def test_a_stage_with_a_small_group_shows_neither_of_two(tmp_path):
    filling = fresh(tmp_path)
    rows = [_row(f"{group}{n}", "fly", "chat", group, 7.0) for group, many in (("existing", 30), ("new", 3)) for n in range(many)]
    save(filling, Batch("survey", rows), now_ms=AT, zone=ZONE.key)
    card = weekly(filling, JOURNEY, WEEK, ZONE, NOW)
    groups = depth(filling, JOURNEY, card, "fly", ZONE, NOW, np.ones((7, 24), bool)).groups
    assert {group.segment: (group.private, group.status) for group in groups} == dict.fromkeys(
        ("existing", "new"), (True, TOO_FEW)
    )
    existing = weekly(filling, JOURNEY, WEEK, ZONE, NOW, "existing")
    assert existing.row("fly").guarded and existing.weakest == "" and existing.row("fly").since == {}
    filling.dispose()


def test_a_cell_that_guards_another_says_so_and_shows_nothing_of_itself(engine):
    week = weekly(engine, JOURNEY, WEEK, ZONE, NOW)
    hidden = [cell for cell in week.cells if cell.guarded and cell.n >= FLOOR]
    assert hidden and all(cell.gap is None and not np.isfinite(cell.mark.value) for cell in hidden)
    assert all(not np.isfinite(cell.series).any() for cell in hidden)
    for code in ("nl", "en"):
        t = texts(code)
        drawn = str(table(week, Names(t, JOURNEY), lambda **_: "", ("a", "b")))
        assert t("few.hidden") in drawn and t("few.guarded") in drawn and t("few.privacy") in drawn
