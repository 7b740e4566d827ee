"""Bedrock broken as the monolith was: access, profiles and provisioned throughput."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock import deployments, planning, wire
from bonito_aws_bedrock.access import Access
from bonito_aws_bedrock.actions import terms
from bonito_aws_bedrock.signin import Signin
from bonito_aws_bedrock.sources import GEO, ON_DEMAND, PROVISIONED, Source
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    State,
    hookimpl,
)
from bonito_providers.errors import ProviderError
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.shipped import Bedrock

if TYPE_CHECKING:
    from bonito_aws_bedrock.rows import ModelRow, ProfileRow

MONOLITH = "monolith: "


@broken(
    "LIFE-01",
    incident="The call that was to give access does not exist, and no model could be activated.",
    source=f"{MONOLITH}model_activation.py, put_foundation_model_entitlement (row 1)",
)
class CallsWhatDoesNotExist(Bedrock):
    @hookimpl
    async def deploy(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        try:
            await wire.call(
                connection, "bedrock", "PutFoundationModelEntitlement", modelId=plan.model.name
            )
        except ProviderError:
            failed = deployments.bare(connection, plan.ref, State.FAILED)
            return failed.model_copy(update={"created": False, "error": "Failed to activate."})
        return await super().deploy(connection, plan)


async def _by_made_up_fields(
    connection: Connection, model: str, request: DeploymentRequest
) -> Access:
    """Read availability as nobody ever wrote it."""
    found = await wire.call(connection, "bedrock", "GetFoundationModelAvailability", modelId=model)
    status = found.get("availability", {}).get("status", "AVAILABLE")
    return Access(actions=(terms(None, ""),) if status == "PENDING_ACCESS" else ())


@broken(
    "PLAN-07",
    incident="An answer's fields were made up: they never came, and access was always taken as "
    "given.",
    source=f"{MONOLITH}provider_service._normalize_model_status (row 2)",
    exchanged={"bonito_aws_bedrock.access.observe": _by_made_up_fields},
)
class ReadsFieldsThatNeverCome(Bedrock):
    """Otherwise as it is shipped."""


def _by_lifecycle(
    model: ModelRow, profiles: Iterable[ProfileRow], *, region: str
) -> tuple[Source, ...]:
    """Call whatever is active by its own id."""
    if model.lifecycle.status != "ACTIVE":
        return ()
    return (Source(ON_DEMAND, model.id, model.arn, frozenset({region})),)


@broken(
    "PLAN-07",
    incident="That a model is active was taken for that the account may call it.",
    source=f"{MONOLITH}aws_bedrock.py _check_model_access (row 3)",
    exchanged={"bonito_aws_bedrock.planning.sources_of": _by_lifecycle},
)
class TakesTheLifecycleForAccess(Bedrock):
    """Otherwise as it is shipped."""


def _by_prefix(
    model: ModelRow, profiles: Iterable[ProfileRow], *, region: str
) -> tuple[Source, ...]:
    """Call every model by the profile that it has in the United States."""
    arn = f"arn:aws:bedrock:{region}::inference-profile/us.{model.id}"
    return (Source(GEO, f"us.{model.id}", arn, frozenset({region})),)


@broken(
    "LIFE-01",
    incident="A list of prefixes stood in the code: wrong outside the United States, and out of "
    "date.",
    source=f"{MONOLITH}gateway.py BEDROCK_INFERENCE_PROFILE_PREFIXES (row 4)",
    exchanged={"bonito_aws_bedrock.planning.sources_of": _by_prefix},
)
class KnowsPrefixesByHeart(Bedrock):
    """Otherwise as it is shipped."""


@broken(
    "LIFE-19",
    incident="The service refused, the refusal was swallowed, and access was told as verified.",
    source=f"{MONOLITH}deployment_service.py deploy_aws (row 5)",
)
class SwallowsTheRefusal(Bedrock):
    @hookimpl
    async def deploy(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        try:
            return await super().deploy(connection, plan)
        except ProviderError:
            done = deployments.bare(connection, plan.ref, State.READY)
            return done.model_copy(update={"model": plan.model, "created": True})


_honest_preview = planning._preview  # noqa: SLF001 - what is made wrong below


def _for_a_week(*arguments: Any) -> dict[str, Any]:
    preview = _honest_preview(*arguments)
    if preview.get("operation") == "CreateProvisionedModelThroughput":
        preview["body"]["commitmentDuration"] = "OneWeek"
    return preview


@broken(
    "PLAN-05",
    incident="Throughput was asked for on terms that the service does not have.",
    source=f"{MONOLITH}deployment_service.py sends OneWeek and ThreeMonths (row 6)",
    exchanged={"bonito_aws_bedrock.planning._preview": _for_a_week},
)
class AsksForAWeek(Bedrock):
    """Otherwise as it is shipped."""


def _by_the_models_name(request: DeploymentRequest) -> str:
    return request.name or f"bonito-{(request.model or '').partition('.')[2]}"


@broken(
    "LIFE-01",
    incident="A name was made of a model's id, colon and all, and the service took none of them.",
    source=f"{MONOLITH}deployment_service.py, bonito-nova-lite-v1:0 (row 6)",
    exchanged={"bonito_aws_bedrock.planning._name": _by_the_models_name},
)
class NamesWithoutTheRule(Bedrock):
    """Otherwise as it is shipped."""


@broken(
    "LIFE-15",
    incident="A delete failed, its row was removed nevertheless, and the hours went on being paid.",
    source=f"{MONOLITH}api/routes/deployments.py delete (row 9)",
)
class ForgetsWhatItCouldNotDelete(Bedrock):
    @hookimpl
    async def delete_deployment(
        self,
        connection: Connection,
        ref: DeploymentRef,
        include_unowned: bool,  # noqa: FBT001 - the contract's own signature
    ) -> Deployment:
        try:
            return await super().delete_deployment(connection, ref, include_unowned)
        except ProviderError:
            return deployments.bare(connection, ref, State.ABSENT)


class _WithOneId(Signin):
    """Assumes every customer's role with the same external id."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._external_id = "bonito-external-id"


@broken(
    "CRED-01",
    incident="One external id was written into the code for all customers.",
    source=f"{MONOLITH}onboarding.py, ExternalId bonito-external-id (row 12)",
    exchanged={"bonito_aws_bedrock.sdk.Signin": _WithOneId},
)
class SharesOneExternalId(Bedrock):
    """Otherwise as it is shipped."""


def _bought_unasked(request: DeploymentRequest) -> planning.Choice:
    return planning.Choice(PROVISIONED, capacity=request.capacity or 1)


@broken(
    "PLAN-07",
    incident="Throughput was bought by the hour as the way to deploy, and nobody was asked.",
    source=f"{MONOLITH}deployment_service.py, minimum of a week by default (row 6)",
    exchanged={"bonito_aws_bedrock.planning._bought": _bought_unasked},
)
class BuysUnasked(Bedrock):
    """Otherwise as it is shipped."""
