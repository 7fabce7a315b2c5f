"""From copy to promise: paste or upload a text, see the promises in it with what they would come to now, keep them as drafts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

import streamlit as st

from config.claims import Claim, find_claims, language_of
from config.wording import duration, percent_span
from metrics.bins import bin_of
from metrics.promise import DEFAULT_SHARE
from metrics.registry import metric, metrics
from metrics.verdict import Verdict, hard_verdict
from metrics.weeks import day_key
from pages.acting import act, ask_name
from pages.glyphs import glyph
from pages.held_hours import held_words
from pages.rights import save_draft
from pages.sheet import Node, el, sheet
from pages.visit import Visit, opened, utc_now_ms
from reports.held_hours import Held, held
from reports.names import Names
from reports.promise_words import SHAPE
from reports.sentences import count_word
from store.people.promises import Promise, register
from store.reads.kept import Bar, counts_of

AT_MOST_MB = 1
MOST = 60  # proposals at once: nobody reads more of them, and each draws its own fields
REFUSED_MB = 20  # Streamlit's own bound, beyond which it says so itself
TYPES = ["txt", "html", "htm", "md"]
TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]+>", re.DOTALL | re.IGNORECASE)
DAYS = 91
OPEN_BIN = -1


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim as a promise that can be kept: what it would say, and its verdict on the last quarter (None: not measured).

    `held`: what the opening hours say of it, where it is about those.
    """

    claim: Claim
    promise: Promise
    verdict: Verdict | None
    known: bool
    held: Held | None = None


def draw(visit: Visit, names: Names) -> None:
    """Draw the section."""
    t = visit.t
    slot = st.container()
    left, right = st.columns([1, 1.7], gap="large")
    with left:
        text = _text(visit)
    found = proposals(text, visit) if text.strip() else []
    with slot:
        title = _finding(found, visit) if text.strip() else t("copy.title")
        sheet([el("h2", "section", title), el("p", "cap", t("copy.caption"))], "copy-title")
    if found:
        with left:
            sheet([highlighted(text, [p.claim for p in found])], "copy")
        with right:
            _table(found, visit, names)


def proposals(text: str, visit: Visit) -> list[Proposal]:
    """The claims of a text as promises of this journey, each held against the last quarter or the opening hours."""
    said = {p.text(visit.t.code).lower() for p in register(visit.store, visit.journey.id)}
    language = language_of(text)
    out = []
    for claim in find_claims(text, language)[:MOST]:
        promise = as_promise(claim, visit, language)
        out.append(
            Proposal(claim, promise, _verdict(promise, visit), claim.text.lower() in said, held(claim, visit.journey, language))
        )
    return out


def as_promise(claim: Claim, visit: Visit, language: str) -> Promise:
    """A claim as a promise: time limits are hard on their measure, everything else is an expectation to be measured."""
    stage = visit.journey.stage_id(claim.stage) or visit.journey.stages[0].id
    words = claim.text[:1].upper() + claim.text[1:]
    measure = claim.metric if claim.metric in metrics() and metric(claim.metric).kind == "duration" else ""
    hard = claim.kind == "time" and bool(measure)
    midnight = datetime.combine(visit.now.date(), time(), visit.zone)
    return Promise(
        text_nl=words if language == "nl" else "",
        text_en=words if language == "en" else "",
        journey=visit.journey.id,
        stage=stage,
        channel=claim.channel if hard else "",
        kind="hard" if hard else "soft",
        metric=measure if hard else "",
        threshold=claim.seconds if hard else None,
        share=(claim.share or DEFAULT_SHARE) if hard else None,
        soft_mark=None if hard else claim.mark or 8.0,
        valid_from=round(midnight.timestamp() * 1000),
        reach=0.3,
        evidence=claim.sentence[:300],
    )


def highlighted(text: str, claims: Sequence[Claim]) -> Node:
    """The text with its claims marked and numbered, as text nodes."""
    parts: list[Node] = []
    at = 0
    for number, claim in enumerate(claims, 1):
        parts += [text[at : claim.start], el("mark", None, text[claim.start : claim.end], el("sup", None, str(number)))]
        at = claim.end
    return el("div", "copy", *[part for part in (*parts, text[at:]) if part])


def _text(visit: Visit) -> str:
    t = visit.t
    pasted = st.text_area(t("copy.paste"), key="copy", height=180, placeholder=t("copy.placeholder"), max_chars=20_000)
    file = st.file_uploader(t("copy.upload", most=AT_MOST_MB), type=TYPES, key="copy-file", max_upload_size=REFUSED_MB)
    if file is None:
        return pasted or ""
    if file.size > AT_MOST_MB * 1024**2:
        st.error(t("copy.too_large", size=t.number(file.size / 1024**2), most=AT_MOST_MB))
        return ""
    return plain(file.getvalue())


def plain(raw: bytes) -> str:
    """The readable text of an uploaded page: tags, scripts and styles taken out, whitespace folded.

    >>> plain(b"<p>Gratis <b>retour</b></p><script>x()</script>")
    'Gratis retour'
    """
    text = raw.decode("utf8", errors="replace")
    return re.sub(r"[ \t]+", " ", re.sub(r"\s*\n\s*", "\n", TAG.sub("", text))).strip()


