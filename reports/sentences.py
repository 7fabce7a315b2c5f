"""What the week says, in whole sentences: the same finding above the page, in the mail and on the meeting's agenda."""

from __future__ import annotations

import math

from config.language import Texts
from config.wording import days_of_week, listed, signed_span
from metrics.evidence import INDICATIVE_HALF, INDICATIVE_N, TOO_FEW
from metrics.gap import gap, gap_shape
from metrics.intervals import Interval
from metrics.privacy import FLOOR
from metrics.weekly import LAST, Cell, Point, Week
from metrics.weeks import monday
from reports.jump import Choice, Jump
from reports.names import Names
from reports.week import Cause, Edition, counted

WORDED = 12


def count_word(t: Texts, count: int) -> str:
    """A small count in words (`drie`), a larger one in figures."""
    return t(f"count.{count}") if 0 <= count <= WORDED else t.whole(count)


def iso_week(week: int) -> str:
    """The week as an address writes it.

    >>> iso_week(202647)
    '2026-W47'
    """
    return f"{week // 100}-W{week % 100:02d}"


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def within(name: str) -> str:
    """A name within a sentence: without its capital, unless it is an abbreviation.

    >>> within("Aanbevelen (0-10)"), within("NPS, aanbeveling")
    ('aanbevelen (0-10)', 'NPS, aanbeveling')
    """
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def headline(edition: Edition, names: Names) -> str:
    """The week's answer in one sentence: experience, promise, and what moved."""
    t, week = names.t, edition.week
    number = week.week % 100
    if not math.isfinite(week.now.value):
        return t("week.too_few", week=number)
    mark = t.number(week.now.value)
    if week.gap is None:
        return t("week.no_promise", week=number, mark=mark) + " " + capital(moved(edition, names))
    return t("week.answer", week=number, mark=mark, promise=t.number(week.now.promise)) + " " + moved(edition, names)


def moved(edition: Edition, names: Names) -> str:
    """What changed since last week, if anything did demonstrably."""
    t, cause = names.t, edition.cause
    if cause is None or not cause.demonstrable:
        return t("week.nothing_moved")
    change = edition.week.row(cause.stage).since[LAST].shown.value
    key = "week.fell" if change < 0 else "week.rose"
    return t(key, stage=names.stage(cause.stage), by=t.number(abs(change)), why=_why(cause, names))


def _why(cause: Cause, names: Names) -> str:
    """The tail of what moved: the channel that caused it, where it was measured, or nothing."""
    if cause.role == "measured":
        return names.t(f"week.measured_{cause.channel}")
    return names.t("week.through", channel=names.channel(cause.channel).lower()) if cause.role else ""


def since_when(week: Week, t: Texts) -> str:
    """Since when the experience has been where it is against the promise: the run of weeks that ends with this one."""
    shapes = [_side(point) for point in week.points]
    now = shapes[-1]
    if now not in ("below", "above"):
        return t(f"week.line_{now or 'none'}")
    run = next((i for i, shape in enumerate(reversed(shapes)) if shape != now), len(shapes))
    if run >= len(shapes):
        return t(f"week.line_{now}_year")
    first = monday(week.points[-run].week)
    return t(f"week.line_{now}", day=f"{first.day} {t(f'month.{first.month}')}")


def _side(point: Point) -> str:
    """Where a week lay: below or above when its gap leaves out 0, else on; '' without a mark or a promise."""
    if not math.isfinite(point.value + point.promise):
        return ""
    promised = Interval(point.promise, point.promise_low, point.promise_high)
    shape = gap_shape(gap(Interval(point.value, point.low, point.high), promised))
    return shape if shape in ("below", "above") else "on"


def comparison(week: Week, t: Texts) -> str:
    """The second line under the headline: against last week, the plain mean, and the weakest stage."""
    parts = []
    if LAST in week.since:
        change = week.since[LAST]
        before = week.now.value - change.shown.value
        said = t("week.changed", by=t.signed(change.shown.value), span=signed_span(t, change.shown.low, change.shown.high))
        parts.append(t("week.against_last", mark=t.number(before), said=said if change.demonstrable else t("no_difference")))
    return " ".join(parts)


def parts_of_mark(week: Week, names: Names) -> str:
    """How the journey's mark is made, with the plain mean and the weakest stage beside it."""
    t = names.t
    if not week.weakest:
        return ""
    row = week.row(week.weakest)
    return t("week.made_of", mean=t.number(week.mean), stage=names.stage(row.stage), mark=t.number(row.mark.value))


def stages_finding(week: Week, names: Names) -> str:
    """The finding above the scorecard: how many stages lie below their promise, and which changed."""
    t, counts = names.t, counted(week)
    total = len(week.rows)
    below = t("week.stages_below", count=capital(count_word(t, counts["below"])), total=count_word(t, total))
    if not any(row.expected for row in week.rows):
        below = t("week.stages_no_promise")
    elif counts["below"] == 0:
        below = t("week.stages_none_below")
    elif counts["below"] == 1:
        below = t("week.stages_one_below", total=count_word(t, total))
    changed = [names.stage(row.stage) for row in week.rows if LAST in row.since and row.since[LAST].demonstrable]
    key = ("week.stages_changed" if len(changed) == 1 else "week.stages_changed_more") if changed else "week.stages_unchanged"
    return below + " " + t(key, stages=listed(t, changed), count=len(changed))


