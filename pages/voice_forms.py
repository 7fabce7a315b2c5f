"""What a person can do with one voice: place it elsewhere, say how it was meant, approve it for the wall, report a leak."""

from __future__ import annotations

import re
from functools import partial

import streamlit as st

from pages import rights
from pages.acting import act, ask_name
from pages.visit import Visit, utc_now_ms
from reports.names import Names
from store.people import corrections
from store.reads.voices import Voice

SENTENCE = re.compile(r"(?<=[.!?])\s+")


def correct(visit: Visit, names: Names, voice: Voice) -> None:
    """Open the form of one voice."""
    st.dialog(visit.t("voices.correct_title"), width="large", on_dismiss="rerun")(_form)(visit, names, voice)


def _form(visit: Visit, names: Names, voice: Voice) -> None:
    t = visit.t
    st.text(voice.text)
    who = ask_name(visit, "voice")
    do = partial(act, visit, "voices", who, stay=True)
    stages = [*[stage.id for stage in visit.journey.stages], ""]
    at = stages.index(voice.stage) if voice.stage in stages else len(stages) - 1
    stage = st.selectbox(t("voices.right_stage"), stages, index=at, format_func=names.stage, key=f"stage-{voice.id}")
    now, store, journey = utc_now_ms(), visit.store, visit.journey.id
    if st.button(t("voices.save_stage"), key="save-stage", disabled=stage == voice.stage):
        do(lambda: rights.correct_stage(store, voice.id, journey, stage or "", who, now), t("voices.stage_saved"))
    meant = st.segmented_control(
        t("voices.meant"), corrections.FEELINGS, format_func=lambda f: t(f"voices.{f}"), key=f"meant-{voice.id}"
    )
    if st.button(t("voices.save_meant"), key="save-meant", disabled=meant is None):
        do(lambda: rights.correct_sentiment(store, voice.id, meant or "", who, now), t("voices.meant_saved"))
    st.divider()
    words = st.text_input(t("voices.quote"), short_quote(voice.text), help=t("voices.quote_help"), key=f"quote-{voice.id}")
    yes, no, leak = st.columns(3)
    if yes.button(t("voices.approve"), key="approve-quote", width="stretch"):
        do(lambda: rights.approve_quote(store, voice.id, words or "", who, now), t("voices.approved"))
    if no.button(t("voices.refuse"), key="refuse-quote", width="stretch"):
        do(lambda: rights.refuse_quote(store, voice.id, who, now), t("voices.refused"))
    if leak.button(t("voices.leak"), key="leak", width="stretch"):
        do(lambda: rights.report_leak(store, voice.id, who, now), t("voices.leaked"), stay=False)


def short_quote(text: str) -> str:
    """A first proposal for the wall: the first sentence that fits, else the first words that do.

    >>> short_quote("Hallo! Mijn koffer is al twee dagen kwijt. Wat nu?")
    'Mijn koffer is al twee dagen kwijt.'
    """
    said = " ".join(text.split())
    fits = range(corrections.SHORTEST_QUOTE, corrections.LONGEST_QUOTE + 1)
    whole = next((part for part in SENTENCE.split(said) if len(part) in fits), "")
    if whole or len(said) <= corrections.LONGEST_QUOTE:
        return whole or said
    return said[: corrections.LONGEST_QUOTE + 1].rpartition(" ")[0] or said[: corrections.LONGEST_QUOTE]
