"""Run a page as a person would open it, and read what it says: sheets, texts, charts and links."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest

from config.settings import settings
from pages.sheet import words


def opened(page: str, store: str, monkeypatch, **query: str) -> AppTest:
    """The page after its first run, over the store at that URL, with these query parameters."""
    monkeypatch.setenv("KLANTBLIK_STORE_URL", store)
    settings.cache_clear()  # a process reads its settings once; a test is many processes
    at = AppTest.from_string(f"from pages import {page}\n{page}.show()", default_timeout=120)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def elements(at: AppTest) -> Iterator[Any]:
    """Every element of the page in order."""

    def walk(node: Any) -> Iterator[Any]:
        for child in node.children.values():
            yield child
            if hasattr(child, "children"):
                yield from walk(child)

    yield from walk(at.main)


def nodes(at: AppTest, key: str = "") -> list[Any]:
    """The nodes of every sheet of the page, or of the one with that key."""
    found = []
    for element in elements(at):
        proto = getattr(element, "proto", None)
        if element.type == "bidi_component" and (not key or proto.id.endswith(f"-sheet-{key}")):
            found += json.loads(proto.json)["nodes"]
    return found


def said(at: AppTest, key: str = "") -> str:
    """All words of the page's sheets (or of one), in order."""
    return " ".join(words(node) for node in nodes(at, key))


def charts(at: AppTest) -> list[dict]:
    """The specifications of the page's charts."""
    return [json.loads(element.proto.spec) for element in elements(at) if element.type == "vega_lite_chart"]


def attributes(at: AppTest, name: str, key: str = "") -> list[str]:
    """The values of an attribute over all nodes, such as every `href`."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, list):
            if name in node[1]:
                yield node[1][name]
            for child in node[2:]:
                yield from walk(child)

    return [value for node in nodes(at, key) for value in walk(node)]


def html(at: AppTest) -> str:
    """The fixed parts that a page puts in its frame: band, language links, styles."""
    return " ".join(element.proto.body for element in elements(at) if element.type == "html")
