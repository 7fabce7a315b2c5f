"""Cases: the observations of one case share one contribution, also when they arrive in different batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from store.bulk import among, insert_rows, update_rows
from store.calendar import Buckets
from store.contributions import Contribution, Value, of_case
from store.differences import Cell, Differences
from store.rows import Observed
from store.tables import Observation

OBSERVATION: Any = Observation.__table__
SUMS = Contribution._fields
RAW = (
    *("contact_id", "metric", "value", "count", "weight", "mark", "knots", "journey", "stage", "channel", "segments", "case_key"),
    *("happened_at", *Buckets._fields, "bin"),
)
Group = tuple[str, str, str, str, str, str]  # case_key, journey, stage, channel, metric, segments: counts as one
AFTER_ALL_STORED = 2**62
STORED = [column.label("cases") if column.name == "count" else column for column in OBSERVATION.c]  # Row.count is a method


class Place(NamedTuple):
    """Where and when a contact's observations count: their columns from `journey` to `week`."""

    journey: str
    stage: str
    channel: str
    segments: str
    case_key: str | None
    happened_at: int
    minute: int
    hour: int
    day: int
    week: int


@dataclass(slots=True)
class Fresh:
    """Observations about to be inserted: raw columns, cells and contributions side by side, and who shares a case."""

    raw: list[tuple[Any, ...]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    groups: dict[Group, list[int]] = field(default_factory=lambda: defaultdict(list))

    def put(self, contact_id: int, place: Place, seen: Sequence[Observed], contributions: Sequence[Contribution]) -> None:
        """Add the observations of a contact at a place."""
        journey, stage, channel, segments, case_key, _, *at = place
        where = (*at, journey, stage, channel, segments)
        for o in seen:
            if case_key is not None:
                self.groups[case_key, journey, stage, channel, o.metric, segments].append(len(self.raw))
            self.raw.append((contact_id, o.metric, o.value, o.count, o.weight, o.mark, o.knots, *place, o.bin))
            self.cells.append((*where, o.metric, o.bin))
        self.contributions += contributions

    def value(self, index: int) -> Value:
        """What the contribution of one of them is computed from; its id comes after all that are stored."""
        row = self.raw[index]
        return Value(row[12], row[17], AFTER_ALL_STORED + index, row[3], row[4], row[5], row[2])

    def insert(self, connection: Connection, differences: Differences) -> None:
        """Write them, and add what they contribute."""
        for cell, contribution in zip(self.cells, self.contributions, strict=True):
            if contribution.n or any(contribution):
                differences.add(cell, contribution)
        rows = [raw + contribution for raw, contribution in zip(self.raw, self.contributions, strict=True)]
        insert_rows(connection, OBSERVATION, (*RAW, *SUMS), rows)


def share_cases(connection: Connection, fresh: Fresh, touched: Iterable[Group], differences: Differences) -> None:
    """Give each touched case its contribution again, over fresh and stored observations together."""
    groups = fresh.groups.keys() | set(touched)
    if not groups:
        return
    stored = _stored(connection, groups)
    changed: list[tuple[int, ...]] = []
    for group in groups:
        new, old = fresh.groups.get(group, []), stored.get(group, [])
        if old or len(new) > 1:
            changed += _share(fresh, new, old, differences)
    update_rows(connection, OBSERVATION, SUMS, changed)


def _share(fresh: Fresh, new: list[int], old: Sequence[Any], differences: Differences) -> list[tuple[int, ...]]:
    values = [*(fresh.value(index) for index in new), *(value_of(row) for row in old)]
    contributions = of_case(values)
    for index, contribution in zip(new, contributions, strict=False):
        fresh.contributions[index] = contribution
    changed: list[tuple[int, ...]] = []
    for row, after in zip(old, contributions[len(new) :], strict=True):
        before = contribution_of(row)
        if after != before:
            differences.take(cell_of(row), before)
            differences.add(cell_of(row), after)
            changed.append((*after, row.id))
    return changed


def _stored(connection: Connection, groups: Iterable[Group]) -> dict[Group, list[Any]]:
    wanted = set(groups)
    found: dict[Group, list[Any]] = defaultdict(list)
    query = select(*STORED).where(among(connection, OBSERVATION.c.case_key, {group[0] for group in wanted}))
    for row in connection.execute(query):
        group = group_of(row)
        if group in wanted:
            found[group].append(row)
    return found


def group_of(row: Any) -> Group:
    """The group of a stored observation that has a case."""
    return (row.case_key, row.journey, row.stage, row.channel, row.metric, row.segments)


def cell_of(row: Any) -> Cell:
    """The cell of a stored observation."""
    at = (row.minute, row.hour, row.day, row.week)
    return (*at, row.journey, row.stage, row.channel, row.segments, row.metric, row.bin)


def value_of(row: Any) -> Value:
    """What the contribution of a stored observation is computed from."""
    return Value(row.happened_at, row.bin, row.id, row.cases, row.weight, row.mark, row.value)


def contribution_of(row: Any) -> Contribution:
    """The contribution that a stored observation carries."""
    return Contribution(row.n, row.w, row.w2, row.m1, row.m2, row.v)
