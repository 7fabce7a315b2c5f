"""Stage: which stage of the journey a message is about. What the source knows goes first, then rules, then a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from text.rules import RuleSet

LANGUAGES = ("nl", "en")


class StageLike(Protocol):
    """What is needed of a stage: its id and its rules per language."""

    @property
    def id(self) -> str: ...
    @property
    def rules(self) -> dict[str, list[str]]: ...


class JourneyLike(Protocol):
    """What is needed of a journey (config/journey.py has the real one)."""

    @property
    def id(self) -> str: ...
    @property
    def stages(self) -> Sequence[StageLike]: ...
    @property
    def aliases(self) -> dict[str, str]: ...


class Placement(NamedTuple):
    """The stage a message belongs to, what said so ('source', 'rule' or 'model'), and how surely (0..1)."""

    stage: str
    by: str
    confidence: float


class Placer:
    """Places messages in one journey; built once, used for every batch."""

    def __init__(self, journey: JourneyLike) -> None:
        self._ids = {stage.id for stage in journey.stages}
        self._aliases = {name.lower(): stage for name, stage in journey.aliases.items()}
        self._rules = {
            code: RuleSet({s.id: s.rules.get(code, []) for s in journey.stages}, f"journey {journey.id} {code}")
            for code in LANGUAGES
        }

    def place_all(self, texts: Sequence[str], languages: Sequence[str], hints: Sequence[str | None]) -> list[Placement | None]:
        """A placement per text, or None where it is better to say nothing.

        `hints` are what the source knows: a stage id or one of the journey's aliases, or None.
        """
        return [
            self._by_source(hint) or self._by_rule(text, language)
            for text, language, hint in zip(texts, languages, hints, strict=True)
        ]

    def _by_source(self, hint: str | None) -> Placement | None:
        name = (hint or "").strip().lower()
        stage = name if name in self._ids else self._aliases.get(name)
        return Placement(stage, "source", 1.0) if stage else None

    def _by_rule(self, text: str, language: str) -> Placement | None:
        hits = self._rules["nl" if language == "nl" else "en"].hits(text)
        if not hits:
            return None
        ranked = sorted(hits.values(), reverse=True)
        if len(ranked) > 1 and ranked[0] == ranked[1]:
            return None
        best = max(hits, key=lambda stage: hits[stage])
        return Placement(best, "rule", round(ranked[0] / sum(ranked), 3))
