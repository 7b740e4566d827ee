"""The catalogue: what could be deployed, and what is deployed of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bonito_aviary.deployments import Deployments, name_in
from bonito_aviary.facts import facts_of
from bonito_aviary.rows import CardRow, ModelRow, read_row
from bonito_aviary.wire import Rows, own
from bonito_providers.catalog import Capacity, Listing, Model, Skipped, Sku

if TYPE_CHECKING:
    from typing import Literal

    from bonito_aviary.rows import SkuRow
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment

LIMIT = 5000
"""Models; more are not read."""


class Models(Deployments):
    """Listing models."""

    async def models(self, connection: Connection) -> Listing[Model]:
        """Return one item per model and version, with what is deployed of each."""
        managed = own(connection).manages
        rows = await self.model_rows(connection)
        parsed = list(self.parsed(connection, rows.items[:LIMIT]))
        models = {each.id: each for each in reversed(parsed) if isinstance(each, Model)}
        deployed = (await self.deployments(connection)).items
        cut = len(rows.items) > LIMIT
        notes = [*rows.notes, *((f"Only the first {LIMIT} rows are read.",) if cut else ())]
        if not managed:
            notes.append("A key sees neither kinds, SKUs nor quota; a client of the account does.")
        return Listing[Model](
            items=tuple(_marked(models[name], deployed) for name in sorted(models)),
            skipped=tuple(each for each in parsed if isinstance(each, Skipped)),
            complete=not rows.note and not cut,
            source="Aviary's catalogue." if managed else "The models that the account lists.",
            notes=tuple(notes),
            observed_at=connection.clock.now(),
        )

    async def model_rows(self, connection: Connection) -> Rows:
        """Return the rows of the better catalogue that these credentials can read."""
        if own(connection).manages:
            return await self.pages(connection, await self.account(connection, "/models"))
        return Rows(await self.listed(connection, "/v1/models"))

    def parsed(self, connection: Connection, rows: Iterable[object]) -> Iterator[Model | Skipped]:
        """Yield the models in rows, and what cannot be read with the reason."""
        kind = ModelRow if own(connection).manages else CardRow
        for raw in rows:
            row = read_row(kind, raw)
            if isinstance(row, str):
                yield Skipped(id=name_in(raw), reason=row)
            elif isinstance(row, ModelRow):
                versions: list[str | None] = [each.version for each in row.versions]
                for version in versions or [None]:
                    yield self.model(connection, row, version)
            elif isinstance(row, CardRow):
                yield self.card(connection, row)

    def model(self, connection: Connection, row: ModelRow, version: str | None) -> Model:
        """Return a version of a model; what the API does not tell comes from the data file."""
        facts = facts_of(connection, row.name)
        return Model(
            id=model_id(row.name, version),
            name=row.name,
            version=version,
            publisher=row.publisher or facts.publisher,
            sold_by=_seller(row) or facts.sold_by,
            terms_needed=facts.terms_needed if row.terms is None else row.terms,
            kind=row.kind,
            context_window=row.context_window,
            lifecycle=row.lifecycle,
            retires_at=row.retires_at,
            skus=None if row.skus is None else tuple(map(_sku, row.skus)),
            price_key=facts.price_key,
            canonical_name=facts.canonical_name,
        )

    def card(self, connection: Connection, row: CardRow) -> Model:
        """Return a model as a key sees it."""
        name, version = split_id(row.id)
        return self.model(connection, ModelRow(name=name, publisher=row.owned_by), version)


def model_id(name: str, version: str | None) -> str:
    """Return the id of a version, alike in both catalogues."""
    return name if version is None else f"{name}@{version}"


def split_id(text: str) -> tuple[str, str | None]:
    """Take an id, or a plain name, apart."""
    name, found, version = text.rpartition("@")
    return (name, version) if found and name and version else (text, None)


def age(version: str) -> tuple[tuple[int, str], ...]:
    """Return what orders versions: numbers by their value, so that 10 is newer than 9."""
    parts = re.findall(r"\d{1,18}|\D+", version)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def _seller(row: ModelRow) -> Literal["first_party", "partner"] | None:
    if row.partner is None:
        return None
    return "partner" if row.partner else "first_party"


def _sku(row: SkuRow) -> Sku:
    bounds = row.capacity
    return Sku(
        name=row.name,
        capacity=Capacity(
            minimum=bounds.minimum,
            maximum=bounds.maximum,
            step=bounds.step,
            default=bounds.default,
        ),
        quota_key=row.quota_key,
    )


def _marked(model: Model, deployed: Iterable[Deployment]) -> Model:
    names = [
        each.ref.name
        for each in deployed
        if (each.model.name, each.model.version) == (model.name, model.version)
    ]
    return model.model_copy(update={"deployed_as": tuple(names)})
