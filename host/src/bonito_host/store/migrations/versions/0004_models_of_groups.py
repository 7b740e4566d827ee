"""The model that a failover group was accepted for."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; which model the groups so far were accepted for is not known any more."""
    op.add_column("groups", Column("model", String))
