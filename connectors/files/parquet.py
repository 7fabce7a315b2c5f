"""Parquet: read row group by row group, only the columns that are mapped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.files.errors import UnreadableFile
from connectors.files.opened import Opened
from connectors.files.table import Progress, Row, Table

ROWS = 1_000


def table(opened: Opened) -> Table:
    """A Parquet file as a table; UnreadableFile when its footer does not fit (half written, renamed)."""
    try:
        with pq.ParquetFile(opened.path) as file:
            columns = list(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as fault:
        found = f"a Parquet file that does not open ({str(fault)[:80]})"
        raise UnreadableFile(opened.path, found, "a whole one", "It may be half written: copy it again.") from None

    def read(wanted: Sequence[str], progress: Progress | None = None) -> Iterator[Row]:
        number = 0
        with pq.ParquetFile(opened.path) as file:
            total = max(1, file.metadata.num_rows)
            for batch in file.iter_batches(batch_size=ROWS, columns=list(dict.fromkeys(wanted))):
                for record in batch.to_pylist():
                    number += 1
                    yield Row(number, [record[name] for name in wanted], _raw(record))
                if progress:
                    progress(opened.size * number // total)

    return Table(opened.path, opened.size, columns, "Parquet", read)


def _raw(record: dict) -> bytes:
    return json.dumps(record, default=str, ensure_ascii=False).encode("utf-8", "replace")
