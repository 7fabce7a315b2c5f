"""The weekly paper says what the edition holds: the same numbers in both languages, and nothing of fewer than five customers."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.wording import mark_text, signed_span, span
from metrics.evidence import SOLID, TOO_FEW
from metrics.privacy import FLOOR
from reports.jump import find_jump
from reports.paper import Figure, Section
from reports.promise_words import advice_title, verdict_word
from reports.register_section import section
from reports.week import edition
from reports.weekly import paper

WEEK = 202647


@pytest.fixture(scope="module")
def told(demo, journey, zone, now):
    return edition(demo, journey, WEEK, zone, now)


@pytest.fixture(scope="module")
def jump(demo, journey, told, now):
    return find_jump(demo, journey, told.week, round(now.timestamp() * 1000))


@pytest.fixture
def made(told, jump, names, now, register):
    return paper(told, jump, names, now, company="Noordvlucht", demo=True, promises=section(register, names))


def table_of(made, title):
    return next(table for table in made.tables if table.name == title)


def with_rows(told, **changed):
    return replace(told, week=replace(told.week, rows=tuple(replace(row, **changed) for row in told.week.rows)))


def test_the_three_figures_are_those_of_the_week(made, told, names):
    t, now, gap = names.t, told.week.now, told.week.gap
    experience, promise, difference = made.figures
    assert (experience[1].text, experience[1].number) == (t.number(now.value), now.value)
    assert span(t, now.low, now.high) in experience[2] and t.whole(told.week.contacts) in experience[2]
    assert (promise[1].text, promise[1].number) == (t.number(now.promise), now.promise)
    assert (difference[1].number, difference[1].shape) == (gap.value, told.week.shape)
    assert signed_span(t, gap.low, gap.high) in difference[2]


def test_without_evidence_there_is_no_figure_but_its_reason(told, jump, names, now):
    nothing = replace(told.week.now, value=math.nan)
    bare = replace(told, week=replace(told.week, points=(*told.week.points[:-1], nothing)))
    found = paper(bare, jump, names, now, company="Noordvlucht", demo=False)
    assert [figure.text for _, figure, _ in found.figures] == [names.t("few.title")]
    assert all(figure.number is None for _, figure, _ in found.figures)


def test_without_a_promise_only_the_experience_is_told(told, jump, names, now):
    bare = replace(told, week=replace(told.week, gap=None))
    assert len(paper(bare, jump, names, now, company="Noordvlucht", demo=False).figures) == 1


def test_every_stage_has_its_row_with_the_mark_the_page_shows(made, told, names):
    t, table = names.t, table_of(made, names.t("report.stages"))
    assert len(table.rows) == len(told.week.rows) and sum(table.widths) > 0
    for row, figures in zip(told.week.rows, table.rows, strict=True):
        assert figures[0].text == names.stage(row.stage)
        if row.status == TOO_FEW or row.private:
            assert figures[2].number is None
            continue
        assert (figures[2].text, figures[2].number) == (mark_text(t, row.mark.value, row.status), row.mark.value)
        assert figures[3].text == span(t, row.mark.low, row.mark.high)
        assert figures[4].number == row.n
        assert row.gap is None or (figures[5].number, figures[5].shape) == (row.gap.value, row.shape)


def test_a_difference_that_is_only_indicative_is_a_word_not_a_number(told, jump, names, now):
    rough = with_rows(told, status="indicative")
    found = paper(rough, jump, names, now, company="Noordvlucht", demo=False)
    for row, figures in zip(told.week.rows, table_of(found, names.t("report.stages")).rows, strict=True):
        assert row.gap is None or figures[5].text == names.t(f"shape.{row.shape}")
    assert any(row.status == SOLID and row.gap for row in told.week.rows), "the example must show the other side"


@pytest.mark.parametrize("n", [0, 1, FLOOR - 1])
def test_a_stage_of_too_few_customers_says_why_and_gives_no_number(told, jump, names, now, n):
    few = with_rows(told, status=TOO_FEW, n=n)
    found = paper(few, jump, names, now, company="Noordvlucht", demo=False)
    for figures in table_of(found, names.t("report.stages")).rows:
        assert figures[2].text == names.t("few.title")
        assert all(figure.number is None for figure in figures[2:])
    curve = next(one.curve for one in found.sections if one.curve)
    assert set(curve.marks) == {None} and set(curve.labels) == {""}


def test_cells_of_fewer_than_five_customers_stay_out_of_the_workbook(told, jump, names, now):
    first, *rest = [cell for cell in told.week.cells if cell.n and not cell.private]
    small = replace(told, week=replace(told.week, cells=(replace(first, n=FLOOR - 1), *rest)))
    rows = table_of(paper(small, jump, names, now, company="Noordvlucht", demo=False), names.t("report.cells")).rows
    assert len(rows) == len(rest)
    there = {(figures[0].text, figures[1].text) for figures in rows}
    assert (names.stage(first.stage), names.channel(first.channel)) not in there


def test_the_workbook_holds_each_cell_with_its_interval(made, told, names):
    rows = {(figures[0].text, figures[1].text): figures for figures in table_of(made, names.t("report.cells")).rows}
    cells = [cell for cell in told.week.cells if not cell.private and cell.status != TOO_FEW and math.isfinite(cell.mark.value)]
    assert len(cells) > 20
    for cell in cells:
        mark, low, high, n = rows[names.stage(cell.stage), names.channel(cell.channel)][2:6]
        assert (mark.number, low.number, high.number, n.number) == (cell.mark.value, cell.mark.low, cell.mark.high, cell.n)


def test_the_cause_adds_up_to_what_moved(made, told, names):
    table = table_of(made, names.t("cause.title"))
    split = told.cause.split
    assert [figures[1].number for figures in table.rows] == [split.mix.value, *(part.effect.value for part in split.parts)]
    quiet = replace(told, cause=None)
    assert not any(one.name == names.t("cause.title") for one in paper_of(quiet, names).tables)


def paper_of(told, names, jump=None, **changed):
    found = {"company": "Noordvlucht", "demo": False, **changed}
    moment = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Amsterdam"))
    return paper(told, jump or UNRANKED, names, moment, **found)


class Unranked:
    """A jump that could not be ranked, as the paper sees it."""

    ranked = None
    reason = "few"
    stages = ()


UNRANKED = Unranked()


@pytest.fixture(autouse=True)
def plain_finding(monkeypatch):
    def finding(jump, names):
        return "-" if jump is UNRANKED else jump_finding(jump, names)

    from reports.sentences import jump_finding

    monkeypatch.setattr("reports.weekly.jump_finding", finding)


def test_a_jump_that_cannot_be_ranked_is_a_sentence_without_a_table(told, names):
    assert not any(one.name == names.t("report.jump") for one in paper_of(told, names).tables)


def test_a_ranked_jump_stands_in_the_page_s_order(made, jump, names):
    assert jump.ranked is not None, "the example must be rankable"
    rows = table_of(made, names.t("report.jump")).rows
    assert [figures[0].text for figures in rows] == [names.stage(jump.stages[i]) for i in jump.ranked.order]
    assert [figures[1].number for figures in rows] == [pytest.approx(float(jump.ranked.gain[i])) for i in jump.ranked.order]


def test_open_changes_are_on_the_agenda_with_the_day_in_the_company_s_zone(told, names):
    assert told.changes, "the example has open changes"
    midnight = datetime(2026, 12, 1, 0, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    due = replace(told, changes=(replace(told.changes[0], due_at=round(midnight.timestamp() * 1000)),))
    (row,) = table_of(paper_of(due, names), names.t("report.changes")).rows
    assert row[0].text.startswith(told.changes[0].code)
    assert row[3].text == names.t.short_day(midnight), "half past midnight in Amsterdam is still the day before in UTC"
    assert not any(one.name == names.t("report.changes") for one in paper_of(replace(told, changes=()), names).tables)


def test_made_up_data_are_marked_and_real_data_are_not(told, names):
    assert "Noordvlucht" in paper_of(told, names, demo=True).demo
    assert paper_of(told, names).demo == ""


def test_the_promises_stand_in_the_paper_with_verdict_number_and_advice(made, register, names):
    rows = table_of(made, names.t("report.promises")).rows
    assert len(rows) == len(register.rows)
    for row, figures in zip(register.rows, rows, strict=True):
        assert figures[0].text == f"{row.promise.code} {row.promise.text(names.t.code)}"
        assert figures[1].text == verdict_word(row, names.t)
        assert figures[3].number == row.verdict.n
        assert figures[4].text.startswith(advice_title(row, names.t))
        assert math.isfinite(row.verdict.shown.value) == bool(figures[2].text)


def test_a_company_without_promises_reads_what_to_do(register, names):
    found = section(replace(register, rows=()), names)
    assert found == Section(names.t("promises.none"), (names.t("promises.none_why"),))


def test_the_promises_come_after_what_moved_and_before_the_jump(made, names):
    kinds = [one.table.name for one in made.sections if one.table]
    order = [names.t(f"report.{name}") for name in ("stages", "promises", "jump", "changes")]
    assert [kind for kind in kinds if kind in order] == order


def test_the_paper_is_one_of_text_and_numbers_only(made):
    for table in made.tables:
        assert all(len(figures) == len(table.columns) for figures in table.rows), table.name
        assert all(isinstance(figure, Figure) and isinstance(figure.text, str) for figures in table.rows for figure in figures)


def test_the_agenda_names_the_one_thing_whose_turn_it_is_and_what_is_late(told, jump, names, now):
    late = replace(told, changes=tuple(replace(c, due_at=1_700_000_000_000, state="running") for c in told.changes))
    t, meeting = names.t, paper(late, jump, names, now, company="x", demo=False).sections[-1]
    spoken = " ".join(meeting.lines)
    assert told.things[0].what(t.code) in spoken and names.written(told.things[0].outcome_nl, told.things[0].outcome_en) in spoken
    assert t("meeting.next_guest", department=names.department(told.guest)) in spoken
    dues = [row[3].text for row in meeting.table.rows]
    assert dues and all(due.startswith(t("report.late", day="")) for due in dues)
    without = replace(told, changes=(), things=())
    bare = paper(without, jump, names, now, company="x", demo=False).sections[-1]
    assert bare.table is None and t("meeting.next_guest", department=names.department(told.guest)) in bare.lines[-1]
