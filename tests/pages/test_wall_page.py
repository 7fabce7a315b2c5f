"""The page and the component's parts: every text that the script asks for exists, and nothing of it could become HTML."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from config.language import CODES, texts
from pages.wall.build import FOLDER, ORDER, build_id, script
from pages.wall.page import component_data

ASKED = re.compile(r'["`](wall\.[a-z_]+(?:\.[a-z_]+)?)["`]')
BUILT = re.compile(r'["`](wall\.[a-z_.]*[_.])["`$]')


@pytest.mark.parametrize("code", CODES)
def test_every_text_that_the_script_names_exists(code):
    known = texts(code).texts
    named = set(ASKED.findall(script()))
    assert len(named) > 50
    assert sorted(name for name in named if not name.endswith("_") and name not in known) == []


@pytest.mark.parametrize("code", CODES)
def test_every_family_of_texts_that_the_script_builds_has_members(code):
    known = texts(code).texts
    families = set(BUILT.findall(script()))
    assert {"wall.kept_", "wall.verdict_", "wall.good_"} <= families
    assert [family for family in families if not any(key.startswith(family) for key in known)] == []


def test_the_script_makes_no_html_from_anything():
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "createContextualFragment",
    ):
        assert word not in script(), word


def test_the_script_and_the_style_load_nothing_from_outside():
    style = (FOLDER / "wall.css").read_text(encoding="utf8")
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", script() + style) == []
    assert "@import" not in style and "url(" not in style


def test_every_part_of_the_script_is_used():
    assert sorted(path.stem for path in FOLDER.glob("*.js")) == sorted(ORDER)


def test_the_build_id_follows_the_parts(tmp_path, monkeypatch):
    import shutil

    from pages.wall import build

    before = build_id()
    copy = tmp_path / "pages" / "wall"
    shutil.copytree(FOLDER, copy)
    shutil.copytree(FOLDER.parent.parent / "config" / "languages", tmp_path / "config" / "languages")
    monkeypatch.setattr(build, "FOLDER", copy)
    build_id.cache_clear()
    assert build_id() == before
    (copy / "curve.js").write_text("// changed", encoding="utf8")
    build_id.cache_clear()
    assert build_id() != before
    build_id.cache_clear()


@pytest.mark.parametrize("code", CODES)
def test_the_page_draws_in_both_languages_with_every_text(code):
    page = AppTest.from_string("from pages.wall.page import show\nshow()", default_timeout=30)
    page.query_params["lang"] = code
    page.run()
    assert not page.exception
    data = component_data(code)
    assert data["language"] == code and set(data["texts"]) == set(CODES)
    assert all(key.startswith(("wall.", "channel.", "shape.")) for key in data["texts"][code])


def test_the_font_carries_its_licence():
    assert "SIL Open Font License, Version 1.1" in (Path(FOLDER) / "assets" / "inter-LICENSE.txt").read_text(encoding="utf8")
