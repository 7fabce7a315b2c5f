"""Privacy floor: no number of fewer than five customers, and none that can be had by taking siblings from their total."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping
from typing import Any

import numpy as np

Cell = tuple[Hashable, Hashable]
FLOOR = 5


def hidden(customers: Mapping[Hashable, int], total: int | None = None) -> set[Hashable]:
    """Which siblings may not be shown: those of fewer than 5 customers, and as many more as it takes to guard them.

    `customers` distinct customers per sibling, `total` those of their sum when that is shown beside them (None: their own sum).
    What is hidden together must hold 5 customers or more, so that taking the shown ones from the total tells nothing about fewer
    than 5; the smallest shown sibling is hidden with them until it does. A sibling without customers needs no hiding.

    >>> sorted(hidden({"phone": 40, "chat": 3, "email": 12}))
    ['chat', 'email']
    >>> hidden({"phone": 40, "chat": 5})
    set()
    """
    covered = {name for name, n in customers.items() if 0 < n < FLOOR}
    rest = (sum(customers.values()) if total is None else total) - sum(customers.values())
    while covered or 0 < rest < FLOOR:
        apart = sum(customers[name] for name in covered) + max(0, rest)
        shown = [name for name, n in customers.items() if name not in covered and n > 0]
        if (apart >= FLOOR and len(covered) + (rest > 0) > 1) or not shown:
            break
        covered.add(min(shown, key=lambda name: (customers[name], str(name))))
    return covered


def hidden_groups(groups: Mapping[Hashable, int], total: int) -> set[Hashable]:
    """Which customer groups may not be shown beside `total`, the customers of all groups and of none; groups may overlap.

    All of them are guarded as siblings are, and each by itself: what a group leaves of the total must be nobody or at least 5.

    >>> sorted(hidden_groups({"new": 20, "existing": 37, "critical": 11}, 40))
    ['existing']
    """
    overlapping = sum(groups.values()) > total
    covered = hidden(groups, None if overlapping else total)
    return covered | {name for name, n in groups.items() if 0 < n < FLOOR or 0 < total - n < FLOOR}


def hidden_cells(cells: Mapping[Any, int], also: Iterable[Cell] = ()) -> set[Cell]:
    """Which cells of a table (row, column) may not be shown beside its row and column totals; `also` are to be hidden whatever n.

    Each row and column is guarded as in `hidden`, and cells are added until no small one, and none of `also`, can be solved
    from all totals together.

    >>> table = {("book", "chat"): 3, ("book", "phone"): 30, ("fly", "chat"): 20, ("fly", "phone"): 50}
    >>> len(hidden_cells(table))
    4
    """
    secret = {cell for cell in also if cells.get(cell)}
    covered: set[Cell] = set(secret)
    while True:
        before = len(covered)
        for side in (0, 1):
            for line in {cell[side] for cell in cells}:
                own = {cell: n for cell, n in cells.items() if cell[side] == line}
                covered |= _guard(own, covered & set(own))
        for cell in solvable(cells, covered, secret):
            covered |= _neighbour(cells, covered, cell)
        if len(covered) == before:
            return covered


def solvable(cells: Mapping[Cell, int], covered: Iterable[Cell], secret: Container[Cell] = ()) -> list[Cell]:
    """The hidden cells of fewer than 5 customers, or in `secret`, whose value follows from the totals and the shown cells."""
    order = sorted(covered, key=str)
    lines = sorted({(side, cell[side]) for cell in order for side in (0, 1)}, key=str)
    known = np.array([[float(cell[side] == line) for cell in order] for side, line in lines])
    if not order:
        return []
    fixed = np.diag(np.linalg.pinv(known) @ known) > 1 - 1e-9
    return [cell for cell, sure in zip(order, fixed, strict=True) if sure and (0 < cells[cell] < FLOOR or cell in secret)]


def may_show(customers: int) -> bool:
    """Whether a number on its own rests on enough distinct customers."""
    return customers >= FLOOR


def _guard(own: Mapping[Cell, int], covered: set[Cell]) -> set[Cell]:
    """Hide the small cells of a line, keep what is hidden already, add the smallest shown until none stands alone."""
    found = covered | {cell for cell, n in own.items() if 0 < n < FLOOR}
    while found and (len(found) < 2 or sum(own[cell] for cell in found) < FLOOR):
        shown = [cell for cell, n in own.items() if cell not in found and n > 0]
        if not shown:
            break
        found.add(min(shown, key=lambda cell: (own[cell], str(cell))))
    return found


def _neighbour(cells: Mapping[Cell, int], covered: set[Cell], cell: Cell) -> set[Cell]:
    shown = [
        other for other, n in cells.items() if other not in covered and n > 0 and (other[0] == cell[0] or other[1] == cell[1])
    ]
    return {min(shown, key=lambda other: (cells[other], str(other)))} if shown else set()
