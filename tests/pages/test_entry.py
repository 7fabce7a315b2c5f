"""The first page that a browser loads: it knows its server, asks early for what every page needs, and runs under the policy."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import pages.entry as entry
from app import SCREENS
from pages.entry import PARTS, PATHS, SERVER, STATIC, page, routes
from pages.headers import policy


@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers_with_the_index(path):
    answer = TestClient(Starlette(routes=routes())).get(f"/{path}?lang=nl")
    assert answer.status_code == 200 and answer.text == page()
    assert answer.headers["content-type"].startswith("text/html") and answer.headers["cache-control"] == "no-cache"


def test_every_screen_has_its_address():
    assert set(SCREENS) | {"", "wall"} == set(PATHS)


def test_the_browser_is_told_where_its_server_is_before_anything_runs():
    text = page()
    assert text.index(SERVER) < text.index('<script type="module"')
    assert "<title>Klantblik</title>" in text


def test_what_is_asked_for_early_is_there():
    early = re.findall(r'<link rel="modulepreload" crossorigin href="\./(static/js/[^"]+)">', page())
    assert all((STATIC / name).exists() for name in early)
    for part in PARTS:
        assert any(name.startswith(f"static/js/{part}.") for name in early), f"{part}: not in this version of Streamlit"


def test_every_script_within_it_is_allowed_by_its_hash():
    for script in re.findall(r"<script>(.*?)</script>", page(), re.DOTALL):
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy()


def test_a_part_of_another_version_is_passed_over(monkeypatch):
    monkeypatch.setattr(entry, "PARTS", ("NoSuchPart",))
    page.cache_clear()
    try:
        assert "NoSuchPart" not in page() and SERVER in page()
    finally:
        page.cache_clear()
