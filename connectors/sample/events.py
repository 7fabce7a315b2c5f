"""From drawn contacts to events: what the source would say of a contact at a given moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from connectors.base import Event, Reading, Said
from connectors.sample.chance import Array, share
from connectors.sample.company import METRICS, Company
from connectors.sample.customers import SETS
from connectors.sample.drawing import Drawn
from connectors.sample.story import MINUTE_MS
from connectors.sample.texts import Message, topics, write

RESPONSE = METRICS.index("first_response")
PHONE = "phone"
PLACED_BY_RULES = ("social", "review")  # these do not know the stage; the journey's rules find it
FORMS = ("survey", "web", "app")  # these know the language they were filled in
ANONYMOUS = ("web",)
EDITED, DELETED = 10, 20  # versions of what the customer did to a post afterwards
EDITS, DELETES = 0.03, 0.012
EDIT_SALT, DELETE_SALT = 91, 92


class Teller:
    """Tells of one block of drawn contacts; `name` makes its ids its own, `letter` is that of its customers."""

    def __init__(self, firm: Company, drawn: Drawn, name: str, letter: str) -> None:
        self._drawn, self._name, self._letter = drawn, name, letter
        self._stages = [firm.stages[i] for i in drawn.stage.tolist()]
        self._channels = [firm.channels[i] for i in drawn.channel.tolist()]
        self._values = drawn.values.tolist()
        self._groups = drawn.who.groups.tolist()
        self._dutch = drawn.who.dutch.tolist()
        self._topic, self._tone = drawn.said.topic.tolist(), drawn.said.tone.tolist()
        self._seed, self._origin = drawn.seed.tolist(), drawn.origin.tolist()
        self._closes = (drawn.talks.conversation & np.isfinite(drawn.talks.close)).tolist()

    def at(self, row: int, moment: float) -> Event:
        """The contact of `row` as its source knew it at `moment` (UTC ms), in its version of then."""
        talks = self._drawn.talks
        answered, closed = bool(talks.answer[row] <= moment), bool(talks.close[row] <= moment)
        channel = self._channels[row]
        conversation = bool(talks.conversation[row])
        said = self._said(row, answered, closed or not conversation)
        return self._event(row, channel, 1 + answered + closed, said)

    def edited(self, row: int, moment: float) -> Event:
        """The post of `row` after its writer edited it."""
        event = self.at(row, moment)
        assert event.said is not None
        event.said.text = self._text(row, edited=True)
        event.version = EDITED
        return event

    def deleted(self, row: int) -> Event:
        """The post of `row` taken away by its writer."""
        return self._event(row, self._channels[row], DELETED, None)

    def final(self, rows: Sequence[int], moment: float) -> list[Event]:
        """The contacts of `rows` as they stood at `moment` (UTC ms), edits and deletes included."""
        return [self._last(row, moment) for row in rows]

    def steps(self, after: float, until: float, among: Array | None = None) -> Iterator[tuple[float, Event]]:
        """Every version that its source tells between two moments (UTC ms), with the moment it does; of rows `among` only."""
        talks, (edits, deletes) = self._drawn.talks, self._afterwards()
        tellings = ((talks.first, self.at), (talks.answer, self.at), (talks.close, self.at), (edits, self.edited))
        for times, tell in (*tellings, (deletes, lambda row, _: self.deleted(row))):
            told = (times > after) & (times <= until)
            for row in np.flatnonzero(told if among is None else told & among).tolist():
                yield float(times[row]), tell(row, float(times[row]))

    def _last(self, row: int, moment: float) -> Event:
        if self._channels[row] not in PLACED_BY_RULES:
            return self.at(row, moment)
        edits, deletes = self._afterwards()
        if deletes[row] <= moment:
            return self.deleted(row)
        return self.edited(row, moment) if edits[row] <= moment else self.at(row, moment)

    def _afterwards(self) -> tuple[Array, Array]:
        """When each post is edited and deleted by its writer (UTC ms), infinite for never."""
        if not hasattr(self, "_times"):
            seed, first = self._drawn.seed, self._drawn.talks.first
            public = np.array([channel in PLACED_BY_RULES for channel in self._channels], bool)
            changes = share(seed, EDIT_SALT), share(seed, DELETE_SALT)
            edits = np.where(public & (changes[0] < EDITS), first + (2 + changes[0] / EDITS * 18) * MINUTE_MS, np.inf)
            deletes = np.where(public & (changes[1] < DELETES), first + (5 + changes[1] / DELETES * 55) * MINUTE_MS, np.inf)
            self._times = edits, deletes
        return self._times

    def _event(self, row: int, channel: str, version: int, said: Said | None) -> Event:
        return Event(
            stream=channel,
            external_id=f"{self._name}-{row}",
            version=version,
            op="upsert" if said else "delete",
            occurred_at=datetime.fromtimestamp(int(self._drawn.born[row]) / 1000, UTC),
            said=said,
        )

    def _said(self, row: int, answered: bool, told: bool) -> Said:
        channel, values, talks = self._channels[row], self._values[row], self._drawn.talks
        readings = [
            Reading(metric, value)
            for number, (metric, value) in enumerate(zip(METRICS, values, strict=True))
            if value == value and (answered if number == RESPONSE else told)
        ]
        case = f"{self._name}-{self._origin[row]}" if channel not in FORMS else None
        return Said(
            channel=channel,
            text=self._text(row),
            language=("nl" if self._dutch[row] else "en") if channel in FORMS else None,
            author=None if channel in ANONYMOUS else self._drawn.who.author(row, self._letter),
            thread=case,
            case=case,
            stage=None if channel in PLACED_BY_RULES else self._stages[row],
            segments=SETS[self._groups[row]],
            readings=readings,
            unanswered=self._unanswered(channel, answered, bool(talks.asks[row]), bool(talks.abandoned[row])),
        )

    def _unanswered(self, channel: str, answered: bool, asks: bool, abandoned: bool) -> tuple[str, ...]:
        if channel == PHONE:
            return ("wait",) if abandoned else ()
        return ("first_response",) if asks and not answered else ()

    def _text(self, row: int, edited: bool = False) -> str:
        said, channel = self._drawn.said, self._channels[row]
        if not said.writes[row]:
            return ""
        language = "nl" if self._dutch[row] else "en"
        message = Message(
            language,
            topics()[self._topic[row]],
            self._tone[row],
            channel,
            self._seed[row],
            bool(said.private[row]),
            bool(said.typo[row]),
            edited,
        )
        return write(message)
