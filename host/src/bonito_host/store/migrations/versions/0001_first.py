"""Connections and plans."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables as they were before there were migrations."""
    op.create_table(
        "stores",
        Column("id", Integer, primary_key=True),
        Column("schema_version", Integer, nullable=False),
        Column("key_id", String, nullable=False),
    )
    op.create_table(
        "connections",
        Column("id", String, primary_key=True),
        Column("provider", String, nullable=False),
        Column("cloud", String, nullable=False),
        Column("title", String, nullable=False),
        Column("created_at", String, nullable=False),
        Column("checked_at", String),
        Column("report", JSON),
        Column("credentials", LargeBinary, nullable=False),
    )
    op.create_table(
        "plans",
        Column("id", String, primary_key=True),
        Column(
            "connection",
            String,
            ForeignKey("connections.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        Column("name", String, nullable=False),
        Column("ref", JSON, nullable=False),
        Column("plan", JSON, nullable=False),
        Column("status", String, nullable=False, index=True),
        Column("reason", Text, nullable=False, default=""),
        Column("deployment", JSON),
        Column("operation", LargeBinary),
        Column("created_at", String, nullable=False),
        Column("updated_at", String, nullable=False),
    )
