"""A claim on opening hours in words: kept, not so, or not known, with the hours that are set."""

from __future__ import annotations

from config.language import Texts
from pages.glyphs import glyph
from pages.missed_demand import hours_text
from pages.sheet import Node, el
from reports.held_hours import BROKEN, KEPT, Held
from reports.names import Names

SHAPES = {KEPT: "on", BROKEN: "below"}


def held_words(found: Held, names: Names) -> Node:
    """One line: the channel, its hours, and how far they are from what is said; where none are set, where to set them."""
    shape = SHAPES.get(found.state, "unsure")
    return el("p", f"cap {shape if found.state == BROKEN else ''}".strip(), glyph(shape), sentence(found, names))


def sentence(found: Held, names: Names) -> str:
    """The words alone."""
    t = names.t
    if found.hours is None:
        channel = names.channel(found.channel).lower() if found.channel else t("held.no_channel")
        return t("held.unknown", channel=channel)
    values = {"channel": names.channel(found.channel), "hours": hours_text(found.hours, t)}
    if found.said is None:
        return t("held.kept", **values)
    if not found.said.whole:
        return t("held.shut", **values)
    return t("held.short", **values, open=_hours(found.said.met(found.hours), t), said=_hours(found.said.hours, t))


def _hours(hours: float, t: Texts) -> str:
    return t.whole(hours) if hours == round(hours) else t.number(hours)
