"""A claim on opening hours in words: kept, not so, or not known, with the hours that are set."""

from __future__ import annotations

from config.language import Texts
from pages.glyphs import glyph
from pages.missed_demand import hours_text
from pages.sheet import Node, el, hover
from pages.visit import Visit
from reports.held_hours import BROKEN, KEPT, Held, held_text
from reports.names import Names
from store.people.promises import Promise

SHAPES = {KEPT: "on", BROKEN: "below"}


def held_words(found: Held, names: Names) -> Node:
    """One line: the channel, its hours, and how far they are from what is said; where none are set, where to set them."""
    shape = SHAPES.get(found.state, "unsure")
    how = hover(names.t("held.where")) if found.hours is None else None
    return el("p", "cap below" if found.state == BROKEN else "cap", glyph(shape), sentence(found, names), how)


def held_promise(promise: Promise, visit: Visit, names: Names) -> list[Node]:
    """The line under a promise that is about opening hours; nothing under any other."""
    found = held_text(promise.text(visit.t.code), promise.channel, visit.journey)
    return [held_words(found, names)] if found else []


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
