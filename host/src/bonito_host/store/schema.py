"""The store's tables. Secrets stand in them sealed only; everything else is readable."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

stores = Table(
    "stores",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("key_id", String, nullable=False),
)
"""One row: which key the secrets are sealed with, so that a wrong one is noticed at once."""

connections = Table(
    "connections",
    metadata,
    Column("id", String, primary_key=True),
    Column("provider", String, nullable=False),
    Column("cloud", String, nullable=False),
    Column("title", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("checked_at", String),
    Column("report", JSON),
    Column("credentials", LargeBinary, nullable=False),
)

plans = Table(
    "plans",
    metadata,
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

groups = Table(
    "groups",
    metadata,
    Column("name", String, primary_key=True),
    Column("members", JSON, nullable=False),
    Column("accepted_at", String, nullable=False),
    Column("model", String),
)
"""Failover groups. Members are names of routes: a connection that is removed leaves a gap to be
told of, since the operator's order is the operator's to change; and so does one that came to lead
to another model than the group was accepted for."""

listings = Table(
    "listings",
    metadata,
    Column(
        "connection", String, ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("name", String, primary_key=True),
    Column("deployment", JSON, nullable=False),
)
"""What was last seen callable in each account, so that a start need not wait for the clouds."""

callers = Table(
    "callers",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("revoked_at", String),
)
"""Who may call the gateway. A key itself is never stored, only what recognises it."""

calls = Table(
    "calls",
    metadata,
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
"""Calls through the gateway: no prompt, no answer. What is not known is NULL, never zero."""
