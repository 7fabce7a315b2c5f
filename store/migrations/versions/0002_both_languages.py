"""What people write of promises, changes and meetings in both languages, and the moment of a change's customer check."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PAIRS = (("change", "why"), ("change", "customer_check"), ("meeting", "notes"), ("one_thing", "outcome"))
# The form once offered "a small thing" as a kind, and the demo had two kinds that no form knows.
KINDS = {"small": "process", "system": "software", "communication": "message"}
CHANGE = sa.table("change", sa.column("kind", sa.String()), sa.column("small", sa.Boolean()))
DECIDED = (
    "UPDATE change SET checked_at = COALESCE((SELECT max(audit.at) FROM audit"
    " WHERE audit.action = 'decided' AND audit.subject = 'change ' || change.code), 0) WHERE customer_check_nl <> ''"
)


def upgrade() -> None:
    """Name the words' language (they were asked in Dutch first), add the other one, and find when customers were asked."""
    for table, name in PAIRS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {name} TO {name}_nl")
        op.add_column(table, sa.Column(f"{name}_en", sa.Text(), nullable=False, server_default=""))
    for name in ("campaign", "said_where"):
        op.execute(f"ALTER TABLE promise_version RENAME COLUMN {name} TO {name}_nl")
        op.add_column("promise_version", sa.Column(f"{name}_en", sa.String(), nullable=False, server_default=""))
    few = sa.text("provenance = 'employee'")
    op.create_index("ix_contact_employee", "contact", ["happened_at"], sqlite_where=few, postgresql_where=few)
    op.add_column("change", sa.Column("checked_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(DECIDED)
    op.execute(CHANGE.update().where(CHANGE.c.kind == "small").values(small=True))
    for old, new in KINDS.items():
        op.execute(CHANGE.update().where(CHANGE.c.kind == old).values(kind=new))
