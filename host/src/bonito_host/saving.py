"""Storing a connection once its credentials were accepted; never before."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bonito_host.store.store import Store
from bonito_providers.connection import Connection
from bonito_providers.report import CredentialReport, FieldChange

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
ID_RULE = "up to 64 letters, digits, dots, hyphens and underscores"


def fits_as_id(text: str) -> bool:
    """Tell whether a connection may be called that: `ID_RULE`, a letter or digit first."""
    return _ID.fullmatch(text) is not None


def accepted(report: CredentialReport) -> bool:
    """Tell whether the credentials authenticated, each of those that were tried."""
    return report.accepted


def save_checked(
    store: Store,
    connection: Connection,
    report: CredentialReport,
    *,
    replace: bool,
    tell: Callable[[FieldChange], None] = lambda _change: None,
) -> None:
    """Store a connection whose report is `accepted`, with the changes that a call proved.

    Args:
        store: Where to.
        connection: As it was checked.
        report: What the check found.
        replace: Whether one of that id may be there.
        tell: Told of each change of a field.

    Raises:
        RecordExists: The id is taken.
    """
    provider = connection.provider
    fields = {**provider.info.selector, **connection.credentials.reveal()}
    for change in report.proposals:
        if change.proved:
            tell(change)
            fields[change.field] = change.proposed
    # Read once more: a proposal has to fit the schema as what a person types has.
    credentials = {**fields, **provider.read_credentials(fields).reveal()}
    store.connections.save(
        connection.id,
        provider=provider.info.name,
        cloud=provider.info.cloud,
        title=provider.info.title,
        credentials=credentials,
        report=summary(report),
        replace=replace,
    )


def summary(report: CredentialReport) -> dict[str, Any]:
    """Return the report as it is stored: what a page shows of the last check."""
    return {
        "usable": report.usable,
        "verdicts": {item.name: item.verdict.value for item in report.items},
        **report.model_dump(mode="json", include={"items", "notes", "facts"}),
    }
