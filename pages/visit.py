"""The start of every page: who looks, in which language, at which store, as of when; and the guards before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import streamlit as st

from config.active import active_store
from config.journey import Journey
from config.language import CODES, Texts
from config.settings import settings
from config.wording import clock
from pages.reader import language
from pages.roles import ANYONE, OPENS, Person, guarded, require_role, roles_told
from pages.sheet import Node, el, sheet
from store.engine import instant, open_store
from store.people.facts import facts
from store.people.journeys import current_journey, shown_journey
from store.reads.scorecard import newest_day
from store.reads.sources import Source, read_sources

STYLE = Path(__file__).with_name("page.css")
STALE_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's look at one page. `now` is the moment shown, in the company's zone; `live` says that it is the present."""

    person: Person
    t: Texts
    url: str
    journey: Journey
    zone: ZoneInfo
    now: datetime
    live: bool
    empty: bool
    demo: bool
    company: str

    @property
    def now_ms(self) -> int:
        """The moment shown, in UTC epoch milliseconds."""
        return round(self.now.timestamp() * 1000)

    @property
    def store(self):
        """The store that is open."""
        return opened(self.url)


@st.cache_resource(max_entries=4, show_spinner=False)
def _engine(url: str):
    return open_store(url)


@guarded(*ANYONE)
def opened(url: str):
    """The engine of a store, one per process and address; nobody without any role gets it, whatever they ask."""
    return _engine(url)


def begin(page: str, needs_data: bool = True) -> Visit:
    """Check who may open this page (pages/roles.py), find language, store and moment, and draw the page's frame.

    Stops on an empty store if data are needed.
    """
    person = require_role(*OPENS[page])
    t = language()
    visit = _visit(person, t)
    _frame(visit, page)
    if visit.empty and needs_data:
        _say_empty(visit)
        st.stop()
    if not visit.live and not visit.empty:
        sheet([el("p", "cap", t("page.as_of", day=t.day(visit.now, year=True), time=clock(t, visit.now)))], "as-of")
    return visit


def link(path: str, **values: object) -> str:
    """An address within the product that keeps the language and the moment of this one; empty values are left out."""
    kept = {name: st.query_params[name] for name in ("lang", "as_of", "journey") if name in st.query_params}
    named = kept | {name: str(value) for name, value in values.items() if value not in (None, "")}
    return f"/{path}" + (f"?{urlencode(named)}" if named else "")


def as_of(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment that `?as_of=` names: an ISO date (its last moment) or date and time; None when it is neither.

    >>> as_of("2026-11-22", ZoneInfo("Europe/Amsterdam")).isoformat()
    '2026-11-22T23:59:59+01:00'
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= 10:
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


@st.cache_data(ttl=15, max_entries=16, show_spinner=False)
def _store_says(url: str, journey: str) -> tuple[dict[str, str], int | None]:
    store = opened(url)
    chosen = shown_journey(store, journey, settings().journey.active)
    return facts(store) | {"journey": chosen}, newest_day(store, chosen)


def _visit(person: Person, t: Texts) -> Visit:
    url = active_store()
    known, newest = _store_says(url, st.query_params.get("journey", ""))
    zone = ZoneInfo(known.get("zone") or settings().company.timezone)
    present = datetime.now(zone)
    asked = as_of(st.query_params.get("as_of", ""), zone)
    now = asked or _shown_moment(newest, present)
    journey = current_journey(opened(url), known["journey"])
    made_up = journey.company.get(t.code) if known.get("demo") == "1" else ""  # a template's company is nobody's own
    name = known.get(f"company_{t.code}") or getattr(settings().company, f"name_{t.code}") or made_up or "Klantblik"
    live = asked is None and now == present
    return Visit(person, t, url, journey, zone, now, live, newest is None, known.get("demo") == "1", name)


def _shown_moment(newest: int | None, present: datetime) -> datetime:
    """The present, or the end of the newest day when the messages are old: then nothing on the page is live."""
    if newest is None:
        return present
    end = datetime(newest // 10_000, newest // 100 % 100, newest % 100, 23, 59, 59, tzinfo=present.tzinfo)
    return end if present - end > STALE_AFTER else present


def draw_style() -> None:
    """Draw the look that all pages share."""
    st.html(STYLE)


def _frame(visit: Visit, page: str) -> None:
    draw_style()
    t, parts = visit.t, []
    if visit.demo:
        parts.append(f'<div class="band"><b>{t("demo.band")}</b><span>{t("demo.made_up")}</span></div>')
    where = f"{t.day(visit.now, year=True)}, {clock(t, visit.now)}"
    shown = "".join(_language_link(code, t.code) for code in CODES) + _who(visit)
    parts.append(f'<div class="here"><span class="where">{_escaped(visit.company)} · {where} · </span>{shown}</div>')
    st.html("".join(parts))


def _language_link(code: str, current: str) -> str:
    if code == current:
        return f"<b>{code.upper()}</b>"
    kept = {**st.query_params.to_dict(), "lang": code}
    return f'<a href="?{_escaped(urlencode(kept))}" target="_self" hreflang="{code}">{code.upper()}</a>'


def _who(visit: Visit) -> str:
    """Who is signed in, with their roles one hover away, and the way out."""
    person, t = visit.person, visit.t
    if not person.signed_in:
        return ""
    roles = _escaped(f"{person.name} · {roles_told(person, t)}")
    out = f'<a href="?sign_out=1" target="_self">{t("role.sign_out")}</a>'
    return f'<span class="who" title="{roles}">{_escaped(person.name)}</span>{out}'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _say_empty(visit: Visit) -> None:
    t = visit.t
    sheet(state(t("empty.title"), t("empty.why"), t("empty.next"), link(""), t("empty.link")), "empty")


def state(title: str, why: str, next_step: str, href: str = "", label: str = "") -> list[Node]:
    """A state instead of numbers: what is the case, why, and the next step, with a link when there is one."""
    way = el("p", "gap-top", el("a", {"href": href, "target": "_self"}, label)) if href else None
    return [el("div", "state", el("h2", None, title), el("p", None, why), el("p", "cap", next_step), way)]


def freshness(moment_ms: int, visit: Visit) -> str:
    """A past moment as the foot of a page tells it: the time today, else the day."""
    when = instant(moment_ms).astimezone(visit.zone)
    return clock(visit.t, when) if when.date() == visit.now.date() else f"{visit.t.short_day(when)} {clock(visit.t, when)}"


@st.cache_data(ttl=15, max_entries=8, show_spinner=False)
def _sources(url: str) -> list[Source]:
    return read_sources(opened(url))


def refreshed(visit: Visit) -> tuple[str, str]:
    """For the foot of a page: when anything was last stored, and each source with its own last moment."""
    heard = [(source.source, source.last_event_at) for source in _sources(visit.url) if source.last_event_at]
    if not heard:
        return visit.t("never"), visit.t("no_sources")
    newest = max(moment for _, moment in heard)
    return freshness(newest, visit), " · ".join(f"{name} {freshness(moment, visit)}" for name, moment in heard[:8])


def utc_now_ms() -> int:
    """The present in UTC epoch milliseconds: the moment that people's writes carry."""
    return round(datetime.now(UTC).timestamp() * 1000)
