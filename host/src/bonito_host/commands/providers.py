"""`bonito providers`: what is installed, whether it works, and how to mend what does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from bonito_host.application import Application
from bonito_host.conformance import conformance_document, conformance_lines
from bonito_host.forms import is_secret
from bonito_host.options import common_options
from bonito_host.output import Output, printable
from bonito_providers.provider import Provider
from bonito_providers.registry import PluginRecord, Status, installed_wrappers


@click.group()
def providers() -> None:
    """What is installed, and whether it works."""


@providers.command("list")
@common_options
@click.pass_obj
def list_providers(application: Application) -> None:
    """List every plugin found, and say how to mend what does not work."""
    records, output = application.registry.records, application.output
    wrappers = installed_wrappers(application.settings.plugins)
    output.document(
        {
            "providers": [_summary(record) for record in records],
            "wrappers": [_wrapper_summary(record) for record in wrappers],
        }
    )
    head = ("NAME", "CLOUD", "STATUS", "PACKAGE", "VERSION", "TITLE")
    output.table(head, [_row(record) for record in records])
    for record in records:
        if record.reason:
            output.text()
            output.text(f"{record.name}: {printable(record.reason)}")
            output.text(f"  → {printable(record.mend)}")
    if not records:
        output.progress("No provider is installed. Try: pip install bonito-<provider>")
    if wrappers:
        _list_wrappers(wrappers, output)


def _list_wrappers(wrappers: Sequence[PluginRecord], output: Output) -> None:
    output.text()
    head = ("WRAPPER", "STATUS", "PACKAGE", "VERSION")
    rows = [(each.name, each.status.value, each.distribution, each.version) for each in wrappers]
    output.table(head, rows)
    if any(each.status is Status.OFF for each in wrappers):
        output.text()
        output.text("BONITO_WRAPPERS switches wrappers on, the first one outermost.")


@providers.command()
@common_options
@click.argument("name")
@click.pass_obj
def show(application: Application, name: str) -> None:
    """Show one provider: what it is, where it may talk to, what it asks for."""
    provider = application.registry.provider(name)
    (record,) = (each for each in application.registry.records if each.provider is provider)
    application.output.document(
        _summary(record)
        | {
            "info": provider.info.model_dump(mode="json"),
            "schema": provider.schema.form(),
            "deploys": provider.deploys,
            "conformance": conformance_document(record),
        }
    )
    _describe(provider, record, application.output)


def _describe(provider: Provider, record: PluginRecord, output: Output) -> None:
    info = provider.info
    output.text(f"{info.title} ({info.name}, {record.distribution} {record.version})")
    output.text(info.summary)
    choice = ", ".join(f"{field}={value}" for field, value in info.selector.items())
    facts = {
        "cloud": info.cloud,
        "chosen by": choice or "the only provider of its cloud",
        "recommended": "yes" if info.recommended else "no",
        "deploys": "yes" if provider.deploys else "no, offers what exists",
        "talks to": ", ".join(info.host_suffixes),
        "loaded from": record.file or "unknown",
    }
    for name, value in facts.items():
        output.text(f"  {name:<12} {value}")
    for title, address in info.links.items():
        output.text(f"  {title:<12} {address}")
    for line in conformance_lines(record):
        output.text(f"  conformance  {line}")
    output.text()
    output.table(("FIELD", "REQUIRED", "SECRET", "WHAT IT IS"), _fields(provider.schema.form()))


def _fields(form: dict[str, Any]) -> list[tuple[object, ...]]:
    required = form.get("required", ())
    return [
        (
            name,
            name in required,
            is_secret(field),
            field.get("description") or field.get("title", name),
        )
        for name, field in form["properties"].items()
    ]


def _row(record: PluginRecord) -> tuple[object, ...]:
    info = record.provider.info if record.provider else None
    return (
        record.name,
        info.cloud if info else "-",
        record.status.value,
        record.distribution,
        record.version,
        info.title if info else "-",
    )


def _wrapper_summary(record: PluginRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "status": record.status.value,
        "reason": record.reason,
        "mend": record.mend,
        "distribution": record.distribution,
        "version": record.version,
    }


def _summary(record: PluginRecord) -> dict[str, Any]:
    info = record.provider.info if record.provider else None
    return {
        "name": record.name,
        "cloud": info.cloud if info else None,
        "title": info.title if info else None,
        "recommended": info.recommended if info else None,
        "status": record.status.value,
        "reason": record.reason,
        "mend": record.mend,
        "distribution": record.distribution,
        "version": record.version,
        "file": record.file,
        "import_seconds": record.import_seconds,
    }
