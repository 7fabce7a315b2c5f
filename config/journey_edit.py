"""Edits of a journey as data: a stage more, or one taken up in another. Ids never change: what is stored is known by them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from config.journey import LANGUAGES, Journey, Stage


def with_stage(journey: Journey, name: dict[str, str], words: dict[str, str], after: str) -> Journey:
    """The journey with a new stage behind `after` ('' is: first); `words` per language, comma-separated, place messages in it."""
    rules = {
        code: [re.escape(word.strip().lower()) for word in words.get(code, "").split(",") if word.strip()] for code in LANGUAGES
    }
    stage = Stage(free_id(name["en"] or name["nl"], [one.id for one in journey.stages]), name, rules=rules)
    at = next((i + 1 for i, one in enumerate(journey.stages) if one.id == after), 0)
    return replace(journey, stages=(*journey.stages[:at], stage, *journey.stages[at:]))


def merged(journey: Journey, gone: str, into: str) -> Journey:
    """The journey without stage `gone`: what recognised it, and every name that led to it, now leads to `into`.

    KeyError when the journey has no such stages; ValueError when they are one.
    """
    leaving, staying = journey.stage(gone), journey.stage(into)
    if gone == into:
        raise ValueError(f"stage {gone!r} cannot be taken up in itself")
    rules = {code: [*staying.rules.get(code, []), *leaving.rules.get(code, [])] for code in LANGUAGES}
    kept = replace(staying, rules=rules, moment_of_truth=staying.moment_of_truth or leaving.moment_of_truth)
    stages = tuple(kept if one.id == into else one for one in journey.stages if one.id != gone)
    aliases = {name: into if target == gone else target for name, target in journey.aliases.items()}
    return replace(journey, stages=stages, aliases={**aliases, gone: into})


def free_id(name: str, taken: Sequence[str]) -> str:
    """An id of letters, digits and underscores after the name, that no stage has yet.

    >>> free_id("Order & pay", ["order"]), free_id("Order", ["order"]), free_id("É!", [])
    ('order_pay', 'order_2', 'e')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    base = base if base.isidentifier() else f"stage_{base}".rstrip("_")
    number = 2
    while base in taken:
        base, number = f"{re.sub(r'_[0-9]+$', '', base)}_{number}", number + 1
    return base
