"""Pairs: what was measured in a case beside the mark that its customer gave, to calibrate the one on the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import aliased

from store.engine import reading
from store.tables import Observation

AT_MOST = 20_000
Pairs = tuple[np.ndarray, np.ndarray]


def mark_pairs(engine: Engine, journey: str, measured: str, given: Sequence[str], at_most: int = AT_MOST) -> dict[str, Pairs]:
    """Per channel the values of `measured` and the mean mark the same case's customer gave by the metrics `given`, newest first.

    Only single answered values count, at most `at_most` cases of all channels together; both arrays are of one length.
    """
    raw, mark = aliased(Observation), aliased(Observation)
    query = select(raw.channel, func.avg(raw.value), func.avg(mark.mark))
    query = query.join(mark, (mark.case_key == raw.case_key) & (mark.journey == raw.journey))
    query = query.where(raw.journey == journey, raw.metric == measured, raw.bin >= 0, raw.count == 1, raw.case_key != "")
    query = query.where(mark.metric.in_(list(given)), mark.mark.is_not(None), mark.count == 1)
    newest = func.max(raw.happened_at).desc()
    query = query.group_by(raw.channel, raw.case_key).order_by(newest, raw.case_key).limit(at_most)
    found: dict[str, list[tuple[float, float]]] = {}
    with reading(engine) as connection:
        for channel, value, said in connection.execute(query):
            found.setdefault(channel, []).append((float(value), float(said)))
    return {channel: (np.array([a for a, _ in rows]), np.array([b for _, b in rows])) for channel, rows in found.items()}
