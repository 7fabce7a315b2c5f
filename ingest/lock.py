"""One running ingest per SQLite file: a lock that the system lets go of when its process ends, however it ends.

Over PostgreSQL several machines may try: there the epoch of each source decides (a newer runner takes it over).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import AlreadyRuns

SQLITE = "sqlite:///"


def file_of(url: str) -> Path | None:
    """The file of a SQLite store's address; None for a store in memory or on a server."""
    path = url.removeprefix(SQLITE).partition("?")[0]
    return Path(path) if url.startswith(SQLITE) and path and path != ":memory:" else None


@contextmanager
def only_runner(url: str) -> Iterator[None]:
    """Hold the store's lock while the block runs; AlreadyRuns names the process that holds it."""
    file = file_of(url)
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(file.name + ".ingest").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.seek(0)
            raise AlreadyRuns(
                f"--store {url}: found another ingest running over it (process {held.read().strip() or 'unknown'}), "
                "expected none. Stop that one first; it needs no more than 2 seconds."
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
