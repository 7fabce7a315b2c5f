"""The first schema, as SQL that was written down once and no longer follows the tables in code."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

FIRST = Path(__file__).resolve().parent.parent / "first"


def upgrade() -> None:
    """Make every table of the first schema, in the SQL of the database at hand."""
    for statement in (FIRST / f"{op.get_bind().dialect.name}.sql").read_text(encoding="utf8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute("INSERT INTO pulse (id, version, at) VALUES (1, 0, 0)")
