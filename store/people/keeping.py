"""How long each source's customers may be recognised: days, chosen by a person, after which words and traces are wiped."""

from __future__ import annotations

import json

from sqlalchemy import Connection, Engine, select

from store.people.audit import record
from store.people.errors import Refused
from store.people.facts import get_fact, read_fact, write_fact
from store.people.writing import writing
from store.tables import SourceState

FACT = "keep_days"
# A week, for the voices of the week that is over; five years, after which a claim out of a contract lapses (art. 3:307 BW).
SHORTEST, LONGEST = 7, 1826


def keep_days(engine: Engine) -> dict[str, int]:
    """Days by source; a source without any keeps its contacts until it, or the customer, deletes them."""
    return dict(json.loads(get_fact(engine, FACT) or "{}"))


def set_keep_days(engine: Engine, source: str, days: int | None, who: str, now_ms: int) -> dict[str, int]:
    """Choose for a source how many days (7 to 1826) its contacts stay whole; None takes the choice back. Raises Refused."""
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or not SHORTEST <= days <= LONGEST):
        raise Refused(
            f"days: found {days!r}, expected {SHORTEST} to {LONGEST}, or none. Choose a number between them.",
            what="keep_days",
            found=days,
            low=SHORTEST,
            high=LONGEST,
        )
    with writing(engine, now_ms) as connection:
        _check_source(connection, source)
        chosen = dict(json.loads(read_fact(connection, FACT) or "{}"))
        before = chosen.pop(source, None)
        kept = chosen if days is None else {**chosen, source: days}
        write_fact(connection, FACT, json.dumps(kept, sort_keys=True))
        record(connection, who, "set", f"retention {source}", {"before": before, "after": days}, now_ms)
    return kept


def _check_source(connection: Connection, source: str) -> None:
    known = sorted(connection.scalars(select(SourceState.source)))
    if source not in known:
        told = f"source: found {source!r}, expected one of {', '.join(known) or 'none: nothing was connected yet'}."
        raise Refused(f"{told} Choose a source of this store.", what="keep_source", found=source)
