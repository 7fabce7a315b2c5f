"""What this company taught the reading of its messages: its own models, and the contacts that need the strict mask."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connectors.base import Said
from metrics.knots import KnotsBook
from store.models import kept_model
from store.people.corrections import leaks
from store.people.knots import current_book
from text.language import detect_all
from text.linear import LinearModel, ModelError, read
from text.masking import strict_mask
from text.strict import BLOT

SENTIMENT = "sentiment"


@dataclass(slots=True)
class Learned:
    """Shared by every pipeline of a process, and changed in place, so that what was learned holds from the next batch on.

    `leaked` are (source, stream, external id); a model or book is None where the shipped one is used.
    """

    stage: LinearModel | None = None
    sentiment: LinearModel | None = None
    book: KnotsBook | None = None
    leaked: set[tuple[str, str, str]] = field(default_factory=set)

    def refresh(self, engine: Any, journey: str) -> None:
        """Take over what the store holds now; a model file that this version cannot read counts as none."""
        self.sentiment = _model(kept_model(engine, SENTIMENT))
        self.stage = _model(kept_model(engine, stage_name(journey)))
        self.leaked = leaks(engine)
        self.book = current_book(engine)


def stage_name(journey: str) -> str:
    """Under which name a journey's stage model is kept."""
    return f"stage-{journey}"


def strictly(said: Said) -> None:
    """Leave only harmless words in what was said, in place: a leak was reported in an earlier version of it."""
    hint = said.language if said.language in ("nl", "en") else None
    said.text = strict_mask(said.text, detect_all([said.text], [hint])[0].code) or BLOT
    said.url = ""


def _model(file: bytes | None) -> LinearModel | None:
    if file is None:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.tsv.gz"
        path.write_bytes(file)
        try:
            return read(path)
        except ModelError:
            return None
