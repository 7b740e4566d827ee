"""What a request leaves open: name, model, version, SKU, capacity, and what is needed first."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_aviary import choosing
from bonito_aviary.choosing import Choice, otherwise
from bonito_aviary.errors import CONSOLE, TERMS, TERMS_CONSENT
from bonito_aviary.models import Models, age, split_id
from bonito_aviary.rows import DeploymentRow, ModelRow, QuotaRow, SkuRow
from bonito_providers.actions import Action, ActionKind
from bonito_providers.errors import Conflict, MalformedAnswer, ModelNotFound

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeploymentRequest, QuotaUse

HOURLY_CONSENT = "hourly_billing"
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Facts:
    """What Aviary says at the moment of a plan; `gap` is why some models may be missing."""

    models: tuple[ModelRow, ...]
    quota: tuple[QuotaRow, ...]
    standing: DeploymentRow | None
    gap: str = ""


class Resolving(Models):
    """Choosing, by methods that call nothing."""

    def name_for(self, model: str) -> str:
        """Return the name a deployment gets unasked: the model's, in the letters allowed."""
        name = re.sub(r"[^a-z0-9]+", "-", split_id(model)[0].lower()).strip("-")
        return name[:_LONGEST_NAME] if len(name) > 1 else f"model-{name or 'x'}"

    def model_for(self, request: DeploymentRequest, facts: Facts) -> ModelRow:
        """Return the row of the model that is asked for, by its id or its name.

        Raises:
            ModelNotFound: There is none; the text names what is like it.
            MalformedAnswer: The catalogue could not be read whole, so that it does not tell.
        """
        text = request.model or ""
        for row in facts.models:
            if row.name in (text, split_id(text)[0]):
                return row
        if facts.gap:
            raise MalformedAnswer(f"{text} is not among the models that were read. {facts.gap}")
        close = difflib.get_close_matches(text, [row.name for row in facts.models], n=3)
        like = f" Names like it: {', '.join(close)}." if close else ""
        raise ModelNotFound(
            f"Aviary's catalogue has no model {text}.",
            hint=f"List the models: names are written as there.{like}",
        )

    def as_it_stands(
        self, request: DeploymentRequest, row: ModelRow, standing: DeploymentRow | None
    ) -> DeploymentRequest:
        """Fill in what is left open, so that a change of one thing brings no other with it.

        Raises:
            Conflict: Another model stands under that name.
        """
        version = request.version or split_id(request.model or "")[1]
        asked = request.model_copy(update={"version": version})
        if standing is None:
            return asked
        if standing.model != row.name:
            raise Conflict(
                f"{standing.name} is a deployment of {standing.model} already.",
                hint="Choose another name for the deployment.",
            )
        if not stands(standing):
            return asked
        sku = request.sku or standing.sku
        capacity = standing.capacity if sku == standing.sku else None
        return asked.model_copy(
            update={
                "version": version or standing.version,
                "sku": sku,
                "capacity": request.capacity or capacity,
            }
        )

    def version_for(self, row: ModelRow, asked: str | None) -> str | None:
        """Return the version asked for, else the default, else the newest.

        Raises:
            ModelNotFound: The model has no such version.
        """
        versions = {each.version: each for each in row.versions}
        if asked is not None and asked not in versions:
            raise ModelNotFound(
                f"{row.name} has no version {asked}.",
                hint=f"Its versions are {', '.join(versions) or 'not told'}.",
            )
        marked = [each.version for each in row.versions if each.default]
        return asked or next(iter(marked or sorted(versions, key=age, reverse=True)), None)

    def sku_for(self, row: ModelRow, asked: str | None) -> Choice[SkuRow]:
        """Return how to deploy, with the reason."""
        return choosing.choose_sku(row.skus, asked)

    def quota_for(self, sku: SkuRow | None, facts: Facts) -> QuotaUse | None:
        """Return the quota that counts, without what the standing deployment holds of it."""
        if sku is None:
            return None
        standing = facts.standing
        held = standing.capacity if standing is not None and standing.sku == sku.name else 0
        return choosing.quota_of(facts.quota, sku, held=held or 0)

    def capacity_for(
        self, sku: SkuRow | None, asked: int | None, quota: QuotaUse | None
    ) -> Choice[int]:
        """Return how much to deploy, with the arithmetic."""
        return Choice() if sku is None else choosing.choose_capacity(sku, asked, quota)

    def life_of(self, connection: Connection, row: ModelRow) -> Choice[None]:
        """Return what there is to say about a model's end."""
        ends, now = row.retires_at, connection.clock.now()
        if row.lifecycle == "retired" or (ends is not None and ends <= now):
            return Choice(actions=(otherwise(f"{row.name} is retired; choose another model."),))
        return Choice(warnings=(f"The model retires on {ends:%Y-%m-%d}.",) if ends else ())

    def consents_for(
        self, row: ModelRow, sku: SkuRow | None, request: DeploymentRequest
    ) -> tuple[Action, ...]:
        """Return what a person has to agree to first."""
        needed = []
        if row.terms and TERMS_CONSENT not in request.consents:
            needed.append(TERMS)
        if sku is not None and sku.billed_hourly and HOURLY_CONSENT not in request.consents:
            needed.append(
                Action(
                    kind=ActionKind.ACCEPT_TERMS,
                    title="Agree to billing by the hour",
                    instruction=f"{sku.name} is billed by the hour while it stands, used or not. "
                    f"Give the consent {HOURLY_CONSENT} if that is what you want.",
                    url=f"{CONSOLE}/prices",
                    consent=HOURLY_CONSENT,
                )
            )
        return tuple(needed)


def stands(row: DeploymentRow | None) -> bool:
    """Whether something stands; what failed or is on its way out may as well not."""
    return row is not None and row.state not in ("failed", "removing")