def journey_finding(week: Week, names: Names) -> str:
    """The finding above the journey's line: how many stages lie below their promise, and where it breaks deepest."""
    t, counts = names.t, counted(week)
    total = count_word(t, len(week.rows))
    measured = [row for row in week.rows if row.gap and row.status != TOO_FEW]
    if not measured:
        return t("journey.line_no_promise")
    worst = min(measured, key=lambda row: row.gap.value if row.gap else 0.0)
    if not counts["below"] or not worst.gap:
        return t("journey.line_none")
    values = {"stage": names.stage(worst.stage), "gap": t.signed(worst.gap.value), "total": total}
    key = "line_one" if counts["below"] == 1 else "line_more"
    return t(f"journey.{key}", count=capital(count_word(t, counts["below"])), **values)


def change_line(cell: Cell, against: str, t: Texts) -> str:
    """A change against last week or last year: the difference with its interval, or that none can be shown."""
    change = cell.since.get(against)
    if change is None:
        return t("no_comparison")
    if not change.demonstrable:
        return t("no_difference")
    return f"{t.signed(change.shown.value)} {signed_span(t, change.shown.low, change.shown.high)}"


def cause_finding(cause: Cause, names: Names) -> str:
    """The finding above what moved: which channel explains how much of the change, or that nothing changed demonstrably."""
    t, stage = names.t, names.stage(cause.stage)
    if not cause.demonstrable:
        return t("cause.none", stage=stage)
    if cause.role != "cause":
        key = "cause.unexplained_lost" if cause.split.change < 0 else "cause.unexplained_won"
        return t(key, stage=stage, whole=t.number(abs(cause.split.change), 2), why=_why(cause, names))
    part = next(part for part in cause.split.parts if part.channel == cause.channel)
    lost, more = cause.split.change < 0, abs(part.effect.value) > abs(cause.split.change)
    key = ("cause.lost" if lost else "cause.won") + ("_more" if more else "")
    values = {"part": t.number(abs(part.effect.value), 2), "whole": t.number(abs(cause.split.change), 2)}
    return t(key, channel=names.channel(cause.channel).lower(), stage=stage, **values)


def split_finding(cause: Cause, names: Names) -> str:
    """The title of the waterfall: mix, the channel that did it, or that none is shown to."""
    t = names.t
    if cause.split.mostly_mix:
        return t("cause.mix")
    if cause.role != "cause":
        return t(f"cause.only_{cause.channel}" if cause.role else "cause.no_channel")
    return t("cause.performance", channel=names.channel(cause.channel).lower())


def jump_finding(jump: Jump, names: Names) -> str:
    """The finding above the ranking: the leading group, or why there is no ranking."""
    t = names.t
    if jump.ranked is None:
        return t("jump.refused", n=t.whole(jump.n), needed=t.whole(jump.needed))
    leading = [names.stage(stage) for stage in jump.leading]
    if not leading:
        return t("jump.nothing")
    if len(leading) == 1:
        return t("jump.one", stage=leading[0])
    joined = f"{', '.join(leading[:-1])} {t('or')} {leading[-1]}"
    return t("jump.group", stages=joined, count=count_word(t, len(leading)))


def week_line(edition: Edition, t: Texts) -> str:
    """The small line above the headline: which week, its days, and whether it is over."""
    week = edition.week.week
    state = t("week.whole") if edition.days == 7 else t("week.part", days=edition.days)
    return f"{t('week.name', week=week % 100)} · {days_of_week(t, monday(week))} · {state}"


def few(cell: Cell, t: Texts) -> tuple[str, str]:
    """What stands in a cell without a number: why, and how much there is where that may be told."""
    if cell.private:
        return (t("few.hidden"), t("few.guarded")) if cell.guarded and cell.n >= FLOOR else (t("few.title"), t("few.privacy"))
    if not cell.n:
        return t("few.title"), t("few.nothing")
    if cell.n < INDICATIVE_N or not math.isfinite(cell.mark.half):
        return t("few.title"), t("few.count", n=t.whole(cell.n))
    needed = math.ceil(cell.n * (cell.mark.half / INDICATIVE_HALF) ** 2)  # half a width shrinks with the root of n
    return t("few.title"), t("few.wide", n=t.whole(cell.n), needed=t.whole(max(needed, cell.n + 1)))


def compared_note(week: Week, t: Texts) -> str:
    """The note under the scorecard: how many comparisons were made at once."""
    return t("week.compared", count=t.whole(week.compared))


def choice_words(choice: Choice, names: Names) -> str:
    """What a rule would choose, in words: the stage, and for the easiest the change and what it costs."""
    if choice.change is None:
        return names.stage(choice.stage)
    values = {
        "stage": names.stage(choice.stage),
        "code": choice.change.code,
        "cost": names.t.whole(choice.change.cost_eur or 0.0),
    }
    return names.t("jump.easiest_how", **values)
