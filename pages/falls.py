"""Falls on a page: each alarm that a stage stands, or stood, lower than usual, as one plain sentence with its cause."""

from __future__ import annotations

from pages.glyphs import glyph
from pages.sheet import Node, el, sheet
from pages.visit import Visit, freshness
from reports.names import Names
from store.reads.alarms import Alarm, alarms_between

WORDS = 4


def draw(visit: Visit, names: Names, from_ms: int, to_ms: int) -> None:
    """The falls that stood at any moment from `from_ms` to `to_ms` (UTC epoch ms), the strongest first; nothing when none did."""
    found = alarms_between(visit.store, visit.journey.id, from_ms, to_ms, "drop")
    if found:
        title = el("h2", "section", visit.t("fall.title"))
        sheet([title, *(_line(alarm, visit, names) for alarm in found)], "falls")


def _line(alarm: Alarm, visit: Visit, names: Names) -> Node:
    t, detail = visit.t, alarm.detail
    said = t("fall.since", stage=names.stage(alarm.stage), time=freshness(alarm.began_at, visit))
    if alarm.ended_at:
        said = t(
            "fall.was",
            stage=names.stage(alarm.stage),
            time=freshness(alarm.began_at, visit),
            until=freshness(alarm.ended_at, visit),
        )
    figures = t("fall.from_to", before=t.number(detail["before"]), now=t.number(detail["now"]), n=t.whole(detail["n"]))
    return el("p", None, glyph("below"), el("b", None, said), f" {figures} {because(detail, visit, names)}".rstrip())


def because(detail: dict, visit: Visit, names: Names) -> str:
    """What made a fall, as far as it is sure: the channel with its interval or other customers, and words used more."""
    t = visit.t
    part = next((one for one in detail.get("parts", []) if one["high"] < 0), None)
    parts = []
    if detail.get("mostly_mix"):
        parts.append(t("fall.mix"))
    elif part:
        span = {name: t.signed(part[name]) for name in ("effect", "low", "high")}
        parts.append(t("fall.channel", channel=names.channel(part["channel"]), **span))
    if detail.get("words"):
        parts.append(t("fall.words", words=", ".join(f"“{word}”" for word in detail["words"][:WORDS])))
    return " ".join(parts)
