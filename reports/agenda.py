"""The first page of the agenda pack: when, whose turn it is, what is late, what must be decided, and which promises broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from config.wording import clock
from reports import promise_words
from reports.effect_words import judged, verdict_text
from reports.effects import Outcome
from reports.names import Names
from reports.open_door import check_clock
from reports.paper import Figure, Paper, Section, Table
from reports.promised import Register
from reports.sentences import capital, count_word
from reports.week import Edition
from store.engine import instant
from store.people.changes import Change

OPEN = ("proposed", "decided", "running")
BROKEN = "broken"


def agenda(made: Paper, edition: Edition, found: Sequence[Outcome], register: Register, names: Names, now: datetime) -> Paper:
    """The weekly paper with the agenda as its first page; `found` are the changes with their outcomes, `now` is local."""
    shown = [one for one in found if one.change.state in OPEN]
    first = [_turn(edition, names), _late(shown, names, now), _asked(shown, names, now), _broken(register, names)]
    first[-1] = replace(first[-1], last_of_page=True)
    return replace(made, headline=_title(edition, names, now), sections=(*first, *made.sections))


def _title(edition: Edition, names: Names, now: datetime) -> str:
    to_come = [meeting.at for meeting in edition.meetings if meeting.at >= now.timestamp() * 1000 and not meeting.held]
    if not to_come:
        return names.t("agenda.undated")
    when = instant(min(to_come)).astimezone(now.tzinfo)
    return names.t("agenda.title", moment=f"{names.t.day(when)}, {clock(names.t, when)}")


def _turn(edition: Edition, names: Names) -> Section:
    """Whose turn the guest is, and what became of what the last one named."""
    t, lines = names.t, []
    if edition.things:
        newest = edition.things[0]
        thing = names.written(newest.what_nl, newest.what_en)
        lines.append(t("agenda.last_thing", department=names.department(newest.department), thing=thing))
        came = names.written(newest.outcome_nl, newest.outcome_en)
        lines.append(f"{t('meeting.outcome')} {came or t('agenda.no_outcome')}")
    guest = names.department(edition.guest) if edition.guest else "–"
    return Section(t("agenda.guest", department=guest), (*lines, t("agenda.guest_asked")))


def _late(shown: Sequence[Outcome], names: Names, now: datetime) -> Section:
    t = names.t
    late = sorted((one.change for one in shown if 0 < one.change.due_at < now.timestamp() * 1000), key=lambda c: c.due_at)
    if not late:
        return Section(t("agenda.none_late"))
    finding = t("agenda.one_late") if len(late) == 1 else t("agenda.late", count=capital(count_word(t, len(late))))
    columns = tuple(t(f"report.column.{key}") for key in ("change", "stage", "owner", "due"))
    rows = tuple(_late_row(change, names, now) for change in late)
    return Section(finding, table=Table(t("agenda.sheet_late"), "", columns, rows, (44, 18, 16, 22)))


def _late_row(change: Change, names: Names, now: datetime) -> tuple[Figure, ...]:
    t, due = names.t, instant(change.due_at).astimezone(now.tzinfo)
    days = (now.date() - due.date()).days
    late = t("meeting.overdue_day") if days == 1 else t("meeting.overdue_days", days=t.whole(days))
    owner = names.department(change.owner) if change.owner else "–"
    told = Figure(f"{late} ({t('meeting.was', day=t.short_day(due))})", shape="below")
    return Figure(_named(change, names)), Figure(names.stage(change.stage)), Figure(owner), told


def _asked(shown: Sequence[Outcome], names: Names, now: datetime) -> Section:
    """The decisions that the meeting must take: what waits for a yes or no, what may start, and what has its verdict."""
    t = names.t
    taken = {one.change.stage for one in shown if one.change.state == "running"}
    asked = [(one.change, words) for one in shown if (words := _question(one, taken, names, now))]
    if not asked:
        return Section(t("agenda.none_asked"))
    finding = t("agenda.one_asked") if len(asked) == 1 else t("agenda.asked", count=capital(count_word(t, len(asked))))
    columns = tuple(t(f"report.column.{key}") for key in ("change", "stage", "asked"))
    rows = tuple((Figure(_named(change, names)), Figure(names.stage(change.stage)), Figure(words)) for change, words in asked)
    return Section(finding, table=Table(t("agenda.sheet_asked"), "", columns, rows, (36, 16, 48)))


def _question(one: Outcome, taken: set[str], names: Names, now: datetime) -> str:
    """What the meeting is asked about a change; '' when it can go on as it is."""
    t, change = names.t, one.change
    if change.state == "proposed":
        return t("agenda.decide" if change.checked else "agenda.decide_unchecked")
    if change.state == "decided":
        return "" if change.stage in taken else t("agenda.start")
    if judged(one):
        return t("agenda.finish", verdict=verdict_text(one, t))
    clock_of = check_clock(change, now)
    return t("agenda.ask_customers") if clock_of and clock_of.overdue else ""


def _broken(register: Register, names: Names) -> Section:
    t = names.t
    broken = [row for row in register.rows if row.verdict.verdict == BROKEN]
    if not broken:
        return Section(t("agenda.none_broken"))
    finding = t("agenda.one_broken") if len(broken) == 1 else t("agenda.broken", count=capital(count_word(t, len(broken))))
    columns = tuple(t(f"report.column.{key}") for key in ("promise", "kept", "advice"))
    rows = tuple(
        (
            Figure(f"{row.promise.code} {row.promise.text(t.code)}"),
            Figure(" ".join(promise_words.value_text(row, t)).strip(), shape="below"),
            Figure(promise_words.advice_title(row, t)),
        )
        for row in broken
    )
    return Section(finding, table=Table(t("agenda.sheet_broken"), "", columns, rows, (46, 22, 32)))


def _named(change: Change, names: Names) -> str:
    return f"{change.code} {names.written(change.what_nl, change.what_en)}"
