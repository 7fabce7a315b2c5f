"""What hangs on a screen, on the settings page: in words, and in a table to change it in."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from config.language import Texts
from store.people.playlists import DAYS, RANGES, SLIDES, always_shows

PRESETS: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("playlists.toml").read_text(encoding="utf8"))
STANDARD = PRESETS["standard"]
COLUMNS = ("place", "slide", "range", "seconds", "share", "days", "from", "to")
Entry = Mapping[str, Any]


def told(playlist: Sequence[Entry], t: Texts) -> list[str]:
    """Each entry in words, in order: slide, range, how long, its share of the time, and when; then what hangs otherwise."""
    shown = list(playlist) or STANDARD
    total = sum(entry.get("share", 1) for entry in shown)
    lines = [_line(entry, entry.get("share", 1) / total, t) for entry in shown]
    return lines if always_shows(shown) else [*lines, t("playlist.otherwise")]


def address(playlist: Sequence[Entry]) -> str:
    """The playlist as `?slides=` names it, to look at it on another screen."""
    shown = list(playlist) or STANDARD
    return ",".join(entry["slide"] + (f":{entry['range']}" if "range" in entry else "") for entry in shown)


def days_told(days: Iterable[int], t: Texts) -> str:
    """Days of the week in short: `ma–vr`, `ma, wo`; nothing when it is every day."""
    chosen = sorted(set(days))
    if len(chosen) in (0, len(DAYS)):
        return ""
    runs: list[list[int]] = []
    for day in chosen:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    spans = [[run] if len(run) > 2 else [[day] for day in run] for run in runs]
    return ", ".join("–".join(_short(day, t) for day in _ends(run)) for span in spans for run in span)


def edited(playlist: Sequence[Entry], key: str, t: Texts) -> list[dict[str, Any]]:
    """The table in which a playlist is changed, and what stands in it now; `key` names it on this page."""
    frame = pd.DataFrame(table(list(playlist) or STANDARD), columns=list(COLUMNS))
    given = st.data_editor(
        frame, key=key, num_rows="dynamic", hide_index=True, width="stretch", column_config=_columns(t), placeholder=""
    )
    return entries(given.to_dict("records"))


def table(playlist: Sequence[Entry]) -> list[dict[str, Any]]:
    """The rows of the table: places 1, 2, 3; days as texts; hours as times, none where it is the whole day."""
    return [
        {
            "place": float(place),
            "slide": entry["slide"],
            "range": entry.get("range", RANGES[0]),
            "seconds": float(entry["seconds"]),
            "share": float(entry.get("share", 1)),
            "days": [str(day) for day in entry.get("days", ())],
            **{name: _time(entry.get(name, "")) for name in ("from", "to")},
        }
        for place, entry in enumerate(playlist, 1)
    ]


def entries(rows: Iterable[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """The playlist that stands in the table, in the order of its places; a row without a place comes last, an empty one not."""
    known = [{name: None if _nothing(value) else value for name, value in row.items()} for row in rows]
    filled = [row for row in known if any(row.get(name) for name in ("slide", "seconds"))]
    ordered = sorted(filled, key=lambda row: (row.get("place") is None, float(row.get("place") or 0)))
    return [_entry(row) for row in ordered]


def is_standard(playlist: Sequence[Entry]) -> bool:
    """Whether this is what a screen shows of itself."""
    return list(playlist) == entries(table(STANDARD))


def _line(entry: Entry, share: float, t: Texts) -> str:
    range_ = t(f"playlist.range_{entry['range']}") if "range" in entry else ""
    what = ", ".join(part for part in (t(f"playlist.slide_{entry['slide']}"), range_) if part)
    hours = f"{entry.get('from', '00:00')}–{entry.get('to', '24:00')}" if "from" in entry or "to" in entry else ""
    when = " ".join(part for part in (days_told(entry.get("days", ()), t), hours) if part)
    line = t("playlist.line", what=what, seconds=t.number(entry["seconds"], 0), share=t.percent(share))
    return f"{line}, {when}" if when else line


def _ends(run: list[int]) -> list[int]:
    return run if len(run) < 3 else [run[0], run[-1]]


def _short(day: int, t: Texts) -> str:
    return t(f"day.{day}")[: 2 if t.code == "nl" else 3]


def _columns(t: Texts) -> dict[str, Any]:
    """The columns; no lowest value for numbers: the cell would refuse the 2 of 25. What cannot be is refused in words."""
    c, named = st.column_config, {name: t(f"playlist.column_{name}") for name in COLUMNS}
    about = {name: t(f"playlist.help_{name}") for name in ("place", "range", "seconds", "share", "days", "to")}
    return {
        "place": c.NumberColumn(named["place"], help=about["place"], width=64, format="localized"),
        "slide": c.SelectboxColumn(named["slide"], options=SLIDES, format_func=lambda id: t(f"playlist.slide_{id}"), width=212),
        "range": c.SelectboxColumn(
            named["range"], help=about["range"], options=RANGES, format_func=lambda id: t(f"playlist.range_{id}"), default="now"
        ),
        "seconds": c.NumberColumn(named["seconds"], help=about["seconds"], width=92, default=15, step=1),
        "share": c.NumberColumn(named["share"], help=about["share"], width=92, default=1, format="localized"),
        "days": c.MultiselectColumn(
            named["days"], help=about["days"], options=[str(day) for day in DAYS], format_func=lambda day: _short(int(day), t)
        ),
        "from": c.TimeColumn(named["from"], width=84, format="HH:mm", step=300),
        "to": c.TimeColumn(named["to"], help=about["to"], width=84, format="HH:mm", step=300),
    }


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    hours = {name: _clock(row[name]) for name in ("from", "to") if row.get(name) is not None}
    days = [int(day) for day in row.get("days") or ()]
    kept = {name: row.get(name) for name in ("slide", "seconds", "range") if row.get(name) is not None}
    return {**kept, "share": 1 if row.get("share") is None else row["share"], "days": days, **hours}


def _nothing(value: Any) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _time(clock: str) -> time | None:
    return None if clock in ("", "24:00") else time.fromisoformat(clock)


def _clock(value: Any) -> str:
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)
