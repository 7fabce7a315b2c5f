"""Backup and restore: one file that holds a whole store, checked before it is believed, put in place whole or not at all.

The file is a zip: `manifest.json` (what it is, and a SHA-256 per part), and either `store.db` (SQLite) or `tables/NAME` as COPY
writes them (PostgreSQL). Secrets and the key of the authors are not in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from config.active import shown_store
from ingest import lock
from ingest.errors import Unfit
from ingest.opening import KEY_FACT, now_ms, store_url
from store.corridor import copies
from store.corridor.soundness import empty_log, file_faults
from store.engine import open_store, prepare
from store.errors import DamagedStore
from store.migrations import newest, schema
from store.people.facts import get_fact

FORMAT, MANIFEST, IMAGE, TABLES = 1, "manifest.json", "store.db", "tables/"
CHUNK = 1 << 20


@dataclass(slots=True)
class Manifest:
    """What a backup is: `kind` sqlite or postgresql, the schema, when it was made (UTC epoch ms), rows, checksums."""

    kind: str
    schema: str
    made_at: int
    key: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def backup(url: str, file: Path) -> Manifest:
    """Write the store at `url` to a new file, as of one moment, while everything goes on; a file that exists is not touched.

    It carries its name only when it is whole, on disk, and was read back with the right checksums.
    """
    if file.exists():
        raise Unfit(f"backup: found {file} already, expected the name of a new file.")
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".part")
    fresh.unlink(missing_ok=True)
    engine = open_store(store_url(url))
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as into:
            made = _packed(engine, into, fresh)
            into.writestr(MANIFEST, json.dumps(asdict(made), indent=1))
    finally:
        engine.dispose()
    checked(fresh)
    _on_disk(fresh)
    fresh.replace(file)
    _on_disk(file.parent)
    return made


def checked(file: Path) -> Manifest:
    """A backup's manifest, when every part has its checksum; Unfit says what is wrong with it."""
    try:
        with zipfile.ZipFile(file) as found:
            made = Manifest(**json.loads(found.read(MANIFEST)))
            wrong = [name for name, digest in made.sha256.items() if _digest(found, name) != digest]
    except FileNotFoundError:
        raise Unfit(f"restore: found no file {file}. Check the path.") from None
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as fault:
        raise Unfit(f"restore: {file} is no whole backup ({type(fault).__name__}). Take another one.") from None
    if wrong or not made.sha256:
        raise Unfit(f"restore: {file} is damaged in {', '.join(wrong) or 'its list of parts'}. Take another one.")
    if made.format != FORMAT:
        raise Unfit(f"restore: found a backup of format {made.format}, expected {FORMAT}. Use the version that made it.")
    return made


def restore(url: str, file: Path, zone: str, *, replace: bool = False) -> Manifest:
    """Put a backup in the place of the store at `url`; one that holds data only with `replace`.

    Whoever was forgotten in the present store is forgotten in the restored one too. A killed restore leaves the old store or the
    new one, and the same command again finishes it. AlreadyRuns while ingest works over the store.
    """
    url = store_url(url)
    made = checked(file)
    target = lock.file_of(url)
    if made.kind != ("sqlite" if target else "postgresql"):
        raise Unfit(f"restore: found a backup of {made.kind}, expected one of the kind of --store {shown_store(url)}.")
    with lock.only_runner(url):
        gone, version = _present(url, replace)
        with zipfile.ZipFile(file) as parts:
            if target:
                _restore_file(parts, target, gone, version, zone)
            else:
                _restore_tables(parts, url, made, gone, zone)
    return made


