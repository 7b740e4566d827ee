"""What the API takes and gives, beside the core's own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bonito_host.store.connections import StoredConnection
from bonito_host.store.plans import StoredPlan
from bonito_host.web.checking import Checked
from bonito_host.web.deployments import Standing
from bonito_host.web.runs import Run
from bonito_providers.credentials import Capabilities
from bonito_providers.deployment import Deployment, DeploymentPlan, DeploymentRequest
from bonito_providers.report import CredentialReport, FieldChange

Text = str


class Input(BaseModel):
    """What a caller sends; a field that is not known is refused by name."""

    model_config = ConfigDict(extra="forbid")


class Document(BaseModel):
    """What a caller is given."""


class ErrorDetail(Document):
    """What happened and what to do about it."""

    model_config = ConfigDict(extra="allow")

    message: str
    hint: str = ""


class ErrorAnswer(Document):
    """An error; its class is the core's own."""

    error: ErrorDetail


class NewConnection(Input):
    """Credentials to check and store."""

    cloud: str
    fields: Mapping[str, Any] = Field(description="By the schema of `GET /api/providers`.")
    id: str = ""


class OtherCredentials(Input):
    """Credentials for a stored connection; secrets that are left out stay."""

    fields: Mapping[str, Any]


class PlanInput(Input):
    """What is to be planned, and where."""

    connection: str
    request: DeploymentRequest


class Question(Input):
    """What to ask a deployment."""

    prompt: str = Field(min_length=1, max_length=20_000)


class KeyInput(Input):
    """Whose key is to be made."""

    name: str = Field(min_length=1, max_length=100)


class ConnectionDocument(Document):
    """A stored connection, without its credentials."""

    id: str
    provider: str
    cloud: str
    title: str
    created_at: str
    checked_at: str | None
    report: Mapping[str, Any] | None

    @classmethod
    def of(cls, stored: StoredConnection) -> ConnectionDocument:
        """Return a stored connection as JSON takes it."""
        return cls.model_validate(stored, from_attributes=True)


class CheckedDocument(Document):
    """What became of credentials."""

    id: str
    saved: bool
    report: CredentialReport
    capabilities: Capabilities
    changes: tuple[FieldChange, ...]

    @classmethod
    def of(cls, checked: Checked) -> CheckedDocument:
        """Return it as JSON takes it."""
        return cls.model_validate(checked, from_attributes=True)


class PlanDocument(Document):
    """A stored plan and what became of it."""

    id: str
    connection: str
    status: str
    reason: str
    plan: DeploymentPlan
    deployment: Deployment | None

    @classmethod
    def of(cls, stored: StoredPlan) -> PlanDocument:
        """Return a stored plan as JSON takes it."""
        return cls.model_validate(stored, from_attributes=True)


class StandingDocument(Document):
    """A deployment and its way through the gateway."""

    connection: str
    deployment: Deployment
    route: str | None
    aliases: tuple[str, ...]
    reason: str

    @classmethod
    def of(cls, standing: Standing) -> StandingDocument:
        """Return it as JSON takes it."""
        known = standing.deployment.model_copy(update={"operation": None})
        return cls(
            connection=standing.connection,
            deployment=known,
            route=standing.route,
            aliases=standing.aliases,
            reason=standing.reason,
        )


class RunDocument(Document):
    """How a deployment or deletion is getting on."""

    connection: str
    name: str
    deleting: bool
    state: str
    words: str
    seconds: float
    ended: bool
    error: str | None

    @classmethod
    def of(cls, run: Run) -> RunDocument:
        """Return it as JSON takes it."""
        state = run.seen.state.value if run.seen else "started"
        return cls(
            connection=run.connection,
            name=run.ref.name,
            deleting=run.deleting,
            state=state,
            words="failed" if run.error else state.replace("_", " "),
            seconds=run.seconds,
            ended=run.ended,
            error=run.error.message if run.error else None,
        )
