"""Following a log file over rotations and truncations: lines in order, each once, and a place that survives a restart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST_LINE = 65_536
PACKED = (".gz", ".xz", ".bz2", ".zst")


@dataclass(slots=True)
class Place:
    """Where reading stands: the file (by inode), how many bytes of it were read, and the hash of the last line before that."""

    inode: int = 0
    offset: int = 0
    last: str = ""

    @classmethod
    def of(cls, text: str | None) -> Place:
        """The place from its JSON; the beginning when there is none."""
        return cls(**json.loads(text)) if text else cls()

    def __str__(self) -> str:
        return json.dumps({"inode": self.inode, "offset": self.offset, "last": self.last})


def files_from(path: Path, place: Place) -> tuple[list[Path], bool]:
    """The files still to be read, oldest first (the old inode is finished before the new one), and whether the place was lost.

    Rotated files are those beside `path` whose name begins with its name; packed ones are passed over. Without a place all are
    read. The place is found by inode and last line, or after a copy-and-truncate in the copy that holds the same line there.
    """
    beside = [file for file in path.parent.glob(path.name + "*") if file.is_file() and file.suffix not in PACKED]
    files = sorted(beside, key=lambda file: (file == path, file.stat().st_mtime_ns, file.name))
    if not place.inode:
        return files, False
    for wanted in (True, False):
        for at, file in enumerate(files):
            if (file.stat().st_ino == place.inode) is wanted and _holds(file, place):
                return files[at:], False
    return files, True


def lines_of(file: Path, place: Place, most: int) -> Iterator[bytes]:
    """Up to `most` whole lines of a file after the place, which moves along; a half-written last line waits for its end."""
    with file.open("rb") as source:
        inode = file.stat().st_ino
        if place.inode != inode and not _holds(file, place):
            place.offset, place.last = 0, ""
        place.inode = inode
        source.seek(place.offset)
        for _ in range(most):
            line = source.readline(LONGEST_LINE)
            if not line.endswith(b"\n") and len(line) < LONGEST_LINE:
                return
            place.offset, place.last = place.offset + len(line), _hash(line)
            yield line


def _holds(file: Path, place: Place) -> bool:
    if not place.offset:
        return file.stat().st_ino == place.inode
    if file.stat().st_size < place.offset:
        return False
    with file.open("rb") as source:
        source.seek(max(0, place.offset - LONGEST_LINE))
        read = source.read(place.offset - source.tell())
    return _hash(read[read[:-1].rfind(b"\n") + 1 :]) == place.last


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:32]
