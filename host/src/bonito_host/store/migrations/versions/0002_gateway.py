"""What the gateway keeps: deployments last seen, its callers, and their calls."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, String

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "listings",
        Column(
            "connection", String, ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True
        ),
        Column("name", String, primary_key=True),
        Column("deployment", JSON, nullable=False),
    )
    op.create_table(
        "callers",
        Column("id", String, primary_key=True),
        Column("name", String, nullable=False),
        Column("digest", String, nullable=False),
        Column("created_at", String, nullable=False),
        Column("revoked_at", String),
    )
    op.create_table(
        "calls",
        Column("id", Integer, primary_key=True),
        Column("at", String, nullable=False),
        Column("caller", String, nullable=False),
        Column("model", String, nullable=False),
        Column("connection", String),
        Column("deployment", String),
        Column("kind", String, nullable=False),
        Column("streamed", Boolean, nullable=False),
        Column("status", Integer, nullable=False),
        Column("failure", String),
        Column("seconds", Float, nullable=False),
        Column("input_tokens", Integer),
        Column("output_tokens", Integer),
        Column("cost", Float),
    )
