"""Kastje-naar-de-muur: customers sent from pillar to post, counted per case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from metrics.contacts import Contact
from metrics.intervals import Interval, wilson

Case = tuple[Contact, ...]
SENT_AROUND = 2


@dataclass(frozen=True, slots=True)
class WallToWall:
    """The index (share of cases with two hops or more, 0-1) and what makes it up: hops, loops, longest chain, hand-overs.

    `loops` is the share of cases that came back to a department they had left; `moves` counts hand-overs (from, to).
    """

    index: Interval
    mean_hops: float
    loops: Interval
    longest: tuple[str, ...]
    moves: dict[tuple[str, str], int]


def hops(case: Case) -> int:
    """H of a case: transfers, repeat contacts and bots that gave up, together.

    >>> hops((Contact("a", "bag", 0, departments=("service", "billing")), Contact("a", "bag", 60, bot_failed=True)))
    3
    """
    return sum(contact.transfers + contact.bot_failed for contact in case) + len(case) - 1


def wall_to_wall(cases: Sequence[Case]) -> WallToWall:
    """The index over mature cases (`contacts.cases`); ValueError without cases.

    >>> around = (Contact("a", "bag", 0, departments=("service", "billing", "service")),)
    >>> shown = wall_to_wall([around, (Contact("b", "bag", 0, departments=("service",)),)])
    >>> shown.index.value, shown.loops.value, shown.moves["billing", "service"]
    (0.5, 0.5, 1)
    """
    if not cases:
        raise ValueError("wall to wall: no mature cases. Cases count when they are seven days old.")
    counts = [hops(case) for case in cases]
    chains = [_chain(case) for case in cases]
    return WallToWall(
        index=wilson(sum(count >= SENT_AROUND for count in counts), len(cases)),
        mean_hops=sum(counts) / len(cases),
        loops=wilson(sum(_loops(chain) for chain in chains), len(cases)),
        longest=max(chains, key=len),
        moves=dict(Counter(pair for chain in chains for pair in pairwise(chain))),
    )


def _chain(case: Case) -> tuple[str, ...]:
    """The departments of a case in order, without standing still."""
    steps = [department for contact in case for department in contact.departments]
    return tuple(step for i, step in enumerate(steps) if i == 0 or step != steps[i - 1])


def _loops(chain: tuple[str, ...]) -> bool:
    return len(set(chain)) < len(chain)
