"""The models of all connections in one list, searched and filtered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bonito_host.web.services import Services
from bonito_host.web.sightings import Sighting, all_sightings
from bonito_providers.catalog import Model
from bonito_providers.errors import UnknownProvider
from bonito_providers.prices import Price, find_price

PAGE = 100
"""Models on one page: as many as a browser draws at once without being noticed."""
_SOON = timedelta(days=90)


class ModelState(StrEnum):
    """What can be done with a model now."""

    DEPLOYED = "deployed"
    AVAILABLE = "available"
    CALLABLE = "callable"
    """As it is: its provider deploys nothing."""
    NEEDS_TERMS = "needs terms"
    NOT_OFFERED = "not offered"
    RETIRED = "retired"


_DEPLOYABLE = (ModelState.AVAILABLE, ModelState.NEEDS_TERMS, ModelState.DEPLOYED)


@dataclass(frozen=True)
class Row:
    """A model as one connection sees it.

    Attributes:
        connection: The connection's id.
        model: The model.
        state: What can be done with it.
        retiring: Whether calls stop working soon.
        offered: Whether the provider deploys.
    """

    connection: str
    model: Model
    state: ModelState
    retiring: bool
    offered: bool

    @property
    def deployable(self) -> bool:
        """Whether a plan can be asked for."""
        return self.offered and self.state in _DEPLOYABLE

    @property
    def price(self) -> Price | None:
        """What it costs, where somebody knows."""
        return find_price(self.model.price_key)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for; an empty text is no condition."""

    q: str = ""
    connection: str = ""
    publisher: str = ""
    kind: str = ""
    state: str = ""

    def takes(self, row: Row) -> bool:
        """Tell whether a row is wanted."""
        model = row.model
        named = f"{model.id} {model.name} {model.publisher or ''} {model.canonical_name or ''}"
        return (
            all(word in named.lower() for word in self.q.lower().split())
            and self.connection in {"", row.connection}
            and self.publisher in {"", model.publisher or "unknown"}
            and self.kind in {"", model.kind or "unknown"}
            and self.state in {"", row.state.value}
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for."""
        return any(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True)
class Catalogue:
    """What was found.

    Attributes:
        rows: The wanted models of this page.
        matching: How many are wanted in all.
        total: How many there are.
        page: Which page this is, from one.
        pages: How many there are.
        sightings: Where the models come from, failures included.
        publishers: Who can be chosen.
        kinds: What can be chosen.
    """

    rows: Sequence[Row]
    matching: int
    total: int
    page: int
    pages: int
    sightings: Sequence[Sighting[Model]]
    publishers: Sequence[str]
    kinds: Sequence[str]


async def search(services: Services, wanted: Wanted, *, page: int = 1) -> Catalogue:
    """Return the wanted models of all connections, or of one, a page at a time."""
    stored = await asyncio.to_thread(services.store.connections.all)
    sightings = await all_sightings([each.id for each in stored], services.sightings.models)
    deploy = {each.id for each in stored if _deploys(services, each.provider)}
    rows = [row for seen in sightings for row in _rows(seen, deploys=seen.connection in deploy)]
    matching = [row for row in rows if wanted.takes(row)]
    pages = max(-(-len(matching) // PAGE), 1)
    page = min(max(page, 1), pages)
    return Catalogue(
        rows=matching[(page - 1) * PAGE : page * PAGE],
        matching=len(matching),
        total=len(rows),
        page=page,
        pages=pages,
        sightings=sightings,
        publishers=_known(row.model.publisher for row in rows),
        kinds=_known(row.model.kind for row in rows),
    )


def _deploys(services: Services, provider: str) -> bool:
    try:
        return services.registry.provider(provider).deploys
    except UnknownProvider:
        return False  # broken by now; its sighting says so


def _rows(seen: Sighting[Model], *, deploys: bool) -> list[Row]:
    now = datetime.now(UTC)
    return [
        Row(
            connection=seen.connection,
            model=model,
            state=_state(model, now, deploys=deploys),
            retiring=_retires_before(model, now + _SOON),
            offered=deploys,
        )
        for model in seen.items
    ]


def _state(model: Model, now: datetime, *, deploys: bool) -> ModelState:
    if model.deployed_as and deploys:
        return ModelState.DEPLOYED
    if _retires_before(model, now):
        return ModelState.RETIRED
    if not deploys:
        return ModelState.CALLABLE
    if model.skus == ():
        return ModelState.NOT_OFFERED
    return ModelState.NEEDS_TERMS if model.terms_needed else ModelState.AVAILABLE


def _retires_before(model: Model, moment: datetime) -> bool:
    return model.retires_at is not None and model.retires_at < moment


def _known(values: Iterable[str | None]) -> list[str]:
    return sorted({value or "unknown" for value in values}, key=str.lower)
