"""The weekly paper, built from the very edition that the week's page shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from config.wording import mark_text, signed_span, span
from metrics.evidence import SOLID, TOO_FEW
from metrics.weekly import LAST, YEAR, Cell
from reports.jump import Jump
from reports.names import Names
from reports.paper import Curve, Figure, Paper, Section, Table
from reports.sentences import (
    cause_finding,
    change_line,
    choice_words,
    comparison,
    few,
    headline,
    jump_finding,
    parts_of_mark,
    since_when,
    split_finding,
    stages_finding,
    week_line,
)
from reports.week import Edition
from store.people.changes import Change


def paper(
    edition: Edition, jump: Jump, names: Names, now: datetime, *, company: str, demo: bool, promises: Section | None = None
) -> Paper:
    """The paper of one week in the language of `names`; `promises` is the register's section, `now` the moment it was made."""
    t = names.t
    sections = [_journey(edition, names), _scorecard(edition, names), _cause(edition, names)]
    sections += [promises] if promises else []
    sections += [_jump(jump, names), _meeting(edition, names, now)]
    return Paper(
        language=t.code,
        company=company,
        kicker=f"{company} · {week_line(edition, t)}",
        headline=headline(edition, names),
        figures=_figures(edition, names),
        sections=tuple(section for section in sections if section),
        detail=(_cells(edition, names),),
        footer=(t("report.made", moment=f"{t.day(now, year=True)} {now:%H:%M}"), t("report.note")),
        demo=t("report.demo", company=company) if demo else "",
    )


def _figures(edition: Edition, names: Names) -> tuple[tuple[str, Figure, str], ...]:
    t, now, gap = names.t, edition.week.now, edition.week.gap
    contacts = t("week.contacts", n=t.whole(edition.week.contacts))
    if not math.isfinite(now.value):
        return ((t("week.experience"), Figure(t("few.title")), contacts),)
    out = [(t("week.experience"), Figure(t.number(now.value), now.value), f"{span(t, now.low, now.high)} · {contacts}")]
    if gap is not None:
        told = Figure(t.number(now.promise), now.promise)
        out.append((t("week.promise"), told, span(t, now.promise_low, now.promise_high)))
        shape = edition.week.shape
        word = f"{t(f'shape.{shape}_long')} {signed_span(t, gap.low, gap.high)}"
        out.append((t("week.difference"), Figure(t.signed(gap.value), gap.value, shape), word))
    return tuple(out)


def _journey(edition: Edition, names: Names) -> Section:
    t, rows = names.t, edition.week.rows
    marks = tuple(row.mark.value if _shown(row) else None for row in rows)
    curve = Curve(
        title=since_when(edition.week, t),
        stages=tuple(names.stage(row.stage) for row in rows),
        marks=marks,
        labels=tuple("" if mark is None else t.number(mark) for mark in marks),
        promises=tuple(row.expected.value if row.expected else None for row in rows),
        shapes=tuple(row.shape for row in rows),
    )
    lines = [line for line in (comparison(edition.week, t), parts_of_mark(edition.week, names), t("report.curve")) if line]
    return Section(curve.title, tuple(lines), curve=curve)


def _scorecard(edition: Edition, names: Names) -> Section:
    t = names.t
    columns = ("stage", "promise", "mark", "interval", "n", "gap", "last", "year")
    rows = tuple(_stage_row(row, names) for row in edition.week.rows)
    table = Table(t("report.stages"), "", _columns(names, columns), rows, (17, 9, 11, 13, 7, 24, 18, 17))
    return Section(stages_finding(edition.week, names), table=table)


def _stage_row(row: Cell, names: Names) -> tuple[Figure, ...]:
    t = names.t
    told = Figure(t.number(row.expected.value), row.expected.value) if row.expected else Figure(t("report.no_promise"))
    if not _shown(row):
        why = few(row, t)[1]
        return (Figure(names.stage(row.stage)), told, Figure(t("few.title")), Figure(why), *[Figure("")] * 4)
    return (
        Figure(names.stage(row.stage)),
        told,
        Figure(mark_text(t, row.mark.value, row.status), row.mark.value),
        Figure(span(t, row.mark.low, row.mark.high)),
        Figure(t.whole(row.n), row.n),
        _gap(row, names),
        Figure(change_line(row, LAST, t)),
        Figure(change_line(row, YEAR, t)),
    )


def _gap(row: Cell, names: Names) -> Figure:
    t = names.t
    if row.gap is None:
        return Figure("")
    value = f"{t.signed(row.gap.value)} {signed_span(t, row.gap.low, row.gap.high)} " if row.status == SOLID else ""
    return Figure(value + t(f"shape.{row.shape}"), row.gap.value, row.shape)


