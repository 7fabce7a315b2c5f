"""Writes store/migrations/first/*.sql from the tables in code: only until the first release; after that, write a migration."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from store.tables import Base

FIRST = Path(__file__).resolve().parent / "first"


def main() -> None:
    """Write one file per database."""
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        statements: list[str] = []
        for table in Base.metadata.sorted_tables:
            statements.append(str(CreateTable(table).compile(dialect=dialect)))
            statements += [str(CreateIndex(i).compile(dialect=dialect)) for i in sorted(table.indexes, key=lambda i: str(i.name))]
        lines = (line.rstrip() for s in statements for line in f"{s.strip()};\n".splitlines())
        (FIRST / f"{dialect.name}.sql").write_text("\n".join(line for line in lines if line) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
