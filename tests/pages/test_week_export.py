"""The page's files hold the page's numbers."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from config.language import texts
from pages.roles import Person
from pages.visit import Visit
from pages.week_export import FORMATS, _paper
from reports.jump import find_jump
from reports.week import edition
from store.engine import open_store

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)


@pytest.fixture
def made(store):
    """The paper of the example's week 47 in a language, with the edition it was made from."""
    url, journey = store("demo"), load_journey("airline")

    def of(code: str):
        engine = open_store(url)
        told = edition(engine, journey, 202647, ZONE, NOW)
        jump = find_jump(engine, journey, told.week, round(NOW.timestamp() * 1000))
        engine.dispose()
        person = Person("", frozenset({"admin"}), False)
        visit = Visit(person, texts(code), url, journey, ZONE, NOW, False, False, True, "Noordvlucht")
        return told, _paper(told, jump, visit)

    return of


@pytest.mark.parametrize("code", ["nl", "en"])
def test_every_format_is_made_and_says_the_headline(made, code):
    told, paper = made(code)
    t = texts(code)
    assert t.number(told.week.now.value) in paper.headline
    files = {kind: build(paper) for kind, (_, build) in FORMATS.items()}
    assert files["pdf"].startswith(b"%PDF") and files["png"].startswith(b"\x89PNG")
    assert zipfile.ZipFile(io.BytesIO(files["xlsx"])).testzip() is None
    spoken = files["csv"].decode("utf-8-sig")
    for row in told.week.rows:
        assert f"{row.mark.value:.10g}"[:5] in spoken or t.number(row.mark.value) in spoken