def _packed(engine: Any, into: zipfile.ZipFile, fresh: Path) -> Manifest:
    kind = engine.dialect.name
    made = Manifest(kind, str(schema(engine)), now_ms(), get_fact(engine, KEY_FACT))
    if kind != "sqlite":
        made.rows = copies.tables_out(engine, lambda name: _part(into, TABLES + name, made))
        return made
    copy = fresh.with_name(fresh.name + ".image")
    copy.unlink(missing_ok=True)
    try:
        copies.image(Path(str(engine.url.database)), copy)
        held = open_store(f"sqlite:///{copy}")
        try:
            made.schema, made.rows = str(schema(held)), copies.row_counts(held)
            _refuse_faults(held, "backup: the store")
            empty_log(held)
        finally:
            held.dispose()
        with copy.open("rb") as given, _part(into, IMAGE, made) as out:
            _pour(given, out)
    finally:
        _remove(copy)
    return made


@contextmanager
def _part(into: zipfile.ZipFile, name: str, made: Manifest) -> Iterator[Any]:
    with into.open(name, "w", force_zip64=True) as out:
        hashing = _Hashing(out)
        yield hashing
    made.sha256[name] = hashing.digest.hexdigest()


class _Hashing:
    def __init__(self, out: Any) -> None:
        self.digest, self._out = hashlib.sha256(), out

    def write(self, part: Any) -> None:
        self.digest.update(part)
        self._out.write(part)


def _present(url: str, replace: bool) -> tuple[copies.Gone, int]:
    """Who was forgotten in the store that is there now, and its pulse; a damaged one is set aside when it may be replaced."""
    file = lock.file_of(url)
    if file is not None and not file.exists():
        return set(), 0
    engine = open_store(url, writer=True)
    try:
        if schema(engine) is None:
            return set(), 0
        prepare(engine)
        held = copies.holds_data(engine)
        if held and not replace:
            raise Unfit(f"--store {shown_store(url)}: found a store with {held:,} contacts and promises. Add --replace to do it.")
        return copies.forgotten(engine)
    except DamagedStore:
        if not replace or file is None:
            raise
        engine.dispose()
        _set_aside(file)
        return set(), 0
    finally:
        engine.dispose()


def _restore_file(parts: zipfile.ZipFile, target: Path, gone: copies.Gone, version: int, zone: str) -> None:
    """Make the new store ready beside the old one, and only then put it in its place."""
    ready = target.with_name(target.name + ".restoring")
    _remove(ready)
    with parts.open(IMAGE) as given, ready.open("wb") as out:
        _pour(given, out)
    engine = open_store(f"sqlite:///{ready}", writer=True)
    try:
        prepare(engine)
        copies.forget_in(engine, gone, version, now_ms=now_ms(), zone=zone)
        _refuse_faults(engine, "restore: the backup")
        empty_log(engine)
    finally:
        engine.dispose()
    copies.put_image(ready, target)
    _remove(ready)


def _restore_tables(parts: zipfile.ZipFile, url: str, made: Manifest, gone: copies.Gone, zone: str) -> None:
    if made.schema != newest():
        raise Unfit(
            f"restore: found schema {made.schema}, expected {newest()}. Restore with the version that made it, then upgrade."
        )
    engine = open_store(url, writer=True)
    try:
        prepare(engine)
        copies.tables_in(engine, lambda name: parts.open(TABLES + name), gone, now_ms=now_ms(), zone=zone)
    finally:
        engine.dispose()


def _refuse_faults(engine: Any, what: str) -> None:
    found = file_faults(engine)
    if found:
        raise Unfit(f"{what} is damaged: {found[0]}. Run doctor, and restore an older backup if it is.")


def _set_aside(file: Path) -> None:
    aside = f".damaged-{now_ms()}"
    for end in ("", "-wal", "-shm"):
        part = file.with_name(file.name + end)
        if part.exists():
            part.replace(part.with_name(file.name + aside + end))


def _remove(file: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + end).unlink(missing_ok=True)


def _digest(found: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with found.open(name) as part:
        while chunk := part.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _pour(given: Any, out: BinaryIO | Any) -> None:
    while chunk := given.read(CHUNK):
        out.write(chunk)


def _on_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
