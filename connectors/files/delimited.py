"""CSV and TSV: delimiter found from the file, quotes that never close kept from swallowing the rest, a reason per bad row."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import islice

from connectors.files.errors import UnreadableFile
from connectors.files.lines import LONGEST_LINE, Line, encoding_of, read_lines
from connectors.files.opened import Opened
from connectors.files.table import Progress, Row, Table, unique_names

DELIMITERS = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE_LINES = 100
MOST_LINES = 1_000
LONGEST_RECORD = 256 * 1024
HINT = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
UNCLOSED = "a quote is opened and not closed within the record"


class _Unclosed(Exception):
    """The present record never ends."""


class _Broken(Exception):
    """The next line cannot be read at all."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.fault)
        self.line = line


class _Feed:
    """Lines for csv.reader, remembering what the present record took, so that a broken record can be given back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines, self._back, self.taken, self._size = lines, deque[Line](), list[Line](), 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES or self._size > LONGEST_RECORD:
            raise _Unclosed
        line = self._back.popleft() if self._back else next(self._lines, None)
        if line is None:
            if self.taken:
                raise _Unclosed
            raise StopIteration
        if line.fault:
            return self._refuse(line)
        self.taken.append(line)
        self._size += len(line.text)
        return line.text

    def start(self) -> None:
        """Begin a new record."""
        self.taken.clear()
        self._size = 0

    def give_back(self) -> Line:
        """Give all but the first line of the record back, and return that first line."""
        first, *rest = self.taken
        self._back.extendleft(reversed(rest))
        return first

    def _refuse(self, line: Line) -> str:
        if self.taken:
            self._back.appendleft(line)
            raise _Unclosed
        raise _Broken(line)


def table(opened: Opened, delimiter: str = "", header: Sequence[str] = ()) -> Table:
    """A delimited file as a table; UnreadableFile when its first record cannot be a header."""
    head = opened.head()
    encoding = encoding_of(head)
    sample = [line.text for line in _sample(head, encoding)]
    hinted = HINT.match(sample[0]) if sample else None
    delimiter = delimiter or (hinted[1] if hinted else delimiter_of(sample))
    skipped = 1 if hinted else 0
    columns = unique_names(header) if header else _header(opened, encoding, delimiter, skipped)
    shape = f"{NAMES.get(delimiter, repr(delimiter))}-separated, {encoding}{', gzipped' if opened.gzipped else ''}"

    def read(wanted: Sequence[str], progress: Progress | None = None) -> Iterator[Row]:
        places = [columns.index(name) for name in wanted]
        with opened.stream(progress) as stream:
            lines = read_lines(stream, encoding)
            records = islice(_records(_Feed(lines), delimiter, len(columns)), skipped + (0 if header else 1), None)
            for row in records:
                yield row if row.fault else row._replace(cells=[row.cells[place] for place in places])

    return Table(opened.path, opened.size, columns, shape, read)


def delimiter_of(sample: Sequence[str]) -> str:
    """The delimiter under which the sample's records have the same number of fields, above one; a comma when none does.

    >>> delimiter_of(["a;b", "1,5;x", "2,5;y"])
    ';'
    """
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        widths = Counter(len(record) for record in _plain_records(sample, candidate) if record)
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        score = (times / widths.total()) ** 2 * min(width - 1, 20) ** 0.5
        if score > best_score:
            best, best_score = candidate, score
    return best


def _plain_records(sample: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(sample, delimiter=delimiter))
    except csv.Error:
        return []


def _sample(head: bytes, encoding: str) -> list[Line]:
    lines = list(read_lines(io.BytesIO(head), encoding))
    whole = lines if len(head) < 64 * 1024 else lines[:-1]
    return whole[:SAMPLE_LINES] or lines


def _header(opened: Opened, encoding: str, delimiter: str, skipped: int) -> list[str]:
    with opened.stream() as stream:
        first = next(islice(_records(_Feed(read_lines(stream, encoding)), delimiter), skipped, None), None)
    if first is None or first.fault or not any(cell.strip() for cell in first.cells):
        why = first.fault if first else "no line at all"
        raise UnreadableFile(opened.path, why or "an empty first line", "a header with the names of the columns")
    return unique_names(first.cells)


def _records(feed: _Feed, delimiter: str, width: int = 0) -> Iterator[Row]:
    """Records with their cells or their fault, numbered by the line where they begin; blank lines are none.

    A record of several lines with too many or too few fields began with a stray quote: its first line is bad, the rest
    is read again.
    """
    csv.field_size_limit(2 * LONGEST_LINE)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.start()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_Broken, _Unclosed, csv.Error) as fault:
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
            if isinstance(fault, _Broken | _Unclosed) or len(feed.taken) > 1:
                yield _bad(feed, fault)
                continue
            cells = _loosely(feed.taken[0].text, delimiter)
        if not cells:
            continue
        ragged = _ragged(cells, width)
        if ragged and len(feed.taken) > 1:
            yield _bad(feed, _Unclosed())
        else:
            yield Row(feed.taken[0].number, cells, _raw(feed.taken), ragged)


def _bad(feed: _Feed, fault: Exception) -> Row:
    if isinstance(fault, _Broken):
        return Row(fault.line.number, (), fault.line.raw, fault.line.fault)
    line = feed.give_back()
    return Row(line.number, (), line.raw, UNCLOSED)


def _loosely(text: str, delimiter: str) -> list[str]:
    """One line with words after a closing quote (`"so"called`), which other programs accept too."""
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return [text]


def _raw(taken: Sequence[Line]) -> bytes:
    return taken[0].raw if len(taken) == 1 else b"".join(line.raw for line in taken)


def _ragged(cells: list[str], width: int) -> str:
    """Why a record does not fit the header, '' when it does; empty fields past the header's end do no harm."""
    if not width or len(cells) == width or (len(cells) > width and not any(cells[width:])):
        return ""
    return f"the record has {len(cells)} fields, the header {width}"
