"""Facts of a conversation, told one delivery at a time and in any order: a fact's version says which telling is the last word.

A webhook knows nothing of the deliveries before it. So that "transferred: no" can never undo "transferred: yes", the yes has the
higher version; and so that the first answer of several counts, an earlier answer has the higher version. Every order of arrival,
and every replay, then ends in the same state (docs/decisions/0803).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connectors.base import Event, Reading, Said
from connectors.moments import FINAL, milliseconds

STREAM = "facts"
SYNCHRONOUS = ("chat", "phone")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Whose conversation it is, where it belongs, and when it began; `live` when the customer waits in it, as in a chat."""

    id: str
    began: datetime
    channel: str
    stage: str | None = None
    author: str | None = None
    live: bool = False

    @property
    def waiting(self) -> str:
        """The metric of its waiting: `wait` when live, else `first_response`."""
        return "wait" if self.live else "first_response"

    def asked(self) -> list[Event]:
        """The customer asked, and nobody answered yet."""
        return [self._fact("answer", 0, unanswered=(self.waiting,))]

    def answered(self, at: datetime) -> list[Event]:
        """Somebody answered; the earliest answer is the one that counts."""
        seconds = max(0.0, (milliseconds(at) - milliseconds(self.began)) / 1000)
        found = [self._fact("answer", FINAL // 2 - milliseconds(at), Reading(self.waiting, seconds))]
        return [*found, *self._left(0.0, 2), self._fact("transferred", 0, Reading("transferred", 0.0))]

    def closed(self) -> list[Event]:
        """It was resolved; a live one that nobody answered was abandoned."""
        resolved = [self._fact("resolved_first", 0, Reading("resolved_first", 1.0))]
        return [*resolved, self._fact("reopened", 0, Reading("reopened", 0.0)), *self._left(1.0, 1)]

    def reopened(self) -> list[Event]:
        """It was resolved and came back."""
        again = [self._fact("resolved_first", 1, Reading("resolved_first", 0.0))]
        return [*again, self._fact("reopened", 1, Reading("reopened", 1.0))]

    def moved(self) -> list[Event]:
        """It went from one team or colleague to another."""
        return [self._fact("transferred", 1, Reading("transferred", 1.0))]

    def rated(self, metric: str, value: float, version: int) -> list[Event]:
        """The customer gave a mark."""
        return [self._fact(metric, version, Reading(metric, value))]

    def _left(self, value: float, version: int) -> list[Event]:
        return [self._fact("abandoned", version, Reading("abandoned", value))] if self.live else []

    def _fact(self, name: str, version: int, *readings: Reading, unanswered: tuple[str, ...] = ()) -> Event:
        said = Said(
            self.channel, author=self.author, case=self.id, stage=self.stage, kind="measure",
            readings=list(readings), unanswered=unanswered,
        )  # fmt: skip
        return Event(STREAM, f"{self.id}/{name}", version, "upsert", self.began, said)
