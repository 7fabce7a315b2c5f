"""Forgetting a customer: what they said is emptied, what waits in quarantine is deleted, and nothing of them is stored again."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ingest.keys import EVERYWHERE, keyed
from ingest.opening import Place, now_ms
from store.corridor.quarantine import drop_with
from store.corridor.soundness import empty_log
from store.erasing import erase
from store.reads.sources import read_sources


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten: contacts emptied and payloads deleted from quarantine."""

    contacts: int
    payloads: int


def forget(place: Place, author: str, source: str = "") -> Forgotten:
    """Forget the author with this id at a source ('' is: at every source), now and for all that comes later."""
    names = [source] if source else [each.source for each in read_sources(place.engine)]
    if author.startswith(EVERYWHERE):
        contacts = erase(place.engine, "", [keyed(place.key, "", author)], now_ms=now_ms(), zone=place.zone)
    else:
        contacts = sum(_at(place, name, author) for name in names)
    payloads = drop_with(place.engine, source, _written(author), now_ms())
    empty_log(place.engine)
    return Forgotten(contacts, payloads)


def _at(place: Place, source: str, author: str) -> int:
    return erase(place.engine, source, [keyed(place.key, source, author)], now_ms=now_ms(), zone=place.zone)


def _written(author: str) -> list[bytes]:
    """The ways in which a payload may spell the id: as it is, in JSON, in Windows' encoding."""
    ways = {author.encode(), json.dumps(author)[1:-1].encode(), author.encode("cp1252", "ignore")}
    return sorted(way for way in ways if way)
