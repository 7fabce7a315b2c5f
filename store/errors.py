"""The errors of the store, by what the caller must do.

StoreError
├── NewerSchema     stop: install the newer program, or restore the backup made before its migration
├── ForeignFile     stop: that database is not a store of Klantblik
├── DamagedStore    stop: restore a backup
└── StaleEpoch      stop this runner: another one took its source over
"""

from __future__ import annotations


class StoreError(Exception):
    """Anything the store refuses; the message names what was found, what was expected, and what to do."""


class NewerSchema(StoreError):
    """The store was written by a newer program; this one would misread it."""

    def __init__(self, store: str, found: str, known: str) -> None:
        super().__init__(
            f"{store}: found schema {found!r}, expected {known!r} or older. "
            "Install the newer program, or restore the backup that was made before its migration."
        )


class ForeignFile(StoreError):
    """A database that holds tables, but none that say it is a store."""

    def __init__(self, store: str, tables: list[str]) -> None:
        names = ", ".join(tables[:3])
        super().__init__(f"{store}: found tables {names}, expected an empty database or a store. Choose another --store.")


class DamagedStore(StoreError):
    """A file that is no database any more, or whose pages do not fit together."""

    def __init__(self, store: str, why: str) -> None:
        super().__init__(f"{store}: found {why}, expected a sound database. Restore it: python -m ingest restore.")


class OtherZone(StoreError):
    """The store's days and weeks are those of another time zone: adding to them would make numbers that mean nothing."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            f"zone: found a store filled in {found!r}, expected {wanted!r}. "
            f"Set company.timezone back to {found!r}, or import into a new store."
        )


class NoSuchImport(StoreError):
    """An import that this store does not know."""

    def __init__(self, import_id: int) -> None:
        super().__init__(f"import: found {import_id}, expected the number of an import of this store. See the page Sources.")


class StaleEpoch(StoreError):
    """A runner tried to commit after a newer one had taken its source over; nothing of that batch was stored."""

    def __init__(self, source: str, found: int, current: int) -> None:
        super().__init__(
            f"source {source!r}: found epoch {found}, expected {current}. Another runner reads it now; stop this one."
        )
        self.source, self.found, self.current = source, found, current
