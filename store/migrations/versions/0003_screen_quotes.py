"""What customers say may be shown on one screen and not on another: each screen's own rule for quotes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Every screen follows the house until somebody chooses otherwise."""
    op.add_column("wall", sa.Column("quotes", sa.String(), nullable=False, server_default=""))
