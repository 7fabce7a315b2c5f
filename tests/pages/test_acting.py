"""Writing on a page: nobody writes without a name, a refusal changes nothing, and what was done is said once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from config.language import texts
from pages.acting import fault_text
from store.people.errors import NotFound, Refused, SamePerson

EN = texts("en")
VISIT = SimpleNamespace(t=EN)


def drawn(who="Anna", fault=None, stay=False, done: object = "kept"):
    """A page with one button that writes; `fault` is what the store refuses it with."""

    def page(who, fault, stay, done):
        from types import SimpleNamespace

        import streamlit as st

        from config.language import texts
        from pages.acting import act

        def write():
            st.session_state["written"] = st.session_state.get("written", 0) + 1
            if fault:
                raise fault
            return 7

        if words := st.session_state.pop("said", ""):
            st.info(words)
        if st.button("Save"):
            act(SimpleNamespace(t=texts("en")), "changes", who, write, done, stay=stay)  # type: ignore[arg-type]

    at = AppTest.from_function(page, args=(who, fault, stay, done)).run()
    return at.button[0].click().run()


def test_nobody_writes_without_a_name():
    at = drawn(who="")
    assert "written" not in at.session_state
    assert [error.value for error in at.error] == [EN("promises.need_name")]


def test_what_was_done_is_said_on_the_page_that_is_drawn_anew_and_only_once():
    at = drawn(done="kept")
    assert [info.value for info in at.info] == ["kept"] and at.session_state["written"] == 1
    assert not at.run().info


def test_what_was_written_can_be_said():
    assert drawn(done=lambda kept: f"version {kept}").info[0].value == "version 7"


def test_a_form_that_stays_open_says_it_where_it_stands():
    at = drawn(stay=True)
    assert [one.value for one in at.success] == ["kept"] and not at.info


def test_a_refusal_is_said_in_the_words_of_the_page_and_nothing_else_is():
    at = drawn(fault=Refused("no words", what="text"))
    assert [error.value for error in at.error] == [EN("changes.error_text")]
    assert not at.info and not at.success


@pytest.mark.parametrize(
    ("fault", "page", "key"),
    [
        (Refused("stage", what="stage"), "promises", "promises.error_stage"),
        (Refused("one thing", what="text"), "meeting", "meeting.error_text"),
        (NotFound("code", subject="4711"), "settings", "settings.error_not_found"),
        (NotFound("code", what="4711"), "settings", "settings.error_not_found"),
        (Refused("something", what="nobody_words_this"), "promises", "error.refused"),
        (Refused("a screen's name"), "settings", "error.refused"),
    ],
)
def test_each_page_words_its_own_refusals_and_the_rest_is_general(fault, page, key):
    assert fault_text(fault, VISIT, page) == EN(key)  # type: ignore[arg-type]


def test_a_general_refusal_names_who_or_what():
    assert "Anna" in fault_text(SamePerson("same", who="Anna"), VISIT, "promises")  # type: ignore[arg-type]
    assert "B-99" in fault_text(NotFound("none", subject="B-99"), VISIT, "promises")  # type: ignore[arg-type]
