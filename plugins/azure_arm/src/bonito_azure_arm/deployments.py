"""What is deployed in a resource, as its data plane lists it to a key or a token.

No documented route lists deployments there. One old preview version does, but it is undocumented
and may vanish (langflow PR 14509, model-hotel PR 506, live in July and August 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_azure_arm.documents import text
from bonito_providers.answers import json_list
from bonito_providers.catalog import Listing, Skipped
from bonito_providers.deployment import DeployedModel, Deployment, DeploymentRef, State

if TYPE_CHECKING:
    import httpx

    from bonito_providers.connection import Connection
    from bonito_providers.errors import ProviderError

LIMIT = 2000
"""Deployments; a resource may hold far fewer."""
PREVIEW_PATH = "/openai/deployments"
PREVIEW_VERSION = "2023-03-15-preview"

_STATES = {
    "succeeded": State.READY,
    "running": State.PROVISIONING,
    "notRunning": State.PROVISIONING,
    "failed": State.FAILED,
    "deleted": State.ABSENT,
    "canceled": State.FAILED,
}
"""Words of the preview listing (REST reference 2023-03-15-preview, Deployments - List)."""

Parsed = Deployment | Skipped


@dataclass(frozen=True)
class Found:
    """What a way of listing gave.

    Attributes:
        items: The deployments.
        skipped: Rows that could not be read.
        foreign: Deployments of models that the provider does not deal with.
        complete: Whether all there is was seen.
        known: False where no way answered, so that an empty list says nothing.
        source: Which way it was.
        notes: Ways that did not answer, and why.
        refusal: How the last way was refused, where none answered.
    """

    items: tuple[Deployment, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    foreign: tuple[Skipped, ...] = ()
    complete: bool = True
    known: bool = True
    source: str = ""
    notes: tuple[str, ...] = ()
    refusal: ProviderError | None = None

    def tells_of(self, name: str) -> bool:
        """Whether it says enough to conclude that there is no deployment but the listed ones."""
        unread = {each.id for each in self.skipped}
        return self.known and self.complete and name not in unread

    def listing(self, connection: Connection) -> Listing[Deployment]:
        """Return it as the contract has it, dated now."""
        return Listing[Deployment](
            items=self.items,
            skipped=(*self.skipped, *self.foreign),
            complete=self.complete and self.known,
            source=self.source,
            notes=self.notes,
            observed_at=connection.clock.now(),
        )


@dataclass(frozen=True)
class Resource:
    """The resource of a connection.

    Attributes:
        connection: Whose.
        label: First label of the endpoint's host.
        endpoint: Where its deployments answer.
    """

    connection: Connection
    label: str
    endpoint: str

    def reference(self, name: str) -> DeploymentRef:
        """Return how to find a deployment of this resource again."""
        provider = self.connection.provider.info.name
        return DeploymentRef(provider=provider, resource=self.label, name=name)

    def deployment(
        self,
        name: str,
        model: DeployedModel,
        *,
        source: str,
        state: State = State.READY,
        sku: str | None = None,
        capacity: int | None = None,
    ) -> Deployment:
        """Return a deployment of it. The data plane shows no tags: nobody knows whose."""
        return Deployment(
            ref=self.reference(name),
            model=model,
            endpoint=self.endpoint,
            state=state,
            sku=sku,
            capacity=capacity,
            source=source,
            observed_at=self.connection.clock.now(),
        )


def read_rows(
    rows: Sequence[Any],
    parse: Callable[[Mapping[str, Any]], Parsed],
    *,
    source: str,
    incomplete: str = "",
) -> Found:
    """Read a listing's rows, each name once, in a stable order.

    Args:
        rows: As the service wrote them; no more than `LIMIT` are read.
        parse: Reads one.
        source: Which listing it is.
        incomplete: Why rows are missing, if they are.
    """
    parsed = [parse(row) if isinstance(row, dict) else _NO_OBJECT for row in rows[:LIMIT]]
    named = {each.ref.name: each for each in reversed(parsed) if isinstance(each, Deployment)}
    if len(rows) > LIMIT:
        incomplete = f"The listing has {len(rows)} rows; only {LIMIT} are read."
    return Found(
        items=tuple(named[name] for name in sorted(named)),
        skipped=tuple(each for each in parsed if isinstance(each, Skipped)),
        complete=not incomplete,
        source=source,
        notes=(incomplete,) if incomplete else (),
    )


_NO_OBJECT = Skipped(id="(no name)", reason="a row of the listing is not an object")


def read_preview(
    page: Mapping[str, Any],
    answer: httpx.Response,
    *,
    resource: Resource,
    describe: Callable[[str | None], DeployedModel],
) -> Found:
    """Read the preview listing.

    Args:
        page: What stands at `PREVIEW_PATH`.
        answer: The answer it came in.
        resource: Whose.
        describe: The model behind a deployment, by its name.

    Raises:
        MalformedAnswer: It has no rows.
    """
    source = (
        f"The resource's deployments, by the undocumented {PREVIEW_VERSION} listing, which "
        "tells neither version nor SKU and may vanish."
    )

    def parse(row: Mapping[str, Any]) -> Parsed:
        name, status = text(row.get("id")), text(row.get("status"))
        if name is None:
            return Skipped(id="(no name)", reason="a row of the listing has no id")
        state = _STATES.get(status or "")
        if state is None:
            known = f"its status is {status or 'missing'}, which is unknown"
            return Skipped(id=name, reason=f"{known}; it can be adopted by its name")
        model = describe(text(row.get("model")))
        return resource.deployment(name, model, source=source, state=state)

    return read_rows(json_list(page, "data", answer), parse, source=source)
