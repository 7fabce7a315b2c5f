"""Stage: which stage of the journey a message is about. What the source knows goes first, then rules, then a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from text.cleaning import clean
from text.features import see
from text.linear import LinearModel, load, softmax
from text.rules import RuleSet

LANGUAGES = ("nl", "en")
GENERAL = "stage-seven-stages"
FLOOR = 1e-4
RULE_WEIGHT = 2.0
LEAST_SURE = 0.45


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
    """Places messages in one journey; built once, used for every batch.

    `model` is the company's own when it has trained one, else the shipped model of the journey, or that of the general
    journey of seven stages translated by the journey's aliases.
    """

    def __init__(self, journey: JourneyLike, model: LinearModel | None = None) -> None:
        self._ids = [stage.id for stage in journey.stages]
        self._places = {stage: place for place, stage in enumerate(self._ids)}
        self._aliases = {name.lower(): stage for name, stage in journey.aliases.items()}
        self._rules = {
            code: RuleSet({s.id: s.rules.get(code, []) for s in journey.stages}, f"journey {journey.id} {code}")
            for code in LANGUAGES
        }
        self._model = model or load(f"stage-{journey.id}") or load(GENERAL)
        self._columns = [self.stage_id(name) for name in self._model.classes] if self._model else []
        # A company's own stages, of which the model knows nothing: their words alone can tell them.
        self._untaught = set(self._ids) - set(self._columns)

    def place_all(self, texts: Sequence[str], languages: Sequence[str], hints: Sequence[str | None]) -> list[Placement | None]:
        """A placement per text, or None where it is better to say nothing.

        `hints` are what the source knows: a stage id or one of the journey's aliases, or None.
        """
        placed = [self._by_source(hint) for hint in hints]
        asked = [i for i, found in enumerate(placed) if found is None]
        for i, found in zip(asked, self._judge([texts[i] for i in asked], [languages[i] for i in asked]), strict=True):
            placed[i] = found
        return placed

    def warm_up(self) -> None:
        """Load what is loaded lazily, so that the first batch is as quick as the others."""
        self._judge([""], ["nl"])

    def stage_id(self, name: str | None) -> str | None:
        """The journey's stage that `name` (an id or an alias) means, or None."""
        key = (name or "").strip().lower()
        return key if key in self._ids else self._aliases.get(key)

    def _by_source(self, hint: str | None) -> Placement | None:
        stage = self.stage_id(hint)
        return Placement(stage, "source", 1.0) if stage else None

    def _judge(self, texts: Sequence[str], languages: Sequence[str]) -> list[Placement | None]:
        hits = [self._rules["nl" if code == "nl" else "en"].hits(text) for text, code in zip(texts, languages, strict=True)]
        if self._model is None or not texts:
            return [_by_rule(found) for found in hits]
        seen = [see(clean(text), code) for text, code in zip(texts, languages, strict=True)]
        weighed = np.log(self._in_journey(softmax(self._model.outputs(seen))))
        for row, found in zip(weighed, hits, strict=True):
            likeliest = row.max()
            for stage, count in found.items():
                if stage in self._untaught:  # as likely as what the model thinks likeliest, before its words are weighed
                    row[self._places[stage]] = likeliest
                row[self._places[stage]] += RULE_WEIGHT * math.log1p(count)
        chances = softmax(weighed)
        return [
            self._decide(int(best), float(row[best]), found)
            for row, best, found in zip(chances, chances.argmax(axis=1), hits, strict=True)
        ]

    def _in_journey(self, chances: np.ndarray) -> np.ndarray:
        """The model's chances added up over the stages of this journey, shape (texts, stages)."""
        moved = np.full((len(chances), len(self._ids)), FLOOR)
        for place, stage in enumerate(self._columns):
            if stage is not None:
                moved[:, self._places[stage]] += chances[:, place]
        return moved

    def _decide(self, best: int, sure: float, hits: dict[str, int]) -> Placement | None:
        if sure < LEAST_SURE:
            return None
        stage = self._ids[best]
        ruled = hits.get(stage, 0) > max((n for other, n in hits.items() if other != stage), default=0)
        return Placement(stage, "rule" if ruled else "model", round(sure, 4))


def _by_rule(hits: dict[str, int]) -> Placement | None:
    """The stage with the most rules found, if it stands alone."""
    ranked = sorted(hits.values(), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0] == ranked[1]):
        return None
    return Placement(max(hits, key=lambda stage: hits[stage]), "rule", round(ranked[0] / sum(ranked), 3))
