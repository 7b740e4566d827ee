"""Where credentials come from: a file, stdin, the environment or a prompt; never an option.

An option's value stays in the shell's history and shows in the list of processes, so secret
fields are refused there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bonito_host.application import Application
from bonito_host.forms import is_secret
from bonito_host.options import ConnectionChoice
from bonito_host.prompts import ask_fields, ask_one
from bonito_host.settings import CREDENTIAL_PREFIX
from bonito_providers.provider import Provider
from bonito_providers.selection import Selection

_LARGEST = 1024 * 1024


def select_provider(application: Application, choice: ConnectionChoice) -> Selection:
    """Return the provider to connect to, with the credential fields that are given.

    Nothing is checked yet but that no secret came as an option. What is missing is asked for
    where there is a terminal.

    Raises:
        UnknownProvider: No such cloud, provider or choice is installed.
        click.UsageError: The source cannot be read, or an option holds a secret.
    """
    raw = _given(application, choice)
    selection = _selected(application, choice, raw)
    schema = selection.provider.schema.form()
    _refuse_secret_options(schema, choice)
    if not _interactive(choice):
        return selection
    fields = ask_fields(schema, selection.fields)
    return Selection(selection.provider, fields, selection.reason)


def _selected(
    application: Application, choice: ConnectionChoice, raw: Mapping[str, Any]
) -> Selection:
    registry = application.registry
    if choice.provider:
        provider = registry.provider(choice.provider)
        return Selection(provider, {**provider.info.selector, **raw}, "named by --provider")
    cloud = choice.cloud or _told_by_fields(registry.providers, raw)
    cloud = cloud or _only_cloud(registry.providers, choice)
    alternatives = [each for each in registry.providers if each.info.cloud == cloud]
    field = next((name for each in alternatives for name in each.info.selector), None)
    if field and field not in raw and len(alternatives) > 1 and _interactive(choice):
        raw = {**raw, field: _ask_service(alternatives, field)}
    return registry.select(cloud, raw)


def _told_by_fields(providers: Iterable[Provider], raw: Mapping[str, Any]) -> str | None:
    """Return the cloud that knows more of the given fields than any other, if one does."""
    known: dict[str, int] = {}
    for each in providers:
        names = {*each.schema.form()["properties"], *each.info.selector}
        count = len(names.intersection(raw))
        known[each.info.cloud] = max(count, known.get(each.info.cloud, 0))
    most = max(known.values(), default=0)
    found = [cloud for cloud, count in known.items() if count == most]
    return found[0] if most and len(found) == 1 else None


def _only_cloud(providers: Sequence[Provider], choice: ConnectionChoice) -> str:
    titles: dict[str, str] = {}
    for each in sorted(providers, key=lambda each: (each.info.cloud, not each.info.recommended)):
        titles.setdefault(each.info.cloud, f"{each.info.cloud}: {each.info.title}")
    clouds = list(titles)
    if not clouds:
        raise click.UsageError("No provider works here; `bonito providers list` says why.")
    if len(clouds) == 1:
        return clouds[0]
    if _interactive(choice):
        return ask_one("Cloud", titles)
    raise click.UsageError(
        f"Several clouds are installed ({', '.join(clouds)}), and the fields that are given do not "
        "tell which is meant: add --cloud NAME."
    )


def _ask_service(alternatives: list[Provider], field: str) -> str:
    ordered = sorted(alternatives, key=lambda each: not each.info.recommended)
    titles = {
        each.info.selector[field]: f"{each.info.title}: {each.info.summary}" for each in ordered
    }
    return ask_one("Service", titles, preselected=next(iter(titles)))


def _interactive(choice: ConnectionChoice) -> bool:
    return choice.source != "-" and sys.stdin.isatty() and sys.stderr.isatty()


def _given(application: Application, choice: ConnectionChoice) -> dict[str, Any]:
    """Collect the fields; a file is taken as it is, without the environment's fields added."""
    fields = dict(map(_split, choice.fields))
    if choice.source is None:
        return {**application.settings.credentials, **fields}
    return {**_read(choice.source), **fields}


def _split(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        # The text itself stays unsaid: somebody may have written a key there.
        raise click.UsageError("--set takes FIELD=VALUE.")
    return name, value


def _refuse_secret_options(schema: Mapping[str, Any], choice: ConnectionChoice) -> None:
    for name, _ in map(_split, choice.fields):
        field = schema["properties"].get(name, {})
        if is_secret(field):
            raise click.UsageError(
                f"{name} is a secret, and an option stays in the shell's history. Give it in a "
                f"file (--credentials FILE), on stdin (--credentials -), as "
                f"{CREDENTIAL_PREFIX}{name.upper()}, or at the prompt."
            )


def _read(source: str) -> dict[str, Any]:
    name = "stdin" if source == "-" else source
    try:
        if source == "-":
            text = sys.stdin.read(_LARGEST + 1)
        else:
            with Path(source).open(encoding="utf-8") as file:
                text = file.read(_LARGEST + 1)
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{name} is not text in UTF-8.") from None
    if len(text) > _LARGEST:
        raise click.UsageError(f"{name} is larger than a megabyte: it holds no credentials.")
    value = _parsed(text, name)
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise click.UsageError(f"{name} must hold one JSON or YAML object with credential fields.")
    return value


def _parsed(text: str, name: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f" (line {place.line + 1})" if place else ""
    # Raised outside the handlers: a parser's error quotes the text, and the text holds a key.
    raise click.UsageError(f"{name} is neither JSON nor YAML{where}.")
