"""Models and listings: what a provider offers, and how sure the list is."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Literal, TypeVar

from bonito_providers.actions import Action
from bonito_providers.values import Value

Item = TypeVar("Item")


class Capacity(Value):
    """The bounds of a SKU's capacity, in the service's own unit; None is unknown."""

    minimum: int | None = None
    maximum: int | None = None
    step: int | None = None
    default: int | None = None


class Sku(Value):
    """One way a model can be deployed.

    Attributes:
        name: As the service writes it.
        capacity: Its bounds.
        quota_key: The row of the service's quota list it counts against.
        retires_at: When the service stops offering it.
    """

    name: str
    capacity: Capacity = Capacity()
    quota_key: str | None = None
    retires_at: datetime | None = None


class Model(Value):
    """One version of a model that a connection can see. None is unknown everywhere.

    Attributes:
        id: Unique in the listing and stable between listings.
        format: The service's word for the family that decides its wire format.
        name: The model's name at the service.
        version: As the service writes it.
        publisher: Who made it.
        sold_by: ``first_party`` or ``partner``.
        terms_needed: Whether a person must accept terms before it can be deployed.
        kind: ``chat``, ``embedding``, ``image``, ``audio``, ``rerank``, ``completion``, ``video``,
            ``moderation``, or the service's own word.
        input_modalities: What goes in: ``text``, ``image``, ``audio`` ….
        output_modalities: What comes out.
        context_window: Tokens.
        lifecycle: The service's own word for how mature or how near retirement it is.
        retires_at: When calls stop working.
        skus: How it can be deployed; an empty tuple is "in no way", None is unknown.
        deployed_as: Names of deployments of it, an empty tuple is "not deployed".
        price_key: Where the price source finds it.
        canonical_name: The same name for the same model in every cloud.
    """

    id: str
    name: str
    format: str | None = None
    version: str | None = None
    publisher: str | None = None
    sold_by: Literal["first_party", "partner"] | None = None
    terms_needed: bool | None = None
    kind: str | None = None
    input_modalities: tuple[str, ...] | None = None
    output_modalities: tuple[str, ...] | None = None
    context_window: int | None = None
    lifecycle: str | None = None
    retires_at: datetime | None = None
    skus: tuple[Sku, ...] | None = None
    deployed_as: tuple[str, ...] | None = None
    price_key: str | None = None
    canonical_name: str | None = None


class Skipped(Value):
    """Something the service listed and the listing leaves out, with the reason."""

    id: str
    reason: str
    action: Action | None = None


class Listing(Value, Generic[Item]):
    """What a service listed, and how far the list can be trusted.

    Attributes:
        items: In a stable order.
        skipped: What was left out and why.
        complete: Whether everything there is was seen.
        source: Where the list came from, in a sentence a page can show.
        notes: What this list cannot know, and why it is incomplete where it is.
        observed_at: When.
    """

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...] = ()
    complete: bool
    source: str
    notes: tuple[str, ...] = ()
    observed_at: datetime
