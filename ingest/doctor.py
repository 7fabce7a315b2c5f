"""The doctor: is the file sound, the schema known, do the counts add up, is the audit whole, do the rollups hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from store.corridor.soundness import count_faults, file_faults
from store.corridor.sources import held
from store.migrations import newest, schema
from store.people.audit import verify
from store.recount import recount

SHOWN = 5
RESTORE = "Stop everything, keep the file, then: python -m ingest restore FILE --replace"


class Finding(NamedTuple):
    """One check: its name, what is wrong ([]: nothing), and a remark when all is well."""

    check: str
    faults: list[str]
    remark: str = ""


def examine(engine: Any, zone: str, recounting: bool = False) -> Iterator[Finding]:
    """Every check in turn; what the file cannot answer any more is not asked."""
    file = file_faults(engine)
    yield Finding("file", [*file[:SHOWN], RESTORE] if file else [])
    if file:
        return
    found, wanted = schema(engine), newest()
    yield Finding(
        "schema", [] if found == wanted else [f"found {found}, expected {wanted}. Any writing verb migrates it."], wanted
    )
    if found != wanted:
        return
    yield Finding("counts", count_faults(engine)[:SHOWN], "received = stored + duplicates + quarantined")
    waiting = held(engine)
    yield Finding("quarantine", [], ", ".join(f"{source} holds {number:,}" for source, number in waiting.items()) or "empty")
    yield Finding("audit", [f"row {broken.id}: {broken.why}" for broken in verify(engine)][:SHOWN], "the chain is whole")
    if recounting:
        differences = recount(engine, zone)
        yield Finding("rollups", [str(each) for each in differences[:SHOWN]], "equal to a recount")
