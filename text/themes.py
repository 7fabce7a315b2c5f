"""Themes: what people talk about, by the taxonomy of the journey (config/journeys/themes-*.toml)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from text.rising import Rising, rising, word_counts
from text.rules import RuleSet

__all__ = ["Rising", "rising", "themes_of", "word_counts"]
LANGUAGES = ("nl", "en")


class ThemeLike(Protocol):
    """What is needed of a theme: its id and its rules per language."""

    @property
    def id(self) -> str: ...
    @property
    def rules(self) -> dict[str, list[str]]: ...


class HasThemes(Protocol):
    """What is needed of a journey here."""

    @property
    def id(self) -> str: ...
    @property
    def themes(self) -> Sequence[ThemeLike]: ...


def themes_of(texts: Sequence[str], languages: Sequence[str], journey: HasThemes) -> list[list[str]]:
    """The ids of the themes each text speaks of, in the order of the taxonomy; an empty list when of none."""
    rules = _compiled(journey)
    return [list(rules["nl" if language == "nl" else "en"].hits(text)) for text, language in zip(texts, languages, strict=True)]


def _compiled(journey: HasThemes) -> dict[str, RuleSet]:
    known = _RULES.get(id(journey))
    if known is None or known[0] is not journey:
        rules = {
            code: RuleSet({theme.id: theme.rules.get(code, []) for theme in journey.themes}, f"themes of {journey.id}")
            for code in LANGUAGES
        }
        known = _RULES[id(journey)] = (journey, rules)
    return known[1]


_RULES: dict[int, tuple[HasThemes, dict[str, RuleSet]]] = {}
