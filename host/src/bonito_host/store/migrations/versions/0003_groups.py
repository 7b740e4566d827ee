"""Failover groups."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, Column, String

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "groups",
        Column("name", String, primary_key=True),
        Column("members", JSON, nullable=False),
        Column("accepted_at", String, nullable=False),
    )
