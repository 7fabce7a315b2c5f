"""Sheets: tables and small drawings on a page, as a tree of plain data that the browser builds from elements and text nodes.

A node is a text, or `[tag, attributes, *nodes]`. The browser never parses it as HTML, so whatever a customer wrote stays text.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

Node = str | list[Any]
HERE = Path(__file__).parent
# How long the first page of a visit holds back what comes after its heading, so that the browser paints the heading first.
# Without it everything arrives in one burst and is drawn in one go (docs/decisions/0723).
HEAD_START_S = 0.08


def el(tag: str, attributes: dict[str, Any] | str | None = None, *children: Node | None) -> list[Any]:
    """A node: its tag, its attributes (a text is its class), and its children; None children are left out.

    >>> el("td", "few", "no marks yet")
    ['td', {'class': 'few'}, 'no marks yet']
    """
    named = {"class": attributes} if isinstance(attributes, str) else dict(attributes or {})
    return [tag, {name: value for name, value in named.items() if value is not None}, *(c for c in children if c is not None)]


def hover(explanation: str) -> Node:
    """A question mark that explains a term to whoever points at it or reaches it by the keyboard."""
    return el("abbr", {"class": "why", "title": explanation, "tabindex": "0"}, "?")


def words(node: Node) -> str:
    """All text of a node in reading order, for tests and for a screen reader's summary.

    >>> words(el("p", None, "n ", el("b", None, "12")))
    'n 12'
    """
    return node if isinstance(node, str) else "".join(words(child) for child in node[2:])


def sheet(nodes: Iterable[Node], key: str) -> str | None:
    """Draw nodes in the page's flow; gives the name (`data-go`) of the element that was just clicked, if any.

    `key` is the sheet's own name on this page. After the first heading (h1) of a visit it waits HEAD_START_S.
    """
    tree = list(nodes)
    drawn = _component()(data={"nodes": tree}, key=f"sheet-{key}", on_go_change=_nothing)
    if "greeted" not in st.session_state and any(_holds(node, "h1") for node in tree):
        st.session_state["greeted"] = True
        time.sleep(HEAD_START_S)
    return getattr(drawn, "go", None)


def _holds(node: Node, tag: str) -> bool:
    return not isinstance(node, str) and (node[0] == tag or any(_holds(child, tag) for child in node[2:]))


def _nothing() -> None:
    return None


@lru_cache(maxsize=1)
def _component() -> Any:
    script, style = ((HERE / name).read_text(encoding="utf8") for name in ("sheet.js", "sheet.css"))
    return st.components.v2.component(  # pyright: ignore[reportAttributeAccessIssue]
        "klantblik_sheet", html='<div class="sheet"></div>', css=style, js=script
    )
