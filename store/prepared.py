"""A row made ready outside the transaction: buckets, contributions and sorted sets, or the reason why it cannot be stored."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache

from store.calendar import Buckets, buckets
from store.contributions import Contribution, alone
from store.rows import Refused, Row

OPS = ("upsert", "delete")
ID_LENGTH = 500
BIG = 2**63 - 1


class BadRow(ValueError):
    """A row that no store can hold: it goes to quarantine, and the rest goes on."""


@dataclass(slots=True)
class Prepared:
    """A row with what is written of it: its buckets, themes and segments as stored, and what each observation contributes."""

    row: Row
    at: Buckets
    themes: str
    segments: str
    contributions: tuple[Contribution, ...]
    deleted: bool


def prepared(row: Row, zone: str) -> Prepared:
    """The row made ready for the company's zone; raises BadRow naming what cannot be stored, and ValueError for the zone."""
    _check_identity(row)
    _check_letters(row)
    if row.op == "delete":
        return Prepared(row, _buckets(row, zone), "", "", (), True)
    try:
        contributions = tuple([alone(seen.count, seen.weight, seen.mark, seen.value) for seen in row.observed])
    except ValueError as fault:
        raise BadRow(str(fault)) from fault
    themes, segments = _words(tuple(row.themes), "themes"), _words(tuple(row.segments), "segments")
    return Prepared(row, _buckets(row, zone), themes, segments, contributions, False)


def all_prepared(rows: Iterable[Row], zone: str) -> tuple[list[Prepared], list[Refused]]:
    """The rows made ready in their order, and those that cannot be stored with the reason."""
    buckets(0, zone)  # a wrong zone is the setting's fault, not the row's
    ready: list[Prepared] = []
    refused: list[Refused] = []
    for row in rows:
        try:
            ready.append(prepared(row, zone))
        except BadRow as fault:
            refused.append(Refused(_clean(row.stream), _as_bytes(row), _clean(str(fault))))
    return ready, refused


def _check_identity(row: Row) -> None:
    if row.op not in OPS:
        raise BadRow(f"op: found {row.op!r}, expected upsert or delete.")
    if not 0 < len(row.external_id) <= ID_LENGTH:
        raise BadRow(f"external_id: found {len(row.external_id)} characters, expected 1 to {ID_LENGTH}.")
    if not -BIG <= row.version <= BIG:
        raise BadRow(f"version: found {row.version}, expected a number of 64 bits.")


def _check_letters(row: Row) -> None:
    said = (row.source, row.stream, row.external_id, row.text, row.url, row.channel, row.author_key or "", row.case_key or "")
    joined = "\n".join((*said, row.thread_key or "", row.language, *row.themes, *row.segments))
    if "\0" in joined:
        raise BadRow("text: found a NUL character, expected none. Take it out where the text is read.")
    if not joined.isascii():
        try:
            joined.encode()
        except UnicodeEncodeError as fault:
            raise BadRow(f"text: found {fault.object[fault.start]!r}, half a character, expected whole ones.") from fault


def _buckets(row: Row, zone: str) -> Buckets:
    try:
        return buckets(row.happened_at, zone)
    except ValueError as fault:
        raise BadRow(str(fault)) from fault


@lru_cache(maxsize=4_096)
def _words(ids: tuple[str, ...], name: str) -> str:
    if not ids:
        return ""
    joined = " ".join(sorted(set(ids)))
    if len(joined.split()) != len(set(ids)):
        raise BadRow(f"{name}: found {ids!r}, expected ids without spaces, none empty.")
    return joined


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf8", "replace").decode("utf8")


def _as_bytes(row: Row) -> bytes:
    return json.dumps(asdict(row), ensure_ascii=True, default=str).encode()
