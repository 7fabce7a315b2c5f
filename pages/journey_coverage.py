"""Where customers are heard, stage by channel: darker is more, hatched is where nobody speaks to us."""

from __future__ import annotations

import math

from metrics.weekly import Week
from pages.scorecard import ORDER
from pages.sheet import Node, el, sheet
from pages.visit import Visit, link
from reports.names import Names
from reports.sentences import iso_week
from reports.stage import coverage

# Light to dark; from the last one the words are white (contrast at least 4.5:1 on each).
STEPS = ("#F2F6FA", "#DCEAF5", "#B9D6EA", "#8FBFDF", "#1A5C85")
Cells = dict[str, dict[str, float | None]]


def draw(card: Week, chosen: str, visit: Visit, names: Names) -> None:
    """Draw the map, named by where least is heard; the chosen stage is framed."""
    t, found = visit.t, coverage(card, visit.journey)
    used = {channel for row in found.values() for channel in row}
    channels = sorted(used, key=lambda c: (ORDER.index(c) if c in ORDER else len(ORDER), c))
    most = max((n for row in found.values() for n in row.values() if n), default=1.0)
    head = el("tr", None, el("th", {"scope": "col"}, ""), *[el("th", {"scope": "col"}, names.channel(c)) for c in channels])
    rows = [_row(stage, found[stage], channels, most, card.week, chosen == stage, names) for stage in found]
    table = el("table", "heat", el("thead", None, head), el("tbody", None, *rows))
    how = el("p", "cap legend", t("journey.covered_how"), " ", el("span", "key", el("span", "swatch"), t("journey.no_evidence")))
    sheet([el("h2", "section", finding(found, channels, names)), how, el("div", "scroll", table)], "coverage")


def finding(found: Cells, channels: list[str], names: Names) -> str:
    """What the map says: the stages without any evidence, else how many places are silent and which stage is heard least."""
    t, silent = names.t, [names.stage(stage) for stage, row in found.items() if not row]
    if silent:
        return t("journey.silent", stages=", ".join(silent))
    empty = {stage: sum(channel not in row for channel in channels) for stage, row in found.items()}
    if not any(empty.values()):
        return t("journey.covered")
    least = max(empty, key=lambda stage: (empty[stage], -sum(n or 0 for n in found[stage].values())))
    values = {"count": sum(empty.values()), "total": len(empty) * len(channels), "of": len(channels)}
    return t("journey.holes", stage=names.stage(least), empty=empty[least], **values)


def _row(stage: str, row: dict[str, float | None], channels: list[str], most: float, week: int, lit: bool, names: Names) -> Node:
    cells = []
    for channel in channels:
        href = link("voices", stage=stage, channel=channel, week=iso_week(week))
        cells.append(_cell(row.get(channel, 0.0), most, href, names))
    return el("tr", "lit" if lit else None, el("th", {"scope": "row"}, names.stage(stage)), *cells)


def _cell(n: float | None, most: float, href: str, names: Names) -> Node:
    t = names.t
    if n is None:
        return el("td", "few", t("few.hidden"))
    if not n:
        return el("td", "few hatched", t("journey.no_evidence"))
    step = step_of(n, most)
    ink = "#FFFFFF" if step == len(STEPS) - 1 else "inherit"
    words = el("a", {"href": href, "target": "_self", "style": "color:inherit", "title": t("week.open_voices")}, t.whole(n))
    return el("td", {"class": "num", "style": f"background:{STEPS[step]};color:{ink}"}, words)


def step_of(n: float, most: float) -> int:
    """How dark a count is drawn, 0-4: by its logarithm, for counts differ by tens.

    >>> [step_of(n, 200) for n in (1, 5, 30, 100, 200)]
    [0, 1, 3, 4, 4]
    """
    return min(len(STEPS) - 1, int(len(STEPS) * math.log1p(n) / math.log1p(max(most, n))))