def _cells(edition: Edition, names: Names) -> Table:
    """Every cell of stage and channel, for the workbook: what the page's scorecard shows."""
    t = names.t
    columns = ("stage", "channel", "mark", "low", "high", "n", "gap", "shape")
    rows = tuple(_cell_row(cell, names) for cell in edition.week.cells if cell.n and not cell.private)
    return Table(t("report.cells"), "", _columns(names, columns), rows)


def _cell_row(cell: Cell, names: Names) -> tuple[Figure, ...]:
    t = names.t
    head = (Figure(names.stage(cell.stage)), Figure(names.channel(cell.channel)))
    if not _shown(cell):
        return (*head, Figure(t("few.title")), Figure(""), Figure(""), Figure(t.whole(cell.n), cell.n), Figure(""), Figure(""))
    marks = tuple(Figure(t.number(value), value) for value in (cell.mark.value, cell.mark.low, cell.mark.high))
    gap = Figure(t.signed(cell.gap.value), cell.gap.value) if cell.gap else Figure("")
    return (*head, *marks, Figure(t.whole(cell.n), cell.n), gap, Figure(t(f"shape.{cell.shape}") if cell.shape else ""))


def _cause(edition: Edition, names: Names) -> Section | None:
    t, cause = names.t, edition.cause
    if cause is None:
        return None
    rows = [(t("cause.mix_row"), cause.split.mix)]
    rows += [(names.channel(part.channel), part.effect) for part in cause.split.parts]
    figures = tuple(
        (Figure(name), Figure(t.signed(part.value, 2), part.value), Figure(signed_span(t, part.low, part.high, 2)))
        for name, part in rows
    )
    table = Table(t("cause.title"), "", _columns(names, ("channel", "share", "interval")), figures, (40, 20, 40))
    themes = [
        t("cause.themes", theme=names.theme(x.id), before=t.percent(x.before.value), now=t.percent(x.now.value))
        for x in cause.themes[:3]
    ]
    return Section(cause_finding(cause, names), (split_finding(cause, names), *themes), table)


def _jump(jump: Jump, names: Names) -> Section:
    t = names.t
    if jump.ranked is None:
        return Section(jump_finding(jump, names))
    ranked = jump.ranked
    rows = tuple(
        (
            Figure(names.stage(jump.stages[i])),
            Figure(t.signed(ranked.gain[i], 2), float(ranked.gain[i])),
            Figure(signed_span(t, ranked.low[i], ranked.high[i], 2)),
        )
        for i in ranked.order
    )
    table = Table(t("report.jump"), "", _columns(names, ("stage", "gain", "interval")), rows, (40, 20, 40))
    others = "; ".join(f"{t(f'jump.{c.rule}')}: {choice_words(c, names)} ({t.signed(c.gain, 2)})" for c in jump.others)
    return Section(jump_finding(jump, names), (f"{t('jump.others')}: {others}.",) if others else (), table)


def _meeting(edition: Edition, names: Names, now: datetime) -> Section:
    t, code = names.t, names.t.code
    columns = _columns(names, ("change", "stage", "state", "due"))
    rows = tuple(
        (
            Figure(f"{change.code} {change.what(code)}"),
            Figure(names.stage(change.stage)),
            Figure(t(f"report.state.{change.state}")),
            Figure(_due(change, names, now)),
        )
        for change in edition.changes
    )
    lines = _guests(edition, names)
    if not rows:
        return Section(t("meeting.none"), lines)
    finding = t("report.meeting", count=t.whole(len(rows)))
    return Section(finding, lines, Table(t("report.changes"), "", columns, rows, (46, 18, 14, 22)))


def _due(change: Change, names: Names, now: datetime) -> str:
    """The day by which a change is to be done; said to be late when it is open past that day."""
    if not change.due_at:
        return ""
    day = names.t.short_day(datetime.fromtimestamp(change.due_at / 1000, now.tzinfo))
    late = change.state in ("proposed", "decided", "running") and change.due_at / 1000 < now.timestamp()
    return names.t("report.late", day=day) if late else day


def _guests(edition: Edition, names: Names) -> tuple[str, ...]:
    """What the last guest named, and whose turn it is: the meeting's agenda."""
    t, lines = names.t, []
    if edition.things:
        newest = edition.things[0]
        by = {"role": newest.guest_role, "department": names.department(newest.department), "stage": names.stage(newest.stage)}
        lines.append(f"{t('meeting.thing')}: ‘{newest.what(t.code)}’ {t('meeting.named_by', **by)}")
        if newest.closed:
            lines.append(f"{t('meeting.outcome')} {names.written(newest.outcome_nl, newest.outcome_en)}")
    return (*lines, f"{t('meeting.next_guest', department=names.department(edition.guest))}.") if edition.guest else tuple(lines)


def _columns(names: Names, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(names.t(f"report.column.{key}") for key in keys)


def _shown(cell: Cell) -> bool:
    return cell.status != TOO_FEW and not cell.private and math.isfinite(cell.mark.value)
