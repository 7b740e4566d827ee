"""Which connection to examine; what keeps it from opening is a finding, not an error."""

from __future__ import annotations

import difflib
import json
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from pydantic import SecretStr

from bonito_host.application import Application
from bonito_host.credentials_input import select_provider
from bonito_host.doctor.causes import find
from bonito_host.doctor.findings import Finding, Part
from bonito_host.doctor.kept import UNSEEN
from bonito_host.forms import is_secret
from bonito_host.options import ConnectionChoice
from bonito_host.store.errors import RecordMissing, SealBroken
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment
from bonito_providers.errors import BonitoError, InvalidCredentials, UnknownProvider
from bonito_providers.network import NetworkSettings
from bonito_providers.provider import Provider
from bonito_providers.redaction import Redactor
from bonito_providers.selection import Selection

_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_TITLE = "connection"
_SECRET = re.compile("key|secret|token|password").search
_CHANGED_BY_OPENING = frozenset({"store-older", "key-rotation-open"})


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A connection to examine.

    Attributes:
        provider: Its provider.
        id: What it is called.
        fields: Its credentials in clear; not checked.
        seen: Its deployments as they were last listed; empty where nothing is stored.
        redact: Hides its secrets, and does so in everything that is logged while this lives.
    """

    provider: Provider
    id: str
    fields: Mapping[str, Any] = field(repr=False)
    redact: Redactor
    seen: tuple[Deployment, ...] = ()

    def connect(self, network: NetworkSettings) -> Connection:
        """Return the connection by this way out; nothing is called yet.

        Raises:
            InvalidCredentials: Fields are missing, unknown or wrong.
        """
        return self.provider.connect(self.fields, id=self.id, network=network)


def is_named(application: Application, choice: ConnectionChoice) -> bool:
    """Tell whether anything says which connection to examine."""
    named = (choice.stored, choice.cloud, choice.provider, choice.source, choice.fields)
    return any(named) or bool(application.settings.credentials)


def choose(application: Application, choice: ConnectionChoice) -> tuple[Chosen | None, Part]:
    """Return the connection, if one is found, and what there is to say about it so far.

    With a faulty part it does not open, and is good only for knowing what to hide.
    """
    chosen: Chosen | None = None
    try:
        chosen = _found(application, choice)
        connection = chosen.connect(NetworkSettings())
    except (BonitoError, click.UsageError) as error:
        return chosen, Part(title=_TITLE, findings=(_refused(application, choice, error),))
    findings = (*_exposed(choice), *_narrow(connection))
    return chosen, Part(title=_TITLE, facts=_facts(connection), findings=findings)


def unopened(id: str, store: Part) -> Part | None:
    """Return why a stored connection is not looked at, or None where the store may be opened.

    What opening it would change is left to a command that is meant to.
    """
    state = store.facts.get("state")
    kinds = {each.kind for each in store.findings}
    if store.faulty or state == UNSEEN or not _CHANGED_BY_OPENING.isdisjoint(kinds):
        return Part(title=_TITLE, facts={"state": "not looked at, since the store is not opened"})
    if state == "in use":
        return None
    mend = f"Store it: bonito connect {id}"
    finding = find("connection-unknown", "Nothing is stored yet.", mend=mend)
    return Part(title=_TITLE, findings=(finding,))


def _found(application: Application, choice: ConnectionChoice) -> Chosen:
    seen: tuple[Deployment, ...] = ()
    if choice.stored:
        record = application.store.connections.get(choice.stored)
        fields = application.store.connections.credentials(choice.stored)
        selection = application.registry.select(record.cloud, fields, stored=True)
        seen = tuple(application.store.listings.of(choice.stored))
    else:
        selection = select_provider(application, choice)
    return Chosen(
        provider=selection.provider,
        id=choice.stored or selection.provider.info.name,
        fields=selection.fields,
        redact=Redactor(map(SecretStr, _secrets(selection))),
        seen=seen,
    )


def _secrets(selection: Selection) -> Iterator[str]:
    """Yield what was given for secret fields; of a document, also the texts in it."""
    form = selection.provider.schema.form()["properties"]
    for name, value in selection.fields.items():
        if isinstance(value, str) and is_secret(form.get(name, {})):
            yield value
            inner = texts_within(value).items()
            yield from (text for title, text in inner if _is_secret(title, text))


def _is_secret(name: str, text: str) -> bool:
    # The address where tokens are had is none.
    return bool(_SECRET(name)) and "://" not in text


def texts_within(value: str) -> dict[str, str]:
    """Return the texts of a field that holds a JSON object, by their names; else nothing."""
    try:
        document = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    items = document.items() if isinstance(document, dict) else ()
    return {name: text for name, text in items if isinstance(text, str) and text}


def _refused(
    application: Application, choice: ConnectionChoice, error: BonitoError | click.UsageError
) -> Finding:
    if isinstance(error, click.UsageError):
        return find("credentials-unreadable", error.format_message())
    if isinstance(error, RecordMissing):
        return _missing(application, str(choice.stored), error)
    if isinstance(error, InvalidCredentials):
        listed = "; ".join(f"{name} {problem}" for name, problem in error.problems.items())
        mend = f"{error.hint} `bonito providers show {error.provider}` lists the fields.".strip()
        return find("fields-refused", f"{error.provider} refuses fields: {listed}.", mend=mend)
    kind = {UnknownProvider: "provider-unknown", SealBroken: "credentials-sealed"}
    return find(kind.get(type(error), "check-failed"), error.message, mend=error.hint)


def _missing(application: Application, id: str, error: RecordMissing) -> Finding:
    known = [each.id for each in application.store.connections.all()]
    close = difflib.get_close_matches(id, known, n=1)
    mend = f"Did you mean {close[0]}? `bonito connections` lists the ids." if close else ""
    return find("connection-unknown", error.message, mend=mend)


def _facts(connection: Connection) -> dict[str, object]:
    info = connection.provider.info
    given = sorted(name for name, value in connection.credentials if value is not None)
    return {
        "id": connection.id,
        "provider": f"{info.title} ({info.name})",
        "fields": given,
        "can": sorted(connection.credentials.capabilities().available),
    }


def _narrow(connection: Connection) -> Iterator[Finding]:
    """Say what further fields would add; what the provider never offers is none of them."""
    by_fields: dict[tuple[str, ...], list[str]] = {}
    for capability, fields in sorted(connection.credentials.capabilities().missing.items()):
        if fields:
            by_fields.setdefault(fields, []).append(capability.value.replace("_", " "))
    for fields, words in by_fields.items():
        what = f"These credentials do not allow to {', '.join(words)}."
        yield find("capability-missing", what, mend=f"Add {', '.join(fields)}.")


def _exposed(choice: ConnectionChoice) -> Iterator[Finding]:
    if choice.source in {None, "-"}:
        return
    path = Path(str(choice.source))
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OPEN_TO_OTHERS:
        what = f"The file {path} holds credentials and is open to others (mode {mode:o})."
        yield find("credentials-exposed", what, mend=f"chmod 600 {path}")
