"""Which voices are read: filters that live in the address, so that a link shows a colleague the same view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from metrics.weeks import shifted, start_ms, week_of
from pages.address import asked, filter
from pages.visit import Visit
from reports.names import Names
from reports.sentences import capital, iso_week
from store.reads.voices import Wanted

MOODS = {"": (None, None), "unhappy": (1.0, 5.499999), "between": (5.5, 7.499999), "happy": (7.5, 10.0)}
CHANNELS = ("social", "review", "chat", "phone", "email", "app", "web", "store", "survey")
SEGMENTS = ("new", "existing", "critical", "left", "leaving", "choosing", "business", "leisure", "budget")
LANGUAGES = ("nl", "en", "other")
FURTHER = ("theme", "segment", "language", "provenance")
PROVENANCES = ("customer", "employee")
UNPLACED = "-"
WEEKS_BACK = 53


def wanted_voices(visit: Visit) -> Wanted:
    """What the filters ask for, up to the moment shown: known before they are drawn, so the answer need not wait for them."""
    stage = asked("stage", _stages(visit), "")
    low, high = MOODS[asked("mood", list(MOODS), "")]
    from_at, to_at = span_of(asked("week", ["", *_weeks(visit)], ""), visit)
    typed = st.session_state.get("words", st.query_params.get("words", ""))
    return Wanted(
        visit.journey.id,
        stage={"": None, UNPLACED: ""}.get(stage, stage),
        channel=asked("channel", ["", *CHANNELS], ""),
        theme=asked("theme", ["", *_themes(visit)], ""),
        segment=asked("segment", ["", *SEGMENTS], ""),
        language=asked("language", ["", *LANGUAGES], ""),
        provenance=asked("provenance", ["", *PROVENANCES], ""),
        words=str(typed or "").strip(),
        from_at=from_at,
        to_at=to_at,
        lowest=low,
        highest=high,
    )


def draw(visit: Visit, names: Names) -> None:
    """Draw the filters; `wanted_voices` tells what they ask for."""
    t = visit.t
    columns = st.columns([1, 1, 1.1, 0.9, 1.2], vertical_alignment="bottom")
    filter(columns[0], "selectbox", t("promises.stage"), _stages(visit), key="stage", default="", name=_stage(names))
    _any(columns[1], "channel", CHANNELS, t("promises.all_channels"), names.channel, visit)
    _any(columns[2], "mood", list(MOODS)[1:], t("voices.any_mood"), lambda m: t(f"voices.{m}"), visit)
    _any(columns[3], "week", _weeks(visit), t("voices.any_week"), lambda w: t("voices.week_name", week=w), visit)
    _words(columns[4], visit)
    _further(visit, names)


def span_of(week: str, visit: Visit) -> tuple[int | None, int]:
    """From when (None: from the beginning) and until when, in UTC epoch milliseconds; never past the moment shown."""
    end = visit.now_ms + 1
    if not week:
        return None, end
    start = int(week.replace("-W", ""))
    return start_ms(start, visit.zone), min(start_ms(shifted(start, 1), visit.zone), end)


def is_plain(words: str) -> bool:
    """Whether searched words may stand in the address: ordinary words only, for a name or a number must not.

    >>> is_plain("koffer kwijt"), is_plain("Jan de Vries"), is_plain("0612345678")
    (True, False, False)
    """
    return words == words.lower() and all(letter.isalpha() or letter in " -'" for letter in words)


def _further(visit: Visit, names: Names) -> None:
    """Theme, customer group, language and who says it: behind a click, and open when the address asks for one."""
    t = visit.t
    options: dict[str, tuple[Sequence[str], str, Callable[[str], str]]] = {
        "theme": (_themes(visit), t("voices.any_theme"), names.theme),
        "segment": (SEGMENTS, t("segment.all"), names.segment),
        "language": (LANGUAGES, t("voices.any_language"), lambda code: t(f"voices.language_{code}")),
        "provenance": (PROVENANCES, t("voices.any_provenance"), lambda who: t(f"voices.from_{who}")),
    }
    chosen = [asked(key, ["", *options[key][0]], "") for key in FURTHER]
    with st.expander(t("voices.more_filters"), expanded=any(chosen)):
        columns = st.columns(len(FURTHER))
        for column, key in zip(columns, FURTHER, strict=True):
            _any(column, key, *options[key], visit)


def _themes(visit: Visit) -> list[str]:
    return [theme.id for theme in visit.journey.themes]


def _words(column: Any, visit: Visit) -> None:
    if "words" not in st.session_state:
        st.session_state["words"] = st.query_params.get("words", "")
    column.text_input(visit.t("voices.words"), key="words", max_chars=80, on_change=_keep_words, help=visit.t("voices.words_how"))


def _keep_words() -> None:
    words = str(st.session_state.get("words", "")).strip()
    for name in ("words", "after"):
        st.query_params.pop(name, None)
    if words and is_plain(words):
        st.query_params["words"] = words


def _any(column: Any, key: str, options: Sequence[str], every: str, name: Callable[[str], str], visit: Visit) -> None:
    label = visit.t(f"voices.{key}")
    filter(column, "selectbox", label, ["", *options], key=key, default="", name=lambda v: name(v) if v else every)


def _stages(visit: Visit) -> list[str]:
    return ["", *[stage.id for stage in visit.journey.stages], UNPLACED]


def _stage(names: Names) -> Callable[[str], str]:
    special = {"": names.t("promises.all_stages"), UNPLACED: capital(names.t("not_placed"))}
    return lambda id: special.get(id) or names.stage(id)


def _weeks(visit: Visit) -> list[str]:
    """The last year's weeks, newest first, and the one that the address asks for when it is older."""
    now = week_of(visit.now.date())
    recent = [iso_week(shifted(now, -back)) for back in range(WEEKS_BACK)]
    older = st.query_params.get("week", "")
    return [*recent, older] if _is_week(older) and older < recent[-1] else recent


def _is_week(written: str) -> bool:
    try:
        return iso_week(week_of(datetime.strptime(f"{written}-1", "%G-W%V-%u").date())) == written
    except ValueError:
        return False
