"""The models: what the endpoint says of them, and what `facts.json` adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_openai_compatible import wire
from bonito_openai_compatible.facts import describe, facts_of
from bonito_providers.catalog import Listing, Model

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

SOURCE = "The endpoint's own listing."


async def listing(connection: Connection) -> Listing[Model]:
    """Return one item for each model.

    Raises:
        ProviderError: The listing is refused, or is none.
    """
    found = await wire.models(connection)
    return Listing[Model](
        items=tuple(_model(connection, row) for row in found.rows),
        skipped=found.skipped,
        complete=not found.notes,
        source=SOURCE,
        notes=found.notes,
        observed_at=connection.clock.now(),
    )


def _model(connection: Connection, row: wire.ModelRow) -> Model:
    # `owned_by` is not the publisher: vLLM and a LiteLLM Proxy put themselves or anybody there.
    known = describe(connection, row)
    return Model(
        id=row.id,
        name=row.id,
        kind=known.kind,
        publisher=known.publisher,
        sold_by=facts_of(connection, row.id).sold_by,
        context_window=row.context_window,
        input_modalities=row.input_modalities,
        output_modalities=row.output_modalities,
        # Every model is called by its own name.
        deployed_as=(row.id,),
        price_key=known.price_key,
        canonical_name=known.canonical_name,
    )
