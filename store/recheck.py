"""Rechecking: what each stored observation and theme should contribute, computed again from the raw columns alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, or_, select

from store.calendar import Buckets, buckets
from store.cases import OBSERVATION, STORED, contribution_of, group_of, value_of
from store.contributions import of_case, of_themes
from store.evidence import CONTACT, MARKED, PLACEMENT

STREAM = 5_000  # rows in memory at a time
Wrong = tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]


def wrong_contributions(connection: Connection, zone: str) -> Iterator[Wrong]:
    """Observations whose buckets or contribution are not what their raw columns give: (key, expected, found)."""
    order = [OBSERVATION.c[name] for name in ("case_key", "journey", "stage", "channel", "metric", "segments", "id")]
    for _, case in groupby(_stream(connection, select(*STORED).order_by(*order)), _shares):
        rows = list(case)
        for row, contribution in zip(rows, of_case([value_of(row) for row in rows]), strict=True):
            expected = (*buckets(row.happened_at, zone), *contribution)
            found = (row.minute, row.hour, row.day, row.week, *contribution_of(row))
            if expected != found:
                yield _key(row), expected, found


def stray_observations(connection: Connection) -> Iterator[Wrong]:
    """Observations that disagree with their contact or its placement: (key, expected, found)."""
    same = ("channel", "segments", "happened_at", "case_key")
    expected = [*(CONTACT.c[name] for name in same), func.coalesce(PLACEMENT.c.stage, ""), CONTACT.c.deleted_at]
    found = [*(OBSERVATION.c[name] for name in same), OBSERVATION.c.stage]
    differ = [left.is_distinct_from(right) for left, right in zip(expected, found, strict=False)]
    placed = (PLACEMENT.c.contact_id == CONTACT.c.id) & (PLACEMENT.c.journey == OBSERVATION.c.journey)
    query = select(*STORED, *(column.label(f"should_{i}") for i, column in enumerate(expected)))
    query = query.select_from(OBSERVATION.join(CONTACT, OBSERVATION.c.contact_id == CONTACT.c.id).outerjoin(PLACEMENT, placed))
    for row in connection.execute(query.where(or_(*differ, CONTACT.c.deleted_at.is_not(None)))):
        yield _key(row), tuple(row[-len(expected) :]), (*(getattr(row, name) for name in same), row.stage, None)


def theme_rows(connection: Connection, zone: str) -> Iterator[tuple[Any, ...]]:
    """What every contact adds to its themes: buckets, journey, stage, channel, theme, n, nm, m1."""
    journey, stage = (func.coalesce(PLACEMENT.c[name], "").label(name) for name in ("journey", "stage"))
    query = select(CONTACT.c.id, CONTACT.c.themes, CONTACT.c.channel, CONTACT.c.happened_at, journey, stage, OBSERVATION.c.mark)
    marked = (OBSERVATION.c.contact_id == CONTACT.c.id) & (OBSERVATION.c.metric == MARKED) & (OBSERVATION.c.journey == journey)
    joined = CONTACT.outerjoin(PLACEMENT, PLACEMENT.c.contact_id == CONTACT.c.id).outerjoin(OBSERVATION, marked)
    query = query.select_from(joined).where(CONTACT.c.themes != "", CONTACT.c.kind == "contact")
    for _, rows in groupby(_stream(connection, query.order_by(CONTACT.c.id, journey)), lambda row: (row.id, row.journey)):
        seen = list(rows)
        first, amount = seen[0], of_themes([row.mark for row in seen])
        at: Buckets = buckets(first.happened_at, zone)
        for theme in first.themes.split():
            yield (*at, first.journey, first.stage, first.channel, theme, *amount)


def _stream(connection: Connection, query: Any) -> Iterator[Any]:
    yield from connection.execute(query.execution_options(yield_per=STREAM))


def _shares(row: Any) -> Any:
    return row.id if row.case_key is None else group_of(row)


def _key(row: Any) -> tuple[Any, ...]:
    return (row.id, row.contact_id, row.metric, row.journey, row.stage)
