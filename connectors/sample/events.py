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
PUBLIC = ("social", "review")  # posts: edited and deleted by their writers, and not always tagged with a stage
TAGGED = 0.85  # the share of posts that the company's own team tagged; the journey's rules must place the others
FORMS = ("survey", "web", "app")  # each answer stands alone
KNOWN_LANGUAGE = (*FORMS, "chat")  # the page on which it was written has a language
ANONYMOUS = ("web",)
EDITED, DELETED = 10, 99  # what an edit adds to the version, and the version of a delete: nothing comes after that
EDITS, DELETES = 0.03, 0.012
EDIT_SALT, DELETE_SALT, TAG_SALT = 91, 92, 93


class Teller:
    """Tells of one block of drawn contacts; `name` makes its ids its own, `letter` is that of its customers."""

    def __init__(self, firm: Company, drawn: Drawn, name: str, letter: str) -> None:
        self._drawn, self._name, self._letter = drawn, name, letter
        self._stages = [firm.stages[i] for i in drawn.stage.tolist()]
        self._channels = [firm.channels[i] for i in drawn.channel.tolist()]
        self._values, self._born = drawn.values.tolist(), drawn.born.tolist()
        self._groups, self._dutch = drawn.who.groups.tolist(), drawn.who.dutch.tolist()
        self._topic, self._tone = drawn.said.topic.tolist(), drawn.said.tone.tolist()
        self._seed, self._origin = drawn.seed.tolist(), drawn.origin.tolist()
        public = np.array([channel in PUBLIC for channel in self._channels], bool)
        self._edits, self._deletes = _afterwards(drawn, public)
        self._placed = (~public | (share(drawn.seed, TAG_SALT) < TAGGED)).tolist()

    def at(self, row: int, moment: float) -> Event:
        """The contact of `row` as its source knew it at `moment` (UTC ms), in its version of then."""
        talks = self._drawn.talks
        answered, closed = bool(talks.answer[row] <= moment), bool(talks.close[row] <= moment)
        edited = bool(self._edits[row] <= moment)
        said = self._said(row, answered, closed or not talks.conversation[row], edited)
        return self._event(row, 1 + answered + closed + EDITED * edited, said)

    def deleted(self, row: int) -> Event:
        """The post of `row` taken away by its writer."""
        return self._event(row, DELETED, None)

    def final(self, rows: Sequence[int], moment: float) -> list[Event]:
        """The contacts of `rows` as they stood at `moment` (UTC ms), edits and deletes included."""
        gone = (self._deletes <= moment).tolist()
        return [self.deleted(row) if gone[row] else self.at(row, moment) for row in rows]

    def steps(self, after: float, until: float, among: Array | None = None) -> Iterator[tuple[float, Event]]:
        """Every version that its source tells between two moments (UTC ms), with the moment it does; of rows `among` only."""
        talks = self._drawn.talks
        tellings = [(times, self.at) for times in (talks.first, talks.answer, talks.close, self._edits)]
        for times, tell in (*tellings, (self._deletes, lambda row, _: self.deleted(row))):
            told = (times > after) & (times <= until)
            for row in np.flatnonzero(told if among is None else told & among).tolist():
                yield float(times[row]), tell(row, float(times[row]))

    def _event(self, row: int, version: int, said: Said | None) -> Event:
        return Event(
            stream=self._channels[row],
            external_id=f"{self._name}-{row}",
            version=version,
            op="upsert" if said else "delete",
            occurred_at=datetime.fromtimestamp(self._born[row] / 1000, UTC),
            said=said,
        )

    def _said(self, row: int, answered: bool, told: bool, edited: bool) -> Said:
        channel, values, talks = self._channels[row], self._values[row], self._drawn.talks
        readings = [
            Reading(metric, value)
            for number, (metric, value) in enumerate(zip(METRICS, values, strict=True))
            if value == value and (answered if number == RESPONSE else told)
        ]
        case = f"{self._name}-{self._origin[row]}" if channel not in FORMS else None
        return Said(
            channel=channel,
            text=self._text(row, edited),
            language=("nl" if self._dutch[row] else "en") if channel in KNOWN_LANGUAGE else None,
            author=None if channel in ANONYMOUS else self._drawn.who.author(row, self._letter),
            thread=case,
            case=case,
            stage=self._stages[row] if self._placed[row] else None,
            segments=SETS[self._groups[row]],
            readings=readings,
            unanswered=_unanswered(channel, answered, bool(talks.asks[row]), bool(talks.abandoned[row])),
        )

    def _text(self, row: int, edited: bool) -> str:
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


def _unanswered(channel: str, answered: bool, asks: bool, abandoned: bool) -> tuple[str, ...]:
    if channel == PHONE:
        return ("wait",) if abandoned else ()
    return ("first_response",) if asks and not answered else ()


def _afterwards(drawn: Drawn, public: Array) -> tuple[Array, Array]:
    """When each post is edited, and when deleted, by its writer (UTC ms); infinite for never, and for what is no post."""
    edits, deletes, first = share(drawn.seed, EDIT_SALT), share(drawn.seed, DELETE_SALT), drawn.talks.first
    return (
        np.where(public & (edits < EDITS), first + (2 + edits / EDITS * 18) * MINUTE_MS, np.inf),
        np.where(public & (deletes < DELETES), first + (5 + deletes / DELETES * 55) * MINUTE_MS, np.inf),
    )
