"""The register as a sheet: each promise in marketing's words, its verdict, how much was kept against the bar, and the advice."""

from __future__ import annotations

import math
from collections.abc import Callable

from pages.glyphs import axis, glyph, whisker
from pages.sheet import Node, el, hover
from reports import promise_words as words
from reports.names import Names
from reports.promised import Register, Standing

SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
GAPS = (-3.0, -2.0, -1.0, 0.0, 1.0)
LOWER = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
Link = Callable[[str], str]


def tables(rows: list[Standing], names: Names, link: Link, chosen: str) -> list[Node]:
    """The hard promises and then the soft ones, each kind on its own scale; `chosen` is the one in detail."""
    out = []
    for kind in ("hard", "soft"):
        own = [row for row in rows if row.promise.kind == kind]
        if own:
            out.append(el("div", "scroll", _table(own, kind, names, link, chosen)))
    return out


def caption(register: Register, names: Names) -> Node:
    """What the numbers of the register mean."""
    t = names.t
    return el("p", "cap", t("promises.caption", count=t.whole(len(register.rows))) + " ", hover(t("promises.caption_help")))


def _table(rows: list[Standing], kind: str, names: Names, link: Link, chosen: str) -> Node:
    t, scale = names.t, _scale(rows, kind)
    ticks = [t.percent(v) if kind == "hard" else t.signed(v, 0) for v in scale]
    title = t("promises.kept_axis" if kind == "hard" else "promises.gap_axis")
    heads = [
        el("th", {"scope": "col", "style": "width:336px"}, t(f"promises.{kind}")),
        el("th", {"scope": "col", "style": "width:156px"}, t("promises.verdict")),
        el("th", {"scope": "col", "style": "width:304px;padding-left:0"}, axis(scale, ticks, title)),
        el("th", {"scope": "col", "class": "num", "style": "width:72px"}, "n"),
        el("th", {"scope": "col"}, t("promises.advice")),
    ]
    body = [_row(row, scale, names, link, row.promise.code == chosen) for row in rows]
    return el("table", "register", el("thead", None, el("tr", None, *heads)), el("tbody", None, *body))


def _scale(rows: list[Standing], kind: str) -> tuple[float, ...]:
    """50-100% unless a share lies below; gaps from -3 to +1."""
    if kind == "soft":
        return GAPS
    lows = [row.verdict.shown.low for row in rows if math.isfinite(row.verdict.shown.low)]
    return LOWER if lows and min(lows) < SHARES[0] else SHARES


def _row(row: Standing, scale: tuple[float, ...], names: Names, link: Link, chosen: bool) -> Node:
    t, shape = names.t, words.SHAPE[row.verdict.verdict]
    said = el(
        "a",
        {"class": "said", "href": link(row.promise.code), "target": "_self", "data-go": row.promise.code},
        row.promise.text(t.code),
    )
    verdict = [glyph(shape, 13), el("b", None, words.verdict_word(row, t))]
    flag = el("div", "flag", t("promises.unhappy", mark=t.number(row.mark.value))) if row.unhappy else None
    why = el("div", "small", words.advice_reason(row, names))
    return el(
        "tr",
        "chosen" if chosen else "",
        el("td", None, said, el("div", "small", _line(row, names))),
        el("td", f"verdict {shape}", *verdict, flag),
        el("td", "drawn", _drawn(row, shape, scale, names)),
        el("td", "num", t.whole(row.verdict.n if math.isfinite(row.verdict.n) else 0)),
        el("td", None, el("b", None, words.advice_title(row, t)), why),
    )


def _line(row: Standing, names: Names) -> str:
    line = words.promise_line(row.promise, names)
    if row.promise.kind == "hard" or row.expected is None:
        return line
    measured = row.expected.survey_weight >= 0.5
    return f"{line} · {names.t('promises.measured' if measured else 'promises.guessed', mark=names.t.number(row.expected.value))}"


def _drawn(row: Standing, shape: str, scale: tuple[float, ...], names: Names) -> Node:
    t, verdict = names.t, row.verdict
    if (row.promise.kind == "hard" and verdict.needed > 0) or not math.isfinite(verdict.shown.value):
        few = (
            t("promises.few", n=t.whole(verdict.n), needed=t.whole(verdict.n + verdict.needed))
            if verdict.needed
            else t("few.title")
        )
        return el("span", "small", few)
    value, between = words.value_text(row, t)
    shown = verdict.shown
    bar = row.target if row.promise.kind == "hard" else 0.0
    return whisker(shown.value, shown.low, shown.high, bar, shape, (value, between), scale)
