"""Sheets are data: elements by name, texts as text, and a script that never parses HTML."""

from __future__ import annotations

import re
from pathlib import Path

from pages import sheet as sheets
from pages.sheet import el, words

HERE = Path(__file__).resolve().parents[2] / "pages"
SCRIPT = (HERE / "sheet.js").read_text(encoding="utf8")


def test_a_node_is_tag_attributes_and_children():
    node = el("td", "few", "te ", el("b", {"title": "x", "lang": None}, "weinig"), None)
    assert node == ["td", {"class": "few"}, "te ", ["b", {"title": "x"}, "weinig"]] and words(node) == "te weinig"
    assert el("br") == ["br", {}]


def test_the_script_builds_nodes_and_never_parses_a_string():
    for door in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "Function("):
        assert door not in SCRIPT
    assert "createTextNode" in SCRIPT


def test_the_script_knows_every_element_that_the_pages_use():
    known = set(re.findall(r'"([a-z0-9]+)"', SCRIPT.split("const LOCAL")[0]))
    used = set()
    for file in HERE.glob("*.py"):
        used |= set(re.findall(r'\bel\(\s*"([a-z0-9]+)"', file.read_text(encoding="utf8")))
    assert used and used <= known, used - known


def test_the_script_refuses_handlers_and_foreign_addresses():
    assert 'name.startsWith("on")' in SCRIPT and r"/^(\/|\?|#|https?:)/" in SCRIPT
    assert not {"script", "style", "iframe", "object", "img", "link"} & set(re.findall(r'"([a-z0-9]+)"', SCRIPT))


def test_every_shape_has_a_hue_of_its_own_and_the_style_carries_words_not_colour_alone():
    style = (HERE / "sheet.css").read_text(encoding="utf8")
    for shape in ("below", "above", "on", "unsure"):
        assert f".{shape} {{ color:" in style


def test_the_first_heading_of_a_visit_gets_a_head_start(monkeypatch):
    drawn, state = [], {}
    monkeypatch.setattr(sheets, "_component", lambda: lambda **given: drawn.append(given["key"]))
    monkeypatch.setattr(sheets.st, "session_state", state)
    monkeypatch.setattr(sheets.time, "sleep", lambda seconds: drawn.append(seconds))
    monkeypatch.setattr(sheets, "HEAD_START_S", 0.08)
    sheets.sheet([el("p", None, "vandaag")], "as-of")
    sheets.sheet([el("div", "state", el("h1", None, "Week 47"))], "answer")
    sheets.sheet([el("h1", None, "Nog een")], "again")
    assert drawn == ["sheet-as-of", "sheet-answer", 0.08, "sheet-again"]
