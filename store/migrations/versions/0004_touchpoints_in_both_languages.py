"""How a touchpoint is and how it should be, in both languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Name the words' language (they were asked in Dutch first) and add the other one."""
    for name in ("as_is", "to_be"):
        op.execute(f"ALTER TABLE touchpoint RENAME COLUMN {name} TO {name}_nl")
        op.add_column("touchpoint", sa.Column(f"{name}_en", sa.Text(), nullable=False, server_default=""))
