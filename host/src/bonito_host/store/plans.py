"""Stored plans: the intent, written before any call, and what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from bonito_host.store.connections import missing as connection_missing
from bonito_host.store.engines import reading
from bonito_host.store.errors import RecordMissing
from bonito_host.store.schema import plans
from bonito_host.store.sealing import Place, Sealer, require_key
from bonito_host.store.status import UNSETTLED, PlanStatus
from bonito_providers.deployment import Deployment, DeploymentPlan, State

_FINAL = {
    State.READY: PlanStatus.DONE,
    State.FAILED: PlanStatus.FAILED,
    State.NEEDS_ACTION: PlanStatus.FAILED,
}


@dataclass(frozen=True, kw_only=True)
class StoredPlan:
    """A plan as it is stored.

    Attributes:
        id: How it is named in commands.
        connection: The connection it was made for.
        plan: The plan itself.
        status: What became of it.
        reason: Why, where it failed.
        deployment: What was last seen of the deployment, without its operation.
        created_at: When it was made.
        updated_at: When something of it last changed.
    """

    id: str
    connection: str
    plan: DeploymentPlan
    status: PlanStatus
    reason: str
    deployment: Deployment | None
    created_at: datetime
    updated_at: datetime


class StoredPlans:
    """The plans of a store."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    def add(self, connection: str, plan: DeploymentPlan) -> StoredPlan:
        """Store a plan.

        Raises:
            RecordMissing: The connection has been removed.
        """
        id, now = secrets.token_hex(5), _now()
        values = {
            "id": id,
            "connection": connection,
            "name": plan.ref.name,
            "ref": plan.ref.model_dump(mode="json"),
            "plan": plan.model_dump(mode="json"),
            "status": PlanStatus.PLANNED,
            "created_at": now,
            "updated_at": now,
        }
        try:
            with self._engine.begin() as database:
                database.execute(insert(plans).values(**values))
        except IntegrityError:
            raise connection_missing(connection) from None
        return self.get(id)

    def get(self, id: str) -> StoredPlan:
        """Return a plan.

        Raises:
            RecordMissing: There is none of that id.
        """
        with reading(self._engine) as database:
            row = database.execute(select(plans).where(plans.c.id == id)).first()
        if row is None:
            raise RecordMissing(
                f"There is no plan {id}.",
                hint="Make one: bonito plan CONNECTION MODEL prints its id.",
            )
        return _record(row)

    def unsettled(self, connection: str) -> list[StoredPlan]:
        """Return the plans of a connection that a crash may have left open, the oldest first."""
        return self._found(plans.c.connection == connection, plans.c.status.in_(UNSETTLED))

    def done(self, connection: str) -> list[StoredPlan]:
        """Return the plans of a connection whose deployments stand, the oldest first."""
        return self._found(plans.c.connection == connection, plans.c.status == PlanStatus.DONE)

    def named(self, connection: str, name: str) -> list[StoredPlan]:
        """Return the plans of a connection for one deployment name, the oldest first."""
        return self._found(plans.c.connection == connection, plans.c.name == name)

    def start(self, id: str, status: PlanStatus = PlanStatus.STARTED) -> None:
        """Note that calls begin now: what happens to this process after, the intent stands."""
        self._update(id, status=status, reason="")

    def seen(self, id: str, deployment: Deployment) -> None:
        """Note what was seen of the deployment; its final states settle the plan."""
        values: dict[str, Any] = {"deployment": _without_operation(deployment)}
        operation = deployment.operation
        if status := _FINAL.get(deployment.state):
            operation = None
            values |= {"status": status, "operation": None, "reason": deployment.error or ""}
        self._update(id, operation, **values)

    def settle(
        self, id: str, status: PlanStatus, *, reason: str = "", deployment: Deployment | None = None
    ) -> None:
        """Note how it ended."""
        values = {"deployment": _without_operation(deployment)} if deployment else {}
        self._update(id, status=status, reason=reason, operation=None, **values)

    def operation(self, id: str) -> SecretStr | None:
        """Return the running operation that was last seen, in clear.

        Raises:
            SealBroken: It was altered, or belongs to another plan.
        """
        with reading(self._engine) as database:
            sealed = database.execute(select(plans.c.operation).where(plans.c.id == id)).scalar()
        if sealed is None:
            return None
        return SecretStr(self._sealer.open(sealed, place=place_of_operation(id)).decode())

    def _found(self, *conditions: Any) -> list[StoredPlan]:  # noqa: ANN401 - SQLAlchemy's clauses
        order = plans.c.created_at, plans.c.id
        with reading(self._engine) as database:
            rows = database.execute(select(plans).where(*conditions).order_by(*order)).all()
        return [_record(row) for row in rows]

    def _update(
        self,
        id: str,
        secret: SecretStr | None = None,
        /,
        **values: Any,  # noqa: ANN401 - columns of many types
    ) -> None:
        with self._engine.begin() as database:
            require_key(database, self._sealer)
            if secret is not None:
                plain = secret.get_secret_value().encode()
                values["operation"] = self._sealer.seal(plain, place=place_of_operation(id))
            database.execute(
                update(plans).where(plans.c.id == id).values(updated_at=_now(), **values)
            )


def newest(found: Iterable[StoredPlan], *statuses: PlanStatus) -> StoredPlan | None:
    """Return the last of the plans that stand in one of these statuses."""
    return next((each for each in reversed(list(found)) if each.status in statuses), None)


def _without_operation(deployment: Deployment) -> dict[str, Any]:
    return deployment.model_dump(mode="json", exclude={"operation"})


def place_of_operation(id: str) -> Place:
    """Return where a plan's sealed operation belongs."""
    return Place(table=plans.name, record=id, field="operation")


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _record(row: Any) -> StoredPlan:  # noqa: ANN401 - SQLAlchemy's row
    return StoredPlan(
        id=row.id,
        connection=row.connection,
        plan=DeploymentPlan.model_validate(row.plan),
        status=PlanStatus(row.status),
        reason=row.reason,
        deployment=Deployment.model_validate(row.deployment) if row.deployment else None,
        created_at=datetime.fromisoformat(row.created_at),
        updated_at=datetime.fromisoformat(row.updated_at),
    )
