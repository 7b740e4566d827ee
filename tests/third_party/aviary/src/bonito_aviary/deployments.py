"""What stands in the account: reading deployments, by management or by the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from bonito_aviary import errors
from bonito_aviary.facts import described
from bonito_aviary.rows import DeploymentRow, OperationRow, read_row, require_row
from bonito_aviary.wire import Rows, Wire, own
from bonito_providers.answers import json_object
from bonito_providers.catalog import Listing, Skipped
from bonito_providers.deployment import Deployment, DeploymentRef, State
from bonito_providers.errors import DeploymentNotFound, HostRefused, InvalidRequest, RequestError

if TYPE_CHECKING:
    from bonito_aviary.rows import Failure
    from bonito_providers.connection import Connection

OWNER_TAG, OWNER = "managed-by", "bonito"
"""The tag by which a deployment is known as this project's own."""
BILLING = {"shared": "Billed by the token.", "dedicated": "Billed by the hour while it stands."}
"""Aviary's documentation, Management."""
_STATES = {
    "building": State.PROVISIONING,
    "ready": State.READY,
    "failed": State.FAILED,
    "removing": State.DELETING,
}


class Deployments(Wire):
    """Reading what stands."""

    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        """Return every deployment of the account, whoever created it."""
        rows = await self.deployment_rows(connection)
        items: dict[str, Deployment] = {}
        skipped: list[Skipped] = []
        for raw in rows.items:
            row = read_row(DeploymentRow, raw)
            if isinstance(row, str):
                skipped.append(Skipped(id=name_in(raw), reason=row))
            else:
                items.setdefault(row.name, self.read(connection, row))
        untold = () if own(connection).manages else ("A key sees neither SKUs nor owners.",)
        return Listing[Deployment](
            items=tuple(items[name] for name in sorted(items)),
            skipped=tuple(skipped),
            complete=not rows.note,
            source=_source(connection),
            notes=(*rows.notes, *untold),
            observed_at=connection.clock.now(),
        )

    async def deployment_rows(self, connection: Connection) -> Rows:
        """Return the rows of the better listing that these credentials can read."""
        if own(connection).manages:
            return await self.pages(connection, await self.account(connection, "/deployments"))
        return Rows(await self.listed(connection, "/v1/deployments"))

    async def find(self, connection: Connection, name: str) -> DeploymentRow | None:
        """Return one deployment as management shows it, or None where there is none."""
        url = await self.deployment_address(connection, name)
        try:
            response = await self.manage(connection, "GET", url)
        except DeploymentNotFound as error:
            if error.code != errors.MISSING:
                raise  # something in Aviary's place said "not found"
            return None
        return require_row(DeploymentRow, json_object(response), response)

    async def failure(self, connection: Connection, row: DeploymentRow) -> Failure | None:
        """Return why the building of a deployment failed, where its operation tells."""
        if row.operation is None:
            return None
        try:
            response = await self.manage(connection, "GET", row.operation)
        except (HostRefused, RequestError):
            return None  # only a hint: the deployment itself tells its state
        operation = require_row(OperationRow, json_object(response), response)
        return operation.error if operation.status == "failed" else None

    def read(self, connection: Connection, row: DeploymentRow) -> Deployment:
        """Return a deployment from its row; the address of its operation is a secret."""
        state = self.state_of(row)
        operation = SecretStr(row.operation) if row.operation else None
        if operation is not None:
            connection.redact.add(operation, *_tickets(operation.get_secret_value()))
        return Deployment(
            ref=self.ref(connection, row.name),
            model=described(connection, row.model, version=row.version, kind=row.kind),
            endpoint=own(connection).endpoint,
            state=state,
            owned=self.owned(row),
            sku=row.sku,
            capacity=row.capacity,
            billing=BILLING.get(row.sku or ""),
            error="Aviary says that it failed." if state is State.FAILED else None,
            source=_source(connection),
            observed_at=connection.clock.now(),
            operation=operation,
        )

    def state_of(self, row: DeploymentRow) -> State:
        """Return the state; a word that is not known yet counts as still under way."""
        return _STATES.get(row.state, State.PROVISIONING)

    def owned(self, row: DeploymentRow) -> bool | None:
        """Return whether this project created it; None where the listing shows no tags."""
        return None if row.tags is None else row.tags.get(OWNER_TAG) == OWNER

    def ref(self, connection: Connection, name: str) -> DeploymentRef:
        """Return how to find a deployment of this account again; nothing is called."""
        return DeploymentRef(provider="aviary", resource=own(connection).account, name=name)

    def bare(self, connection: Connection, ref: DeploymentRef, state: State) -> Deployment:
        """Return a deployment of which only the state is known."""
        return Deployment(
            ref=ref,
            endpoint=None if state is State.ABSENT else own(connection).endpoint,
            state=state,
            source=_source(connection),
            observed_at=connection.clock.now(),
        )

    def require_own(self, connection: Connection, ref: DeploymentRef) -> None:
        """Let a reference pass that is of this connection's account.

        Raises:
            InvalidRequest: It belongs elsewhere.
        """
        if ref != self.ref(connection, ref.name):
            raise InvalidRequest(
                f"{ref.name} belongs to {ref.provider}/{ref.resource}, not to this connection.",
                hint="Use the connection it was made with.",
            )


def name_in(raw: object) -> str:
    """Return the name in a row that cannot be read, so that a person can find it."""
    name = raw.get("name", raw.get("id")) if isinstance(raw, dict) else None
    fit = isinstance(name, str) and name.isprintable() and name
    return str(name)[:100] if fit else "(no name)"


def _source(connection: Connection) -> str:
    by = "management" if own(connection).manages else "key"
    return f"The account {own(connection).account}, by its {by}."


def _tickets(operation: str) -> tuple[SecretStr, ...]:
    _, found, rest = operation.partition("ticket=")
    return (SecretStr(rest.partition("&")[0]),) if found else ()
