"""The reader's language, which is known before anybody has signed in."""

from __future__ import annotations

import streamlit as st

from config.language import CODES, Texts, texts
from config.settings import settings


def language() -> Texts:
    """The reader's language: `?lang=`, else the setting, else the browser's, else English."""
    asked = st.query_params.get("lang", "")
    if asked in CODES:
        return texts(asked)
    return texts(settings().web.language or ("nl" if (st.context.locale or "").lower().startswith("nl") else "en"))
