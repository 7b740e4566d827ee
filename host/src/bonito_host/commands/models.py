"""`bonito models`: what a connection could deploy or call."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import click

from bonito_host.application import Application
from bonito_host.connecting import with_connection
from bonito_host.listings import limits_document, write_limits
from bonito_host.options import chosen, common_options, connection_options
from bonito_providers.catalog import Listing, Model
from bonito_providers.connection import Connection
from bonito_providers.prices import Price, find_price

_HEAD = ("MODEL", "VERSION", "PUBLISHER", "KIND", "CONTEXT", "DEPLOYED AS", "$/1M IN", "$/1M OUT")


@click.command()
@common_options
@connection_options
@click.option("--search", metavar="TEXT", help="Only models whose id or name contains this.")
@click.option("--publisher", metavar="NAME", help="Only models of this publisher.")
@click.option("--kind", metavar="KIND", help="Only this kind: chat, embedding, image ….")
@click.option("--deployed", is_flag=True, help="Only models that are deployed.")
@click.pass_context
def models(
    context: click.Context,
    /,
    *,
    search: str | None,
    publisher: str | None,
    kind: str | None,
    deployed: bool,
    **_: object,
) -> None:
    """List the models a connection could deploy or call. What is unknown says so."""
    application: Application = context.obj
    listing = with_connection(application, chosen(context), _listed)
    kept = [
        model
        for model in listing.items
        if _contains(model, search)
        and _same(model.publisher, publisher)
        and _same(model.kind, kind)
        and (model.deployed_as or not deployed)
    ]
    _write(kept, listing, application)


async def _listed(connection: Connection) -> Listing[Model]:
    return await connection.provider.list_models(connection)


def _write(kept: list[Model], listing: Listing[Model], application: Application) -> None:
    output = application.output
    prices = [find_price(model.price_key) for model in kept]
    documents = [
        model.model_dump(mode="json") | {"price": price and price.model_dump(mode="json")}
        for model, price in zip(kept, prices, strict=True)
    ]
    output.document({"models": documents, **limits_document(listing)})
    output.table(_HEAD, _rows(kept, prices))
    output.progress(f"{len(kept)} of {len(listing.items)} models")
    write_limits(listing, output)


def _rows(kept: Iterable[Model], prices: Iterable[Price | None]) -> list[tuple[object, ...]]:
    return [
        (
            model.id,
            model.version,
            model.publisher,
            model.kind,
            model.context_window,
            model.deployed_as,
            _rate(price.input_per_million if price else None),
            _rate(price.output_per_million if price else None),
        )
        for model, price in zip(kept, prices, strict=True)
    ]


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:f}"


def _contains(model: Model, text: str | None) -> bool:
    return not text or any(text.lower() in each.lower() for each in (model.id, model.name))


def _same(value: str | None, wanted: str | None) -> bool:
    return wanted is None or (value is not None and value.lower() == wanted.lower())