def _finding(found: list[Proposal], visit: Visit) -> str:
    t = visit.t
    if not found:
        return t("copy.found_none")
    title = t("copy.found_one") if len(found) == 1 else t("copy.found", count=count_word(t, len(found)))
    failing = sum("broken" in (p.verdict and p.verdict.verdict, p.held and p.held.state) for p in found)
    if not failing:
        return title
    return title + (t("copy.failing_one") if failing == 1 else t("copy.failing", count=count_word(t, failing)))


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def _counts(url: str, journey: str, metric: str, stage: str, channel: str, days: tuple[int, int]) -> dict[int, float]:
    return counts_of(opened(url), journey, Bar("copy", metric, stage, channel, "", 0), *days)


def _verdict(promise: Promise, visit: Visit) -> Verdict | None:
    if promise.kind != "hard" or promise.threshold is None:
        return None
    last = visit.now.date()
    first = last.fromordinal(last.toordinal() - DAYS)
    days = (day_key(first), day_key(last))
    counts = _counts(visit.url, visit.journey.id, promise.metric, promise.stage, promise.channel, days)
    n = sum(n for bin, n in counts.items() if bin != OPEN_BIN)
    if not n:
        return None
    limit = bin_of(promise.threshold)
    kept = sum(n for bin, n in counts.items() if 0 <= bin <= limit)
    return hard_verdict(kept, n, promise.share or DEFAULT_SHARE, threshold=promise.threshold)


def _table(found: list[Proposal], visit: Visit, names: Names) -> None:
    t = visit.t
    chosen = []
    heads = st.columns([0.6, 3.2, 2.2, 2.6, 3])
    for column, key in zip(heads[1:], ("proposal", "stage", "measure", "would"), strict=True):
        column.caption(t(f"copy.{key}") if key != "stage" else t("promises.stage"))
    for number, proposal in enumerate(found, 1):
        if _row(number, proposal, visit, names):
            stage = st.session_state.get(f"copy-stage-{number}", proposal.promise.stage)
            chosen.append((proposal, stage))
    who = ask_name(visit, "copy")
    label = t("copy.save_one") if len(chosen) == 1 else t("copy.save", count=len(chosen))
    if st.button(label, type="primary", disabled=not chosen, key="copy-save"):
        _save(chosen, visit, who)


def _row(number: int, proposal: Proposal, visit: Visit, names: Names) -> bool:
    t, promise = visit.t, proposal.promise
    tick, words, stage, measure, would = st.columns([0.6, 3.2, 2.2, 2.6, 3])
    wanted = not proposal.known and promise.kind == "hard"
    label = f"{t('copy.keep')} {number}"
    how: dict[str, Any] = {"label_visibility": "collapsed", "disabled": proposal.known}
    keep = tick.checkbox(label, value=wanted, key=f"copy-keep-{number}", **how)
    with words:
        note = el("div", "small", t("copy.known")) if proposal.known else None
        sheet([el("p", None, el("b", None, f"{number} "), promise.text(t.code)), note or el("span")], f"copy-{number}")
    stages = [s.id for s in visit.journey.stages]
    stage.selectbox(
        f"{t('copy.choose_stage')} {number}", stages, index=stages.index(promise.stage), key=f"copy-stage-{number}",
        format_func=names.stage, label_visibility="collapsed",
    )  # fmt: skip
    with measure:
        sheet([el("p", "cap", _measure(proposal, visit))], f"copy-measure-{number}")
    with would:
        told = held_words(proposal.held, names) if proposal.held else _would(proposal.verdict, visit)
        sheet([told], f"copy-would-{number}")
    return keep


def _measure(proposal: Proposal, visit: Visit) -> str:
    t, promise, claim = visit.t, proposal.promise, proposal.claim
    if promise.kind == "hard":
        name = metric(promise.metric).name(t.code).lower()
        time_limit, share = duration(t, promise.threshold or 0), t.percent(promise.share or DEFAULT_SHARE)
        return t("copy.kind_time", metric=name, time=time_limit, share=share)
    if claim.kind == "hours" and claim.hours:
        return t("copy.kind_hours", hours=t.whole(claim.hours))
    if claim.kind == "free":
        return t("copy.kind_free")
    return t("copy.kind_soft", mark=t.number(promise.soft_mark or 8.0))


def _would(verdict: Verdict | None, visit: Visit) -> Node:
    t = visit.t
    if verdict is None:
        return el("p", "cap", glyph("unsure"), t("copy.no_data"))
    shape, shown = SHAPE[verdict.verdict], verdict.shown
    words = t("copy.would_be", share=t.percent(shown.value), span=percent_span(t, shown.low, shown.high), n=t.whole(verdict.n))
    return el("p", f"cap {shape}", glyph(shape), el("b", None, t(f"verdict.{verdict.verdict}")), f": {words}")


def _save(chosen: list[tuple[Proposal, str]], visit: Visit, who: str) -> None:
    def write() -> list[str]:
        return [save_draft(visit.store, replace(one.promise, stage=stage), who, utc_now_ms()).code for one, stage in chosen]

    act(visit, "promises", who, write, lambda codes: visit.t("copy.saved", codes=", ".join(codes)))
