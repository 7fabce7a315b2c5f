"""The way from a figure to the words behind it."""

from __future__ import annotations

from pages.sheet import Node, el
from pages.visit import Visit, link


def to_voices(figure: str, visit: Visit, **filters: str) -> Node:
    """The figure as a link to Voices with these filters, newest first.

    A figure of 28 days has no span there: Voices is narrowed by the week, and its newest are of those days.
    """
    href = link("voices", **filters)
    return el("a", {"href": href, "target": "_self", "title": visit.t("week.open_voices")}, figure)
