"""Filters that live in the address, so that a link shows a colleague the same view, in either language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st


def asked(key: str, options: Sequence[str], default: str) -> str:
    """What a filter stands at before it is drawn: as changed on screen, else as the address says, else `default`."""
    value = st.session_state.get(key, st.query_params.get(key, default))
    return value if value in options else default


def filter(
    place: Any, kind: str, label: str, options: Sequence[str], *, key: str, default: str, name: Callable[[str], str], **how: Any
) -> str:
    """Draw a filter of `kind` (selectbox, segmented_control) in `place` and give its value, one of `options`.

    The address keeps the value itself, never its name in a language; the default is left out of it.
    """
    st.session_state[key] = asked(key, options, default)
    draw = getattr(place, kind)
    value = draw(label, options, key=key, format_func=name, on_change=_remember, args=(key, default), **how)
    return value if value in options else default


def _remember(key: str, default: str) -> None:
    st.query_params.pop("after", None)  # another choice begins at its own first page
    value = st.session_state.get(key)
    if value in (None, default):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value
