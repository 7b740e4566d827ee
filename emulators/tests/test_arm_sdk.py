"""Microsoft's own clients, unchanged and with default arguments, under the real names."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.identity import ClientSecretCredential
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient

from bonito_emulators.azure import (
    DEFAULT_SUBSCRIPTION,
    DEFAULT_TENANT,
    AzureCloud,
    Creation,
    Deletion,
    Failure,
    Pace,
)
from emulators.tests.conftest import KEYS
from emulators.tests.management import CLIENT, PREVIEW, PROVIDER_DATA, SECRET, order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bonito_emulators import Emulation

GROUP, NAME = "rg-ai", "acme"
MINI = order("OpenAI/gpt-4o-mini/2024-07-18", capacity=10)
# The default is a poll every 30 s; the service sends no Retry-After.
FAST = 0


@pytest.fixture
def credential(emulation: Emulation) -> Iterator[ClientSecretCredential]:
    with (
        emulation.in_process(),
        ClientSecretCredential(DEFAULT_TENANT, CLIENT, SECRET) as credential,
    ):
        yield credential


@pytest.fixture
def sdk(credential: ClientSecretCredential) -> Iterator[CognitiveServicesManagementClient]:
    with CognitiveServicesManagementClient(credential, DEFAULT_SUBSCRIPTION) as client:
        yield client


def create(sdk: CognitiveServicesManagementClient, body: Any, name: str = "new") -> Any:
    raw = io.BytesIO(json.dumps(body).encode())
    poller = sdk.deployments.begin_create_or_update(
        GROUP, NAME, name, raw, content_type="application/json", polling_interval=FAST
    )
    return poller.result()


def test_the_first_listing_costs_one_sign_in_and_its_pages(
    sdk: CognitiveServicesManagementClient, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.page_size = 70
    models = list(sdk.models.list("swedencentral"))
    assert len(models) >= 60
    asked = [(request.host, request.method) for request in emulation.log.requests]
    login, management = "login.microsoftonline.com", "management.azure.com"
    pages = -(-len(models) // 70)
    assert asked == [(login, "GET"), (login, "POST"), *[(management, "GET")] * pages]
    assert emulation.log.violations == []
    first = models[0].model
    assert first is not None
    assert (first.format, first.name, first.version) == ("OpenAI", "babbage", "1")


def test_the_sdk_reads_accounts_keys_and_quota(
    sdk: CognitiveServicesManagementClient, emulation: Emulation
) -> None:
    assert [each.name for each in sdk.accounts.list()] == ["acme", "legacy"]
    account = sdk.accounts.get(GROUP, NAME)
    assert account.properties is not None
    assert account.properties.endpoints is not None
    assert account.properties.endpoints["AI Foundry API"] == "https://acme.services.ai.azure.com/"
    keys = sdk.accounts.list_keys(GROUP, NAME)
    assert (keys.key1, keys.key2) == KEYS
    names = {row.name.value for row in sdk.usages.list("swedencentral") if row.name}
    assert "AIServices.GlobalStandard.MaaS" in names
    assert len(list(sdk.accounts.list_models(GROUP, NAME))) >= 60
    assert {each.name for each in sdk.deployments.list(GROUP, NAME)} >= {"mini", "partner"}
    assert emulation.log.violations == []


@pytest.mark.parametrize(
    ("creation", "polls"),
    [
        (Creation(), 0),
        (Creation(shape="body", pending_state="Accepted", pace=Pace(looks=2)), 3),
        (Creation(shape="body", pace=Pace(looks=1)), 2),
        (Creation(shape="header", pace=Pace(looks=2)), 4),
    ],
)
def test_the_sdk_follows_every_shape_of_creating(
    sdk: CognitiveServicesManagementClient,
    cloud: AzureCloud,
    emulation: Emulation,
    creation: Creation,
    polls: int,
) -> None:
    cloud.account(NAME).creation = creation
    made = create(sdk, MINI)
    assert made.properties.provisioning_state == "Succeeded"
    assert made.properties.model.name == "gpt-4o-mini"
    asked = emulation.log.select("management.azure.com", method="GET")
    assert len(asked) == polls
    assert emulation.log.violations == []


def test_a_failure_in_a_200_is_an_error_with_its_code(
    sdk: CognitiveServicesManagementClient, cloud: AzureCloud
) -> None:
    failure = Failure(code="AnthropicOrganizationCreationException", message="Internal Error")
    cloud.account(NAME).creation = Creation(shape="header", failure=failure)
    with pytest.raises(HttpResponseError) as caught:
        create(sdk, MINI)
    assert caught.value.status_code == 200
    assert caught.value.error is not None
    assert caught.value.error.code == failure.code


@pytest.mark.parametrize("shape", ["immediate", "header", "location"])
def test_the_sdk_follows_every_shape_of_deleting(
    sdk: CognitiveServicesManagementClient, cloud: AzureCloud, emulation: Emulation, shape: Any
) -> None:
    cloud.account(NAME).deletion = Deletion(shape=shape)
    sdk.deployments.begin_delete(GROUP, NAME, "mini", polling_interval=FAST).result()
    assert cloud.account(NAME).deployment("mini") is None
    sdk.deployments.begin_delete(GROUP, NAME, "mini", polling_interval=FAST).result()
    with pytest.raises(ResourceNotFoundError):
        sdk.deployments.get(GROUP, NAME, "mini")
    assert emulation.log.violations == []


def test_a_conflict_is_raised_and_not_retried(
    sdk: CognitiveServicesManagementClient, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.account(NAME).hold_writes(Pace(seconds=60))
    with pytest.raises(ResourceExistsError) as caught:
        create(sdk, MINI)
    assert caught.value.error is not None
    assert caught.value.error.code == "RequestConflict"
    assert len(emulation.log.select(method="PUT")) == 1


def test_the_quota_and_the_role_are_errors_with_their_codes(
    sdk: CognitiveServicesManagementClient, cloud: AzureCloud
) -> None:
    with pytest.raises(HttpResponseError) as caught:
        create(sdk, order("OpenAI/gpt-4o/2024-11-20", capacity=431))
    assert caught.value.error is not None
    assert caught.value.error.code == "InsufficientQuota"
    cloud.directory.tenants[0].applications[0].roles.clear()
    with pytest.raises(HttpResponseError) as refused:
        sdk.accounts.get(GROUP, NAME)
    assert refused.value.status_code == 403
    assert refused.value.error is not None
    assert refused.value.error.code == "AuthorizationFailed"


def test_keys_of_an_account_without_keys_are_refused(
    sdk: CognitiveServicesManagementClient, cloud: AzureCloud
) -> None:
    cloud.account(NAME).local_auth_disabled = True
    with pytest.raises(HttpResponseError, match="disableLocalAuth is set to be true") as caught:
        sdk.accounts.list_keys(GROUP, NAME)
    assert caught.value.status_code == 400


def test_bytes_carry_the_customers_data_that_models_of_the_sdk_drop(
    credential: ClientSecretCredential, cloud: AzureCloud
) -> None:
    body = order("Anthropic/claude-sonnet-4-5/2", capacity=1, modelProviderData=PROVIDER_DATA)
    with CognitiveServicesManagementClient(
        credential, DEFAULT_SUBSCRIPTION, api_version=PREVIEW
    ) as sdk:
        assert create(sdk, body, "claude").properties.provisioning_state == "Succeeded"
    assert cloud.account(NAME).deployment("claude") is not None


@pytest.mark.parametrize(
    ("tenant", "client", "secret", "code"),
    [
        (DEFAULT_TENANT, CLIENT, "wrong", "AADSTS7000215"),
        (DEFAULT_TENANT, "22222222-0000-4000-8000-000000000000", SECRET, "AADSTS700016"),
    ],
)
def test_the_sdk_says_what_entra_refuses(
    emulation: Emulation, tenant: str, client: str, secret: str, code: str
) -> None:
    with (
        emulation.in_process(),
        ClientSecretCredential(tenant, client, secret) as credential,
        pytest.raises(ClientAuthenticationError, match=code),
    ):
        credential.get_token("https://management.azure.com/.default")


def test_a_token_is_kept_per_scope(
    credential: ClientSecretCredential, emulation: Emulation
) -> None:
    management, foundry = "https://management.azure.com/.default", "https://ai.azure.com/.default"
    tokens = [credential.get_token(scope).token for scope in (management, management, foundry)]
    assert tokens[0] == tokens[1] != tokens[2]
    assert [request.method for request in emulation.log.requests] == ["GET", "POST", "POST"]
