"""Where the sample stands: which weeks of history are done, and up to which moment the live stream was told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

VERSION = 1


@dataclass(slots=True)
class Span:
    """A stretch of history (UTC ms), told newest week first: `week` weeks are done, and `done` events of the next one."""

    start: int
    end: int
    week: int = 0
    done: int = 0
    complete: bool = False


@dataclass(slots=True)
class Position:
    """All that a restart needs: the story's anchor, the company's size then, its spans, and the live moment (UTC ms)."""

    anchor: int
    seed: int
    contacts: int
    live_at: int
    spans: list[Span] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Whether all history was told."""
        return all(span.complete for span in self.spans)

    def text(self) -> str:
        """The position as JSON, which is what the cursor keeps."""
        return json.dumps({"v": VERSION, **asdict(self)}, separators=(",", ":"))


def fresh(anchor: int, seed: int, contacts: int, days: int) -> Position:
    """The position before anything was told: `days` of history to go up to the anchor (UTC ms), live from there."""
    return Position(anchor, seed, contacts, anchor, [Span(anchor - days * 86_400_000, anchor)])


def parse(text: str) -> Position:
    """The position that a cursor kept; ValueError naming what is wrong with it."""
    try:
        raw: Any = json.loads(text)
        version = raw.pop("v")
        if version != VERSION:
            raise ValueError(f"version {version!r}")
        return Position(**{**raw, "spans": [Span(**span) for span in raw["spans"]]})
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"state of sample: found {text[:60]!r} ({fault}), expected a position of version {VERSION}") from None
