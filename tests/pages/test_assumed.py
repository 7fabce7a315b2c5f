"""The label of an assumption stands under the marks of every page that shows them, with its hover, in both languages."""

from __future__ import annotations

import pytest

from config.language import texts
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, opened, said


@pytest.mark.parametrize("page", ["week", "journey", "promises"])
@pytest.mark.parametrize(("lang", "word"), [("nl", "ongekalibreerd"), ("en", "uncalibrated")])
def test_the_label_stands_under_the_marks(store, monkeypatch, page, lang, word):
    at = opened(page, store("demo"), monkeypatch, lang=lang, **MONDAY)
    assert word in said(at, "assumed")
    assert texts(lang)("assumed.help") in " ".join(attributes(at, "title", "assumed"))


def test_without_marks_nothing_is_labelled(store, monkeypatch):
    at = opened("promises", store("empty"), monkeypatch, lang="nl", **MONDAY)
    assert not at.exception and "ongekalibreerd" not in said(at)
