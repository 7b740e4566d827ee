"""Bedrock broken as the monolith was: what is listed, called and routed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock import deployments, wire
from bonito_aws_bedrock.credentials import BedrockCredentials
from bonito_aws_bedrock.regions import Service
from bonito_aws_bedrock.session import client_of
from bonito_aws_bedrock.transport import signing_token
from bonito_providers import (
    Connection,
    Credentials,
    Deployment,
    GatewayEntry,
    Invocation,
    InvocationRequest,
    Listing,
    Model,
    State,
    hookimpl,
)
from bonito_providers.errors import ProviderError
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.shipped import Bedrock, rerouted

if TYPE_CHECKING:
    from bonito_aws_bedrock.deployments import Standing

MONOLITH = "monolith: "


@broken(
    "LIST-06",
    incident="A listing asked once for each model, was throttled, and left out what failed.",
    source=f"{MONOLITH}aws_bedrock.py _check_model_access, KNOWN-ISSUES 28 (row 3)",
)
class AsksForEachModel(Bedrock):
    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        listing = await super().list_models(connection)
        kept = []
        for item in listing.items:
            with contextlib.suppress(ProviderError):
                await wire.call(
                    connection, "bedrock", "GetFoundationModel", modelIdentifier=item.id
                )
                kept.append(item)
        return listing.model_copy(update={"items": tuple(kept)})


@broken(
    "ISO-04",
    incident="What one customer's account may use was kept by region and shown to the next.",
    source=f"{MONOLITH}aws_bedrock.py cache key bedrock:models:<region> (row 10)",
)
class KeepsListingsByRegion(Bedrock):
    def __init__(self) -> None:
        self._kept: dict[str, Listing[Model]] = {}

    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        region = wire.own(connection).region
        if region not in self._kept:
            self._kept[region] = await super().list_models(connection)
        return self._kept[region]


@broken(
    "LIST-06",
    incident="While the service failed, a list of models written by hand was shown, long dead.",
    source=f"{MONOLITH}gateway.py falls back to claude-3-5 and gemini-1.5 (row 21)",
)
class FallsBackToACatalogueOfItsOwn(Bedrock):
    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        try:
            return await super().list_models(connection)
        except ProviderError:
            known = Model(id="anthropic.claude-3-5-sonnet", name="anthropic.claude-3-5-sonnet")
            return Listing[Model](
                items=(known,),
                complete=True,
                source="What this region usually has.",
                observed_at=connection.clock.now(),
            )


def _by_another_word(row: Standing) -> State:
    """Read the state as other clouds write it."""
    return State.READY if row.status in ("active", "ACTIVE") else State.PROVISIONING


@broken(
    "LIST-11",
    incident="A state was taken for the word of another cloud, and what was ready never became so.",
    source=f"{MONOLITH}api/routes/deployments.py, InService beside active (row 9)",
    exchanged={"bonito_aws_bedrock.deployments.state_of": _by_another_word},
)
class WaitsForAnotherWord(Bedrock):
    """Otherwise as it is shipped."""


@broken(
    "LIST-18",
    incident="Whose model it is was read from the first part of its id.",
    source=f"{MONOLITH}aws_bedrock.py tells the vendor by the id's first part (row 11)",
)
class NamesPublishersByTheId(Bedrock):
    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        listing = await super().list_models(connection)
        items = tuple(
            each.model_copy(update={"publisher": each.id.partition(".")[0]})
            for each in listing.items
        )
        return listing.model_copy(update={"items": items})


@broken(
    "CALL-01",
    incident="A profile was called in the form of Titan, since its id begins with a geography.",
    source=f"{MONOLITH}aws_bedrock.py tells the vendor by the id's first part (row 11)",
)
class CallsEverythingLikeTitan(Bedrock):
    @hookimpl
    async def invoke_model(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        identity = deployments.called_id(deployment)
        if identity.startswith("amazon.") or request.kind != "chat":
            return await super().invoke_model(connection, deployment, request)
        await wire.call(
            connection,
            "bedrock-runtime",
            "InvokeModel",
            modelId=identity,
            contentType="application/json",
            body=f'{{"inputText": "{request.prompt}"}}',
        )
        return Invocation(surface="invoke")


@broken(
    "CALL-01",
    incident="Every call was counted as nothing, since a vendor writes its tokens elsewhere.",
    source=f"{MONOLITH}aws_bedrock.py, tokens of Mistral are 0 (row 11)",
)
class CountsNothing(Bedrock):
    @hookimpl
    async def invoke_model(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        answer = await super().invoke_model(connection, deployment, request)
        return answer.model_copy(update={"input_tokens": 0, "output_tokens": 0})


class _Forgetful(BedrockCredentials):
    """Stores what an older schema knew."""

    def reveal(self) -> dict[str, Any]:
        stored = dict(super().reveal())
        stored.pop("role_arn", None)
        stored.pop("external_id", None)
        return stored


@broken(
    "SCHEMA-06",
    incident="The role was checked, then dropped when the connection was stored.",
    source=f"{MONOLITH}onboarding.py, _ALLOWED_FIELDS without role_arn (row 12)",
)
class ForgetsTheRole(Bedrock):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return _Forgetful


def _host_has_a_key() -> bool:
    return "AWS_BEARER_TOKEN_BEDROCK" in os.environ


def _by_the_hosts_key(service: Service, region: str, *, bearer: bool) -> Any:
    """Return a client as boto3 makes it: it prefers the host's API key to the keys it is given."""
    return client_of(service, region, bearer=bearer or (_host_has_a_key() and service != "sts"))


