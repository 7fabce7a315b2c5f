"""A file as a table: its columns, and its rows one by one, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from connectors.files.errors import UnreadableFile
from connectors.files.lines import encoding_of
from connectors.files.opened import Opened, open_file

MOST_COLUMNS = 16_384
WHY_SO_MANY = "Check the delimiter: this looks like rows read as columns."
Progress = Callable[[int], None]


class Row(NamedTuple):
    """One record: its number in the file (from 1, the header not counted), its cells, and its bytes for quarantine.

    A record that cannot be read has no cells and a `fault`.
    """

    number: int
    cells: Sequence[Any]
    raw: bytes
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file: `shape` says in plain words how it is read; `rows(columns)` streams the cells of these columns."""

    path: Path
    size: int
    columns: list[str]
    shape: str
    read: Callable[[Sequence[str], Progress | None], Iterator[Row]]

    def rows(self, columns: Sequence[str], progress: Progress | None = None) -> Iterator[Row]:
        """Every record, in order, with the cells of `columns`; `progress` hears how many bytes of the file were read."""
        return self.read(columns, progress)


def open_table(path: Path, *, delimiter: str = "", sheet: str = "", header: Sequence[str] = ()) -> Table:
    """Open any supported file; the format shows from its bytes, never from its name.

    `delimiter` and `sheet` win over what would be found, `header` names the columns of a file without one.
    Raises UnreadableFile when it holds no table.
    """
    opened = open_file(Path(path))
    if opened.kind == "parquet":
        from connectors.files import parquet

        return _checked(parquet.table(opened))
    if opened.kind == "xlsx":
        from connectors.files import workbook

        return _checked(workbook.table(opened, sheet))
    return _checked(_text_table(opened, delimiter, header))


def unique_names(names: Sequence[Any]) -> list[str]:
    """Headers as names: stripped, empty ones numbered, repeated ones told apart.

    >>> unique_names([" id ", "", "id"])
    ['id', 'column_2', 'id_2']
    """
    out: list[str] = []
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        plain = re.sub(r"\s+", " ", str(name if name is not None else "")).strip() or f"column_{place}"
        seen[plain] = seen.get(plain, 0) + 1
        out.append(plain if seen[plain] == 1 else f"{plain}_{seen[plain]}")
    return out


def _text_table(opened: Opened, delimiter: str, header: Sequence[str]) -> Table:
    from connectors.files import delimited, jsonlines

    head = opened.head()
    if _is_binary(head):
        raise UnreadableFile(opened.path, "bytes that are no text", "CSV, TSV, JSON lines, Parquet or XLSX", "Export it anew.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return jsonlines.table(opened)
    if start.startswith(b"[") and b"{" in start[:64]:
        raise UnreadableFile(opened.path, "a JSON list", "JSON lines: one object per line", "Convert it: jq -c '.[]' FILE.")
    return delimited.table(opened, delimiter, header)


def _is_binary(head: bytes) -> bool:
    control = sum(head.count(byte) for byte in (*range(9), *range(14, 32)))
    return encoding_of(head) in ("utf-8", "cp1252") and control > 0.1 * len(head)


def _checked(table: Table) -> Table:
    if len(table.columns) > MOST_COLUMNS:
        raise UnreadableFile(table.path, f"{len(table.columns)} columns", f"at most {MOST_COLUMNS}", WHY_SO_MANY)
    return table
