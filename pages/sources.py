"""Sources: how each one is doing in plain words, what is held back, files to import, and the work that is under way."""

from __future__ import annotations

import json

import streamlit as st

from config.language import Texts
from config.wording import ago, duration
from pages import falls, source_import, source_work
from pages.glyphs import glyph
from pages.rights import ask, count_quarantine, read_gaps, read_quarantine
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, freshness, utc_now_ms
from reports.names import Names
from reports.sentences import capital, count_word
from store.engine import instant
from store.reads.sources import Held, Source, notices, read_sources, read_upkeep

LATE = 2.0  # times its own cadence
SHAPES = {"live": "on", "done": "on", "waiting": "unsure", "late": "below", "stopped": "below", "": "unsure"}
GAPS_BACK_MS = 400 * 86_400_000  # as far as charts reach back: a year and the week before it
GAPS_SHOWN = 10


def show() -> None:
    """Draw the page."""
    visit = begin("sources", needs_data=False)
    names, found = Names(visit.t, visit.journey), read_sources(visit.store)
    _title(found, visit)
    if found:
        sheet([el("div", "scroll", _table(found, visit, names))], "sources")
        _check(found, visit)
    falls.draw(visit, names, visit.now_ms - 1, visit.now_ms)
    _gaps(visit)
    _quarantine(visit)
    source_import.draw(visit)
    source_work.draw(visit)


def state_of(source: Source, now_ms: int) -> str:
    """A source's state as screens say it: live ones fall late past twice their own cadence without a heartbeat."""
    if source.status == "live" and now_ms - source.heartbeat_at > LATE * 1000 * source.cadence_s:
        return "late"
    return source.status


def sentence(detail: str, t: Texts) -> str:
    """The stored reason of a state in the reader's language; '' when there is none."""
    try:
        found = json.loads(detail)
        return t(found["key"], **found["values"])
    except (ValueError, KeyError, TypeError):
        return ""


def _title(found: list[Source], visit: Visit) -> None:
    t = visit.t
    wrong = [source for source in found if _shape(source, visit) == "below"]
    if not found:
        title = t("sources.none")
    elif wrong:
        title = t("sources.wrong_one") if len(wrong) == 1 else t("sources.wrong", count=capital(count_word(t, len(wrong))))
    else:
        title = t("sources.right")
    sheet([el("h1", "long", title), el("p", "cap", t("sources.caption" if found else "sources.none_next"))], "title")


def _shape(source: Source, visit: Visit) -> str:
    return SHAPES.get(state_of(source, visit.now_ms), "below")


def _table(found: list[Source], visit: Visit, names: Names) -> Node:
    t = visit.t
    heads = ("source", "state", "newest", "received", "stored", "duplicates", "held")
    cells = [el("th", {"scope": "col", "class": "num" if i > 2 else ""}, t(f"sources.{name}")) for i, name in enumerate(heads)]
    rows = [_row(source, visit, names) for source in found]
    return el("table", "list gap-top", el("thead", None, el("tr", None, *cells)), el("tbody", None, *rows))


def _row(source: Source, visit: Visit, names: Names) -> Node:
    t, state = visit.t, state_of(source, visit.now_ms)
    shape = _shape(source, visit)
    word = t(f"sources.is_{state}") if t.has(f"sources.is_{state}") else state
    why = sentence(source.detail, t) or (t(f"sources.next_{state}") if t.has(f"sources.next_{state}") else "")
    newest = t("never")
    if source.last_event_at:
        lag = max(0.0, (utc_now_ms() - source.last_event_at) / 1000)
        newest = f"{freshness(source.last_event_at, visit)} ({ago(t, lag)})"
    where = f"{source.connector} · {names.channel(source.channel).lower()}" if source.channel else source.connector
    counts = (source.received, source.stored, source.duplicates, source.quarantined)
    return el(
        "tr",
        "",
        el("td", None, el("b", None, source.source), el("div", "small", where)),
        el("td", shape, glyph(shape), el("b", None, word), el("div", "small", why), *_notices(source, visit)),
        el("td", None, newest),
        *[el("td", "num", t.whole(count)) for count in counts],
    )


def _notices(source: Source, visit: Visit) -> list[Node]:
    """That its key ends soon, how much of its budget is left, and what looking up again found."""
    told = [*notices(source, visit.now_ms), *read_upkeep(visit.store, source.source)]
    said = ((each, visit.t(each.key, **each.values)) for each in told)
    return [el("div", "small", el("b", None, words) if each.urgent else words) for each, words in said]


def _check(found: list[Source], visit: Visit) -> None:
    """A button per choice that tests a connection; the answer comes from ingest, as a job."""
    t = visit.t
    if not visit.person.may("manager") or visit.demo:
        return
    choose, act, _ = st.columns([1.2, 1, 3], vertical_alignment="bottom")
    name = choose.selectbox(t("sources.source"), [source.source for source in found], key="check-source")
    if act.button(t("sources.check"), key="check", width="stretch"):
        ask(visit.store, "check", {"source": name}, utc_now_ms())
        st.rerun()


def _gaps(visit: Visit) -> None:
    t = visit.t
    found = read_gaps(visit.store, visit.now_ms - GAPS_BACK_MS)
    if not found:
        return
    rows = []
    for source, start, end, reason in found[-GAPS_SHOWN:]:
        from_at, to_at = (instant(ms).astimezone(visit.zone) for ms in (start, end))
        words = (
            f"{t.short_day(from_at)} {from_at:%H:%M} – {t.short_day(to_at)} {to_at:%H:%M} ({duration(t, (end - start) / 1000)})"
        )
        rows.append(
            el(
                "tr",
                None,
                el("td", None, source),
                el("td", None, words),
                el("td", None, t(f"gap.{reason}") if t.has(f"gap.{reason}") else reason),
            )
        )
    title, why = el("h2", "section", t("sources.gaps")), el("p", "cap", t("sources.gaps_caption"))
    sheet([title, why, el("table", "list", el("tbody", None, *rows))], "gaps")


def _quarantine(visit: Visit) -> None:
    """What could not be read: held, never lost, and tried again on request."""
    t, count = visit.t, count_quarantine(visit.store)
    title = (
        t("sources.held_none")
        if not count
        else t("sources.held_one")
        if count == 1
        else t("sources.held_many", count=t.whole(count))
    )
    sheet([el("h2", "section", title), el("p", "cap", t("sources.held_caption"))], "held-title")
    if not count:
        return
    held = read_quarantine(visit.store)
    heads = [el("th", {"scope": "col"}, t(f"sources.{name}")) for name in ("source", "since", "reason", "tries")]
    body = el("tbody", None, *[_held(row, visit) for row in held])
    sheet([el("div", "scroll", el("table", "list", el("thead", None, el("tr", None, *heads)), body))], "held")
    if visit.person.may("manager") and st.button(t("sources.retry"), key="retry"):
        ask(visit.store, "retry", {"source": ""}, utc_now_ms())
        st.rerun()


def _held(row: Held, visit: Visit) -> Node:
    cells = (row.source, freshness(row.received_at, visit), row.reason[:200], visit.t.whole(row.attempts))
    return el("tr", None, *[el("td", None, cell) for cell in cells])
