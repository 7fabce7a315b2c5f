"""The open door on a page: how long ago customers were heard, in words and never by colour alone."""

from __future__ import annotations

from config.language import Texts
from pages.sheet import Node, el, hover
from pages.visit import Visit
from reports.effects import Outcome
from reports.names import Names
from reports.open_door import ASK_AGAIN_DAYS, SILENT_DAYS, Clock, check_clock


def answer(clocks: dict[str, Clock], found: list[Outcome], visit: Visit, names: Names) -> Node:
    """The door in a line: the stages that were silent too long, and the open changes that no customer was asked about lately."""
    t = visit.t
    silent = [f"{names.stage(stage)} ({ago(clock, t)})" for stage, clock in clocks.items() if clock.overdue]
    line = t("door.silent", stages=", ".join(silent)) if silent else t("door.open", days=SILENT_DAYS)
    late = sum(bool(clock and clock.overdue) for clock in (check_clock(one.change, visit.now) for one in found))
    if late:
        line += " " + t("door.late_one" if late == 1 else "door.late", count=t.whole(late), days=ASK_AGAIN_DAYS)
    help = t("door.help", silent=SILENT_DAYS, again=ASK_AGAIN_DAYS)
    return el("p", "cap", line + " ", hover(help))


def cell(one: Outcome, stages: dict[str, Clock], visit: Visit) -> Node:
    """A change's clock: when customers were asked about it, and below it when its stage was last heard."""
    t, clock = visit.t, check_clock(one.change, visit.now)
    if clock is None:
        return el("td", None, "–")
    if clock.days is None:
        words = t("door.undated") if one.change.checked else t("door.never_asked")
    else:
        words = t("door.asked", ago=ago(clock, t))
    asked = el("div", "below", f"◷ {words}: {t('door.ask_again')}") if clock.overdue else el("div", None, words)
    heard = stages.get(one.change.stage, Clock(None, True))
    stage = t("door.stage_never") if heard.days is None else t("door.stage", ago=ago(heard, t))
    return el("td", None, asked, el("div", "small below" if heard.overdue else "small", f"◷ {stage}" if heard.overdue else stage))


def ago(clock: Clock, t: Texts) -> str:
    """Days in words: today, 1 day, 12 days; never."""
    if clock.days is None:
        return t("door.never")
    return t("door.today") if clock.days == 0 else t("door.day") if clock.days == 1 else t("door.days", days=t.whole(clock.days))
