"""Filters of the voices: in the address by value, never a name or a number in it, and each choice from its first page."""

from __future__ import annotations

import pytest

from pages.voice_filters import is_plain
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, opened, said


def read(store, monkeypatch, **query):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", **query, **MONDAY)
    assert not at.exception
    return at


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"stage": "service"}, "stage"),
        ({"channel": "chat"}, "channel"),
        ({"mood": "unhappy"}, "mood"),
        ({"week": "2026-W40"}, "week"),
        ({"theme": "baggage"}, "theme"),
        ({"segment": "new"}, "segment"),
        ({"language": "nl"}, "language"),
    ],
)
def test_each_filter_stands_in_the_address(query, key, store, monkeypatch):
    at = read(store, monkeypatch, **query)
    assert at.selectbox(key=key).value == query[key]
    at.selectbox(key=key).select("").run()
    assert key not in at.query_params and not at.exception


@pytest.mark.parametrize("query", [{"stage": "moon"}, {"week": "2026-W99"}, {"mood": "x"}, {"after": "a-b"}, {"after": "²-1"}])
def test_what_the_address_cannot_mean_is_left_out_without_an_error(query, store, monkeypatch):
    assert len(attributes(read(store, monkeypatch, **query), "data-go", "list")) == 50


def test_an_older_week_from_a_link_is_kept(store, monkeypatch):
    assert read(store, monkeypatch, week="2024-W10").selectbox(key="week").value == "2024-W10"


def test_another_choice_begins_at_its_first_page(store, monkeypatch):
    at = read(store, monkeypatch)
    at.query_params["after"] = "1790000000000-1"
    at.selectbox(key="channel").select("phone").run()
    assert "after" not in at.query_params and "phone" in at.query_params["channel"]


@pytest.mark.parametrize(
    ("typed", "kept"), [("koffer", True), ("koffer kwijt", True), ("Jan", False), ("0612345678", False), ("a@b.nl", False)]
)
def test_ordinary_words_may_stand_in_the_address_and_a_name_or_number_not(typed, kept, store, monkeypatch):
    assert is_plain(typed) == kept
    at = read(store, monkeypatch)
    at.text_input(key="words").set_value(typed).run()
    assert ("words" in at.query_params) == kept
    if typed == "koffer":
        assert "koffer" in said(at, "list") and "chatbot" not in said(at, "list")


def test_a_mood_shows_only_marks_of_that_mood(store, monkeypatch):
    at = read(store, monkeypatch, mood="unhappy", channel="phone", stage="service")
    marks = [float(node[2][2].replace(",", ".")) for node in marks_of(at)]
    assert len(marks) == 50 and all(mark <= 5.5 for mark in marks), "5.46 is written 5,5"
    assert "elke stemming" in said(at, "title")


def marks_of(at):
    from tests.pages.screens import nodes

    return [voice[2] for voice in nodes(at, "list")]
