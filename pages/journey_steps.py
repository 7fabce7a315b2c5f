"""What it took customers: who had to ask again, who was passed on, and how many steps too many; from whole cases."""

from __future__ import annotations

from typing import Any

from config.wording import share_span
from metrics.intervals import Interval
from pages.mark_range import shared
from pages.sheet import Node, el, hover, sheet
from pages.visit import Visit
from pages.voice_link import to_voices
from store.reads.customers import kept_customers

SHARES = ("again", "passed")


def draw(stage: str, visit: Visit) -> None:
    """Draw the section; nothing of a stage without enough cases, nor of the past: only the newest is kept."""
    t, data = visit.t, kept_customers(visit.store)[1]
    found = data.get("stages", {}).get(stage) if visit.live and data.get("journey") == visit.journey.id else None
    if not found:
        return
    again = t.percent(found["again"][0])
    how = el("p", "cap", t("steps.how", days=t.whole(data["days"])), " ", hover(t("steps.why")))
    rows = [*[_share(name, found, stage, visit) for name in SHARES], _steps(found, stage, visit)]
    heads = [el("th", {"scope": "col"}, t(f"steps.{name}")) for name in ("what", "share", "value")]
    table = el("table", "list marks", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows))
    sheet([el("h2", "section", t("steps.title", share=again)), how, el("div", "scroll", table)], "steps")


def _share(name: str, found: dict[str, Any], stage: str, visit: Visit) -> Node:
    t, shown = visit.t, Interval(*found[name])
    words = share_span(t, shown.value, shown.low, shown.high)
    return _row(name, el("td", "drawn", shared(shown, "", words, 220)), words, found, stage, visit)


def _steps(found: dict[str, Any], stage: str, visit: Visit) -> Node:
    t, shown = visit.t, Interval(*found["steps"])
    words = f"{t.number(shown.value, 2)} [{t.number(shown.low, 2)}–{t.number(shown.high, 2)}]"
    return _row("steps", el("td"), words, found, stage, visit)


def _row(name: str, drawn: Node, words: str, found: dict[str, Any], stage: str, visit: Visit) -> Node:
    t = visit.t
    said = el(
        "td",
        None,
        el("b", None, to_voices(words, visit, stage=stage)),
        el("div", "small", t("steps.cases", n=t.whole(found["cases"]))),
    )
    return el("tr", None, el("th", {"scope": "row"}, t(f"steps.{name}")), drawn, said)
