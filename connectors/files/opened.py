"""A file opened for reading: what it really is (by its bytes, never its name), decompressed under a cap, with its progress."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from connectors.files.errors import UnreadableFile

HEAD = 64 * 1024
PART = 64 * 1024  # small enough that progress moves within a small file
ALWAYS_ALLOWED = 64 * 1024 * 1024
LARGEST_RATIO = 100
MAGIC = ((b"PK\x03\x04", "xlsx"), (b"PAR1", "parquet"), (b"\x1f\x8b", "gzip"), (b"\xd0\xcf\x11\xe0", "xls"), (b"%PDF", "pdf"))
REFUSED = {
    "xls": ("an old Excel file (.xls)", "Save it as .xlsx or CSV."),
    "pdf": ("a PDF", "Ask for the table itself, as CSV or XLSX."),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's kind (`text`, `xlsx`, `parquet`), whether it is gzipped, its size in bytes, and how to read it from the start."""

    path: Path
    kind: str
    gzipped: bool
    size: int

    def stream(self, progress: Callable[[int], None] | None = None) -> BinaryIO:
        """The decoded bytes from the start; `progress` hears how many bytes of the file were read so far."""
        counted = io.BufferedReader(_Counted(self.path, progress or _nobody), PART)
        if not self.gzipped:
            return counted  # type: ignore[return-value]
        cap = max(ALWAYS_ALLOWED, LARGEST_RATIO * self.size)
        return io.BufferedReader(_Capped(self.path, gzip.GzipFile(fileobj=counted), cap), PART)  # type: ignore[return-value]

    def head(self) -> bytes:
        """The first bytes, decoded: 64 KiB at most."""
        with self.stream() as stream:
            return stream.read(HEAD)


def open_file(path: Path) -> Opened:
    """Look at a file; UnreadableFile when it is absent, empty, a folder, or of a kind that holds no table."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError:
        raise UnreadableFile(path, "no file", "a file", "Check its name.") from None
    except OSError as fault:
        raise UnreadableFile(path, fault.strerror or str(fault), "a file that may be read") from None
    if not size:
        raise UnreadableFile(path, "an empty file", "a table with a header", "Save it again: it may be half written.")
    return _sniffed(path, start, size)


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file's bytes as they are on disk, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sniffed(path: Path, start: bytes, size: int) -> Opened:
    kind = _kind(start)
    if kind != "gzip":
        return Opened(path, _allowed(path, kind), False, size)
    inner = Opened(path, "text", True, size).head()
    if _kind(inner) != "text":
        raise UnreadableFile(path, f"a gzipped {_kind(inner)}", "a gzipped CSV or JSON file", "Unpack it first.")
    if not inner:
        raise UnreadableFile(path, "an empty file within the gzip", "a table with a header")
    return Opened(path, "text", True, size)


def _kind(start: bytes) -> str:
    return next((kind for magic, kind in MAGIC if start.startswith(magic)), "text")


def _allowed(path: Path, kind: str) -> str:
    if kind in REFUSED:
        found, todo = REFUSED[kind]
        raise UnreadableFile(path, found, "CSV, TSV, JSON lines, Parquet or XLSX", todo)
    return kind


class _Counted(io.RawIOBase):
    """The file, telling how far it was read."""

    def __init__(self, path: Path, progress: Callable[[int], None]) -> None:
        self._file, self._progress, self._read = path.open("rb", buffering=0), progress, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._file.readinto(buffer) or 0  # type: ignore[attr-defined]
        self._read += found
        self._progress(self._read)
        return found

    def close(self) -> None:
        self._file.close()
        super().close()


class _Capped(io.RawIOBase):
    """Decoded bytes, at most `cap` of them: a few kB of gzip can hold a disk full."""

    def __init__(self, path: Path, inner: gzip.GzipFile, cap: int) -> None:
        self._path, self._inner, self._cap, self._read = path, inner, cap, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            part = self._inner.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            todo = "It may be half written: copy it again, then import it again."
            raise UnreadableFile(
                self._path, f"a gzip that ends or breaks after {self._read} bytes", "a whole one", todo
            ) from None
        self._read += len(part)
        if self._read > self._cap:
            found = f"a gzip that unpacks to more than {self._cap} bytes"
            raise UnreadableFile(self._path, found, f"at most {LARGEST_RATIO} times its size", "Unpack it first if you trust it.")
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _nobody(_: int) -> None:
    return None
