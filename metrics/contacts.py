"""Contacts: the case log from which resolution, transfers and effort are counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DAY = 86400.0
MATURE_DAYS = 7
CaseOf = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact of a customer about a topic: when (epoch seconds), by which channel, and the path it took inside.

    `departments` are those that had it, in order; `bot_failed` that a bot gave up; `explained_again` that the customer had to say
    it again; `wait` and `norm` in seconds (0 norm: no wait counted); `resolvable` that the first line could have solved it.
    """

    customer: str
    topic: str
    at: float
    channel: str = ""
    departments: tuple[str, ...] = ()
    bot_failed: bool = False
    explained_again: bool = False
    wait: float = 0.0
    norm: float = 0.0
    resolvable: bool = True

    @property
    def transfers(self) -> int:
        """How often it was passed on."""
        return max(0, len(self.departments) - 1)


def cases(contacts: Iterable[Contact], now: float, days: float = MATURE_DAYS) -> list[tuple[Contact, ...]]:
    """Contacts joined into cases: the same customer and topic, each within `days` of the one before, any channel.

    Only cases whose last contact is older than `days` at `now` (epoch s): younger ones may still come back, so they do not count.
    """
    by_key: dict[CaseOf, list[Contact]] = defaultdict(list)
    for contact in contacts:
        by_key[contact.customer, contact.topic].append(contact)
    joined: list[tuple[Contact, ...]] = []
    for own in by_key.values():
        joined += _chains(sorted(own, key=lambda contact: contact.at), days * DAY)
    return [case for case in joined if now - case[-1].at > days * DAY]


def _chains(ordered: Sequence[Contact], span: float) -> list[tuple[Contact, ...]]:
    chains: list[list[Contact]] = []
    for contact in ordered:
        if chains and contact.at - chains[-1][-1].at <= span:
            chains[-1].append(contact)
        else:
            chains.append([contact])
    return [tuple(chain) for chain in chains]
