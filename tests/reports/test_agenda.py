"""The agenda pack's first page: the date, whose turn it is, what is late, what must be decided, which promises broke."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from metrics.weeks import shifted
from reports.agenda import _question, agenda
from reports.effects import Outcome, last_whole_week, outcome
from reports.jump import Jump
from reports.pdf import pdf
from reports.week import edition
from reports.weekly import paper
from store.people.changes import Change, changes
from store.people.meetings import Meeting

WEEK = 202647
NONE = Jump((), None, (), (), (), 0, 1)


@pytest.fixture(scope="module")
def told(demo, journey, zone, now):
    return edition(demo, journey, WEEK, zone, now)


@pytest.fixture(scope="module")
def found(demo, journey, zone, now):
    card = last_whole_week(demo, journey, zone, now)
    assert card.week == shifted(202648, -1)
    return [outcome(change, card, zone) for change in changes(demo, "airline")]


def made(told, found, register, names, now):
    return agenda(paper(told, NONE, names, now, company="x", demo=False), told, found, register, names, now)


def test_the_first_page_holds_the_five_things_and_ends_there(told, found, register, names, now):
    t, pack = names.t, made(told, found, register, names, now)
    plain = paper(told, NONE, names, now, company="x", demo=False)
    first = pack.sections[: len(pack.sections) - len(plain.sections)]
    assert len(first) == 4 and [s.last_of_page for s in first] == [False, False, False, True]
    assert pack.sections[4:] == plain.sections, "what follows is the week's paper, untouched"
    assert first[0].finding == t("agenda.guest", department=names.department(told.guest))
    assert told.things[0].what(t.code) in " ".join(first[0].lines)
    assert first[1].finding == t("agenda.one_late") and "V-024" in first[1].table.rows[0][0].text
    assert t("meeting.overdue_days", days=9) in first[1].table.rows[0][3].text
    broken = [row for row in register.rows if row.verdict.verdict == "broken"]
    assert broken and [row[0].text[:4] for row in first[3].table.rows] == [row.promise.code for row in broken]


def test_the_title_has_the_date_of_the_next_meeting_or_says_there_is_none(told, found, register, names, now):
    ms = round(now.timestamp() * 1000)
    soon = replace(told, meetings=(Meeting(ms + 9 * 86_400_000), Meeting(ms + 2 * 86_400_000), Meeting(ms - 1)))
    assert "25 november" in made(soon, found, register, names, now).headline.lower()
    held = replace(told, meetings=(Meeting(ms + 1, held=True), Meeting(ms - 1)))
    assert made(held, found, register, names, now).headline == names.t("agenda.undated")


def test_nothing_late_asked_or_broken_is_said_and_draws_no_table(told, register, names, now):
    quiet = made(told, [], replace(register, rows=()), names, now).sections[1:4]
    keys = ("none_late", "none_asked", "none_broken")
    assert [(s.finding, s.table) for s in quiet] == [(names.t(f"agenda.{key}"), None) for key in keys]


@pytest.mark.parametrize(
    ("change", "taken", "key"),
    [
        (Change(state="proposed"), set(), "decide_unchecked"),
        (Change(state="proposed", customer_check_en="six asked"), set(), "decide"),
        (Change(state="decided", stage="fly"), set(), "start"),
        (Change(state="decided", stage="fly"), {"fly"}, ""),
        (Change(state="running", checked_at=1), {"fly"}, "ask_customers"),
    ],
)
def test_what_is_asked_follows_from_where_a_change_stands(change, taken, key, names, now):
    asked = _question(Outcome(change, None), taken, names, now)
    assert asked == (names.t(f"agenda.{key}") if key else "")


def test_a_change_with_its_verdict_is_asked_to_be_finished_with_the_page_s_words(told, found, register, names, now):
    from reports.effect_words import judged as has_verdict
    from reports.effect_words import verdict_text

    rows = {row[0].text[:5]: row[2].text for row in made(told, found, register, names, now).sections[2].table.rows}
    known = [one for one in found if one.change.state == "running" and has_verdict(one)]
    assert known and all(verdict_text(one, names.t) in rows[one.change.code] for one in known)


def test_in_the_pdf_the_agenda_is_a_page_of_its_own(told, found, register, names, now):
    from pypdfium2 import PdfDocument

    pages = [
        page.get_textpage().get_text_range() for page in PdfDocument(io.BytesIO(pdf(made(told, found, register, names, now))))
    ]
    first, second = (" ".join(page.split()) for page in pages[:2])
    assert "V-024" in first and names.t("agenda.guest", department=names.department(told.guest)) in first
    assert names.t("agenda.one_late") not in second and names.t("report.curve")[:20] in second


def test_counts_are_words_so_that_no_number_follows_the_item_s_own(told, found, register, names, now):
    late = [Outcome(replace(one.change, due_at=1, state="running"), None) for one in found]
    finding = made(told, late, register, names, now).sections[1].finding
    assert len(late) == 4 and {"nl": "2. Vier veranderingen", "en": "2. Four changes"}[names.t.code] in finding
