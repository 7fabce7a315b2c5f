"""Models that this company trained on its own corrections, kept in its store: one of each name, replaced by the next."""

from __future__ import annotations

import base64

from sqlalchemy import Engine, delete, insert, select

from store.engine import reading, writing
from store.tables import Result

KIND = "model "


def keep_model(engine: Engine, name: str, file: bytes, now_ms: int) -> None:
    """Keep a model's file under a name (`sentiment`, `stage-airline`) instead of the one before it."""
    row = {"name": KIND + name, "as_of": now_ms, "data": base64.b64encode(file).decode()}
    with writing(engine) as connection:
        connection.execute(delete(Result).where(Result.name == KIND + name))
        connection.execute(insert(Result).values(**row))


def kept_model(engine: Engine, name: str) -> bytes | None:
    """The file of the model kept under that name; None when this company has trained none."""
    with reading(engine) as connection:
        data = connection.scalar(select(Result.data).where(Result.name == KIND + name))
        return base64.b64decode(data) if data else None
