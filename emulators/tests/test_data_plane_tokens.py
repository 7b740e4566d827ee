from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bonito_emulators.azure import (
    COGNITIVE_SERVICES_OPENAI_USER,
    COGNITIVE_SERVICES_USER,
    CONTRIBUTOR,
    AzureCloud,
    RoleAssignment,
)
from emulators.tests.management import SCOPE, application, token

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from bonito_emulators import Emulation

pytestmark = pytest.mark.slow

SERVICES = "https://cognitiveservices.azure.com"
FOUNDRY = "https://ai.azure.com"
LEARNING = "https://ml.azure.com"
MANAGEMENT = "https://management.azure.com"
QUESTION = {"messages": [{"role": "user", "content": "hello"}]}
CHAT = {"model": "partner", **QUESTION}
CLAUDE = {"model": "sonnet", "max_tokens": 9, **QUESTION}
V1 = "/openai/v1/chat/completions"
MODELS = "/models/chat/completions?api-version=2024-05-01-preview"
CLASSIC = "/openai/deployments/mini/chat/completions?api-version=2024-10-21"
PROJECT = "/api/projects/team/deployments?api-version=v1"
LISTING = "/openai/deployments?api-version=2023-03-15-preview"
ANTHROPIC = "/anthropic/v1/messages"
BODIES = {V1: CHAT, MODELS: CHAT, CLASSIC: QUESTION, ANTHROPIC: CLAUDE}
VERSION = {"anthropic-version": "2023-06-01"}


def ask(client: httpx.Client, path: str, credential: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {credential}", **VERSION}
    if path in BODIES:
        return client.post(path, json=BODIES[path], headers=headers)
    return client.get(path, headers=headers)


@pytest.mark.parametrize(
    ("path", "audiences"),
    [
        (V1, {SERVICES, FOUNDRY}),
        (MODELS, {SERVICES, LEARNING}),
        (CLASSIC, {SERVICES}),
        (PROJECT, {FOUNDRY}),
        (LISTING, {SERVICES}),
        (ANTHROPIC, {SERVICES, FOUNDRY}),
    ],
)
@pytest.mark.parametrize("audience", [SERVICES, FOUNDRY, LEARNING, MANAGEMENT])
def test_each_surface_takes_tokens_of_its_own_audiences(
    client: httpx.Client,
    cloud: AzureCloud,
    emulation: Emulation,
    *,
    path: str,
    audiences: set[str],
    audience: str,
) -> None:
    answer = ask(client, path, token(cloud, audience))
    if audience in audiences:
        assert answer.status_code == 200, answer.text
        assert emulation.log.violations == []
        return
    assert answer.status_code == 401
    assert answer.json()["statusCode"] == 401
    assert "audience is incorrect" in answer.json()["message"]
    assert f"a token for {audience} was sent to a data plane" in emulation.log.violations[0]


def test_where_keys_are_disabled_tokens_still_work(
    client: httpx.Client, cloud: AzureCloud, key: str
) -> None:
    cloud.account("acme").local_auth_disabled = True
    refused = client.post(V1, json=CHAT, headers={"api-key": key})
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "AuthenticationTypeDisabled"
    assert ask(client, V1, token(cloud, SERVICES)).status_code == 200


def test_a_listing_that_takes_no_keys_takes_tokens(
    client: httpx.Client, cloud: AzureCloud, key: str
) -> None:
    cloud.account("acme").project_listing_accepts_key = False
    assert ask(client, PROJECT, key).status_code == 401
    assert ask(client, PROJECT, token(cloud, FOUNDRY)).status_code == 200


def test_a_token_that_expired_or_was_made_up_is_refused(
    client: httpx.Client, cloud: AzureCloud
) -> None:
    valid = token(cloud, SERVICES)
    assert ask(client, V1, valid[:-3]).status_code == 401
    cloud.advance(3600)
    assert ask(client, V1, valid).status_code == 401


def test_who_may_deploy_may_not_therefore_call(client: httpx.Client, cloud: AzureCloud) -> None:
    roles = application(cloud).roles
    roles[:] = [RoleAssignment(role=CONTRIBUTOR, scope=SCOPE)]
    refused = ask(client, V1, token(cloud, SERVICES))
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "PermissionDenied"
    assert "lacks the required data action" in refused.json()["error"]["message"]
    roles.append(RoleAssignment(role=COGNITIVE_SERVICES_USER, scope=SCOPE))
    assert ask(client, V1, token(cloud, SERVICES)).status_code == 200


def test_the_role_for_openai_does_not_open_the_partners_surface(
    client: httpx.Client, cloud: AzureCloud
) -> None:
    roles = application(cloud).roles
    roles[:] = [RoleAssignment(role=COGNITIVE_SERVICES_OPENAI_USER, scope=SCOPE)]
    assert ask(client, CLASSIC, token(cloud, SERVICES)).status_code == 200
    assert ask(client, MODELS, token(cloud, SERVICES)).status_code == 401


def test_an_account_without_a_subdomain_takes_keys_only(
    client: httpx.Client, cloud: AzureCloud, key: str
) -> None:
    cloud.account("acme").custom_subdomain = None
    assert client.post(V1, json=CHAT, headers={"api-key": key}).status_code == 200
    refused = ask(client, V1, token(cloud, SERVICES))
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "BadRequest")


def test_a_token_in_a_keys_header_is_a_wrong_key(client: httpx.Client, cloud: AzureCloud) -> None:
    answer = client.post(V1, json=CHAT, headers={"api-key": token(cloud, SERVICES)})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "401"


def test_a_token_of_an_earlier_cloud_is_good_where_its_application_stands(
    cloud: AzureCloud,
) -> None:
    tenant = cloud.directory.tenants[0]
    given = cloud.directory.issue(tenant, tenant.applications[0], audience=FOUNDRY)
    later, stranger = AzureCloud([], tenants=[tenant]), AzureCloud([])
    found = later.directory.token(given.value)
    assert found is not None
    assert (found.audience, found.application) == (FOUNDRY, tenant.applications[0])
    assert stranger.directory.token(given.value) is None


@pytest.mark.parametrize("forge", [str.upper, lambda value: f"{value}x", lambda value: value[3:]])
def test_a_token_whose_signature_does_not_fit_is_nobodys(
    cloud: AzureCloud, forge: Callable[[str], str]
) -> None:
    tenant = cloud.directory.tenants[0]
    given = cloud.directory.issue(tenant, tenant.applications[0], audience=FOUNDRY)
    assert cloud.directory.token(forge(given.value)) is None
