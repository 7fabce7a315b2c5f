"""Customers: who speaks, to which groups they belong, and how it felt. All of it follows from a customer's own key."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.sample.chance import Array, bell, mixed, share
from connectors.sample.company import Company
from connectors.sample.effects import Effects

GROUPS = ("new", "existing", "critical", "left", "choosing")
SETS: tuple[tuple[str, ...], ...] = tuple(
    tuple(name for bit, name in enumerate(GROUPS) if code >> bit & 1) for code in range(1 << len(GROUPS))
)
GROUP_MARK = np.array([-0.1, 0.05, -0.8, -1.3, 0.0])
TRAIT, WRITES_DUTCH, NEW, CRITICAL, LEFT, CHOOSING, STAGE = range(1, 8)


@dataclass(frozen=True)
class Pool:
    """Where customers come from: a letter for their ids, and how many each day of flights has."""

    letter: str
    slots: int


@dataclass(slots=True)
class Who:
    """The customers of contacts, by number: their key, day of flight, place in it, language (Dutch or not), and group codes."""

    key: Array
    flight: Array
    slot: Array
    dutch: Array
    groups: Array

    def author(self, row: int, letter: str) -> str:
        """The source's id of the customer of a row."""
        return f"{letter}{self.flight[row]}-{self.slot[row]}"


def who_speaks(rng: np.random.Generator, firm: Company, day: Array, stage: Array, origin: Array, pool: Pool) -> Who:
    """A customer for each contact; a contact whose `origin` is another row belongs to that row's customer.

    `day` is the local day (days since 1970). A customer's contacts lie around one flight, so that paths of stages exist.
    """
    low, high = firm.days[stage, 0], firm.days[stage, 1]
    flight = (day - rng.integers(low, high + 1))[origin]
    slot = rng.integers(0, pool.slots, len(day))[origin]
    key = mixed(flight.astype(np.uint64) * np.uint64(1 << 24) + slot.astype(np.uint64), ord(pool.letter))
    return Who(key, flight, slot, share(key, WRITES_DUTCH) < firm.customers["dutch"], _groups(firm, key, stage))


def felt(firm: Company, effects: Effects, who: Who, stage: Array, channel: Array) -> Array:
    """How each contact felt, in report marks (not yet bounded): cell, story, customer, and the customer's luck in that stage."""
    member = (who.groups[:, None] >> np.arange(len(GROUPS))) & 1
    customer = firm.customers["trait_sd"] * bell(who.key, TRAIT) + firm.customers["stage_sd"] * luck(who, stage)
    return firm.mark[stage, channel] + effects.added("mark") + customer + member @ GROUP_MARK


def luck(who: Who, stage: Array) -> Array:
    """How a stage went for a customer against the others (mean 0, standard deviation 1), the same at every contact."""
    return bell(who.key + stage.astype(np.uint64), STAGE)


def goal_mark(firm: Company, who: Who, base: Array) -> Array:
    """What a customer would answer to the recommend item, as a mark: how the last stage felt, and the luck in those before."""
    total = base.copy()
    for number, weight in enumerate(firm.goal):
        if weight:
            total += 3.0 * weight * luck(who, np.full(len(base), number))
    return total


def _groups(firm: Company, key: Array, stage: Array) -> Array:
    customers = firm.customers
    new = share(key, NEW) < customers["new"]
    choosing = (stage == firm.stage("orient")) & (share(key, CHOOSING) < customers["choosing"])
    left = (stage == firm.stage("loyalty")) & (share(key, LEFT) < customers["left"])
    critical = share(key, CRITICAL) < customers["critical"]
    known = ~choosing & ~left
    return (new & known) * 1 + (~new & known) * 2 + critical * 4 + left * 8 + choosing * 16
