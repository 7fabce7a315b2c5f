"""The knots of this store: the newest version that was calibrated on its own customers, else the shipped ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, insert, select

from metrics.knots import KnotsBook, default_knots, load_knots
from store.corridor.jobs import ask_within
from store.people.audit import record
from store.people.writing import writing
from store.tables import KnotsVersion


def current_book(engine: Engine) -> KnotsBook:
    """The knots by which this store turns values into marks."""
    with engine.connect() as connection:
        data = connection.scalar(select(KnotsVersion.data).order_by(KnotsVersion.version.desc()).limit(1))
    return _book(data) if data else default_knots()


def save_book(engine: Engine, book: KnotsBook, who: str, now_ms: int) -> None:
    """Keep a version of the knots from now on, and have what is stored read anew by it. ConfigError for a line that is none."""
    raw = {"version": book.version, **book.raw}
    load_knots(raw)
    with writing(engine, now_ms) as connection:
        data = json.dumps(raw, ensure_ascii=False)
        connection.execute(insert(KnotsVersion).values(version=book.version, data=data, made_by=who, at=now_ms))
        record(connection, who, "calibrate", f"knots {book.version}", _calibrated(book.raw), now_ms)
        ask_within(connection, "rescore", {}, now_ms)


@lru_cache(maxsize=4)
def _book(data: str) -> KnotsBook:
    return load_knots(json.loads(data))


def _calibrated(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: entry["knots"] for name, entry in raw.items() if entry["basis"] == "calibrated"}
