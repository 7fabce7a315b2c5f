"""XLSX: one sheet, streamed; a formula counts as the value that the program last saved, and never runs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from connectors.files.errors import UnreadableFile
from connectors.files.opened import ALWAYS_ALLOWED, LARGEST_RATIO, Opened
from connectors.files.table import Progress, Row, Table, unique_names

IN_MEMORY = 32 * 1024 * 1024
ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"))


def table(opened: Opened, sheet: str = "") -> Table:
    """The sheet named `sheet` (else the first) as a table; UnreadableFile for a broken workbook or a zip bomb."""
    _check_size(opened)
    with closing(_load(opened)) as book:
        if sheet and sheet not in book.sheetnames:
            raise UnreadableFile(
                opened.path, f"no sheet {sheet!r}", f"one of {', '.join(book.sheetnames)}", "Choose with --sheet."
            )
        name = sheet or book.sheetnames[0]
        first = next(book[name].iter_rows(values_only=True), None)
    if not first or not any(cell is not None for cell in first):
        raise UnreadableFile(opened.path, f"an empty sheet {name!r}", "a header with the names of the columns")
    columns = unique_names(_trimmed(first))

    def read(wanted: Sequence[str], progress: Progress | None = None) -> Iterator[Row]:
        places = [columns.index(column) for column in wanted]
        with closing(_load(opened)) as book:
            total = max(1, book[name].max_row or 1)
            for number, cells in enumerate(islice(book[name].iter_rows(values_only=True), 1, None), 2):
                if progress and number % 1_000 == 0:
                    progress(opened.size * min(number, total) // total)
                if any(cell is not None for cell in cells):
                    yield _row(number, cells, columns, places)

    return Table(opened.path, opened.size, columns, f"XLSX, sheet {name!r}", read)


def _row(number: int, cells: Sequence[Any], columns: list[str], places: list[int]) -> Row:
    raw = json.dumps(dict(zip(columns, cells, strict=False)), default=str, ensure_ascii=False).encode("utf-8", "replace")
    values = [cells[place] if place < len(cells) else None for place in places]
    broken = next((value for value in values if isinstance(value, str) and value in ERRORS), "")
    return Row(number, values, raw, f"a cell holds the error {broken}" if broken else "")


def _trimmed(cells: Sequence[Any]) -> list[Any]:
    last = max(place for place, cell in enumerate(cells) if cell is not None)
    return list(cells[: last + 1])


def _load(opened: Opened) -> Any:
    try:
        # As a stream: openpyxl would refuse a workbook by its name.
        stream = io.BytesIO(opened.path.read_bytes()) if opened.size < IN_MEMORY else opened.path.open("rb")
        return openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as fault:
        found = f"a workbook that does not open ({str(fault)[:80]})"
        raise UnreadableFile(opened.path, found, "a whole .xlsx", "It may be half written: save it again.") from None


def _check_size(opened: Opened) -> None:
    try:
        with zipfile.ZipFile(opened.path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile:
        raise UnreadableFile(opened.path, "a broken zip", "a whole .xlsx", "It may be half written: save it again.") from None
    if unpacked > max(ALWAYS_ALLOWED, LARGEST_RATIO * opened.size):
        raise UnreadableFile(opened.path, f"a workbook that unpacks to {unpacked} bytes", "one that is not a zip bomb")
