"""Reading history anew after a change of words, rules, model or knots: every stored contact, in its own version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.opening import Place, now_ms
from store.corridor.soundness import totals
from store.stored import stored_rows
from store.writes import rewrite

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Rescored:
    """How far it came: contacts read and written again, the id behind which to go on, and whether it reached the end."""

    read: int
    written: int
    after: int
    finished: bool


def rescore(
    place: Place, heard: Callable[[int, int, int], bool] = lambda _done, _total, _after: True, after: int = 0
) -> Rescored:
    """Read every contact with an id above `after` anew. `heard` is told done, total and the id reached; False stops it."""
    place.learned.refresh(place.engine, place.journey.id)
    pipelines = {}
    total, read, written = totals(place.engine)["contacts"], 0, 0
    while chunk := stored_rows(place.engine, after=after, limit=CHUNK):
        rows = [row for _, row in chunk]
        for source in {row.source for row in rows} - set(pipelines):
            pipelines[source] = place.pipeline(source)
        for source, pipeline in pipelines.items():
            pipeline.reread([row for row in rows if row.source == source])
        written += rewrite(place.engine, rows, now_ms=now_ms(), zone=place.zone)
        read, after = read + len(rows), chunk[-1][0]
        if not heard(read, total, after):
            return Rescored(read, written, after, False)
    return Rescored(read, written, after, True)