def _the_hosts_key() -> str:
    return os.environ["AWS_BEARER_TOKEN_BEDROCK"] if _host_has_a_key() else signing_token()


@broken(
    "META-09",
    incident="A customer's requests were made by the API key of the host.",
    source="aws_gcp, measured: boto3 and LiteLLM prefer AWS_BEARER_TOKEN_BEDROCK to keys (row 14)",
    exchanged={
        "bonito_aws_bedrock.sdk.client_of": _by_the_hosts_key,
        "bonito_aws_bedrock.session.signing_token": _the_hosts_key,
    },
)
class SignsAsTheHost(Bedrock):
    """Otherwise as it is shipped."""


@broken(
    "GATE-03",
    incident="Models were called through a profile of another continent, guessed from a list.",
    source=f"{MONOLITH}gateway.py BEDROCK_INFERENCE_PROFILE_PREFIXES (row 4)",
)
class RoutesByAPrefix(Bedrock):
    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        entry = super().build_gateway_entry(credentials, deployment)
        return rerouted(entry, model_id=f"us.{deployment.model.name}")


@broken(
    "GATE-03",
    incident="Provisioned throughput was paid by the hour, and every call went past it.",
    source=f"{MONOLITH}gateway.py _build_model_list asks for Azure's deployments alone (row 8)",
)
class RoutesPastWhatIsPaid(Bedrock):
    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        return rerouted(super().build_gateway_entry(credentials, deployment), model_id=None)


@broken(
    "GATE-14",
    incident="Calls through a profile were logged at no cost, since no price has its ARN.",
    source=f"{MONOLITH}gateway.py compute_request_cost (row 22)",
)
class PricesByTheARN(Bedrock):
    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        entry = super().build_gateway_entry(credentials, deployment)
        if "model_id" not in entry.litellm_params:
            return entry
        named = rerouted(entry, model=f"bedrock/{entry.litellm_params['model_id']}", model_id=None)
        return named.model_copy(update={"model_info": {}})


@broken(
    "GATE-14",
    incident="Whatever had no price of its own was counted at Claude's.",
    source=f"{MONOLITH}gateway.py, fallback prices by substring (row 22)",
)
class PricesEverythingLikeClaude(Bedrock):
    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        entry = super().build_gateway_entry(credentials, deployment)
        if "base_model" in entry.model_info:
            return entry
        priced: Mapping[str, Any] = {"base_model": "anthropic.claude-opus-5"}
        return entry.model_copy(update={"model_info": priced})
