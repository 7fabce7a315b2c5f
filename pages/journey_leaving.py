"""Who wants to leave, on the journey page: how many, what else they speak of, and which other companies customers name."""

from __future__ import annotations

import streamlit as st

from config.settings import settings
from config.wording import share_span
from metrics.intervals import Interval
from pages.mark_range import shared
from pages.sheet import Node, el, hover, sheet
from pages.visit import Visit, link, opened
from reports.leaving import DAYS, Leaving, Motive, Rival, of_stage
from reports.names import Names
from store.reads.leaving import LEAVING

MOST = 5


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def _leaving(url: str, journey: str, stage: str, rivals: tuple[str, ...], minute: int, _visit: Visit) -> Leaving:
    return of_stage(opened(url), journey, stage, rivals, _visit.now_ms)


def draw(stage: str, visit: Visit, names: Names) -> None:
    """Draw the section; with too few who leave, a line that says so, and the rivals all the same."""
    t, rivals = visit.t, (*visit.journey.rivals, *settings().company.rivals)
    found = _leaving(visit.url, visit.journey.id, stage, rivals, visit.now_ms // 300_000, visit)
    parts = [el("h2", "section", finding(found, visit, names)), *_who(found, stage, visit)]
    if found.enough and found.motives:
        parts.append(_table("motive", [_motive(one, visit, names) for one in found.motives[:MOST]], visit))
    if found.rivals:
        parts += [
            el("p", "cap gap-top", t("leaving.rivals_how", days=DAYS)),
            _table("rival", [_rival(one, visit) for one in found.rivals], visit),
        ]
    else:
        parts.append(el("p", "cap gap-top", t("leaving.no_rivals" if rivals else "leaving.name_rivals")))
    sheet(parts, "leaving")


def finding(found: Leaving, visit: Visit, names: Names) -> str:
    """The section's answer: what those who leave speak of most, else how many they are, else that too few say so."""
    t = visit.t
    if not found.enough:
        return t("leaving.few_title" if _known(visit) else "leaving.unknown_title")
    about = [names.theme(motive.theme).lower() for motive in found.motives[:2]]
    if not about:
        return t("leaving.title_share", share=t.percent(found.share.value))
    return t("leaving.title_two" if len(about) > 1 else "leaving.title_one", first=about[0], second=about[-1])


def _who(found: Leaving, stage: str, visit: Visit) -> list[Node]:
    t = visit.t
    if not found.enough:
        return [el("p", "cap", t("leaving.few", days=DAYS) if _known(visit) else t("leaving.unknown", id=visit.journey.id))]
    said = t("leaving.how", share=_shown(found.share, visit), n=t.whole(found.n), count=t.whole(found.count), days=DAYS)
    href = link("voices", stage=stage, theme=LEAVING)
    read = el("a", {"href": href, "target": "_self"}, t("leaving.read"))
    return [el("p", "cap", said, " ", hover(t("leaving.why"))), el("p", None, read)]


def _known(visit: Visit) -> bool:
    """Whether the journey has the theme at all: one that a store kept from before it does not."""
    return any(theme.id == LEAVING for theme in visit.journey.themes)


def _shown(share: Interval, visit: Visit) -> str:
    return share_span(visit.t, share.value, share.low, share.high)


def _table(kind: str, rows: list[Node], visit: Visit) -> Node:
    heads = [el("th", {"scope": "col"}, visit.t(f"leaving.{kind}_{name}")) for name in ("what", "share", "value")]
    return el("div", "scroll", el("table", "list marks", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows)))


def _motive(motive: Motive, visit: Visit, names: Names) -> Node:
    words = _shown(motive.share, visit)
    drawn = el("td", "drawn", shared(motive.share, "", words, 220))
    said = el("td", None, el("b", None, words), el("div", "small", f"n {visit.t.whole(motive.n)}"))
    return el("tr", None, el("th", {"scope": "row"}, names.theme(motive.theme)), drawn, said)


def _rival(rival: Rival, visit: Visit) -> Node:
    t = visit.t
    left = t("leaving.not_shown") if rival.leave is None else t.whole(rival.leave)
    cells = (el("td", None, t.whole(rival.n)), el("td", None, left))
    return el("tr", None, el("th", {"scope": "row"}, rival.name), *cells)
