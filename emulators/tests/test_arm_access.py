from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bonito_emulators.azure import (
    COGNITIVE_SERVICES_CONTRIBUTOR,
    COGNITIVE_SERVICES_USAGES_READER,
    DEFAULT_SUBSCRIPTION,
    READER,
    AzureCloud,
    RoleAssignment,
    Subscription,
    Tenant,
)
from emulators.tests.management import (
    ACCOUNT,
    CLIENT,
    GROUP,
    LOCATION,
    PROVIDER,
    SCOPE,
    Arm,
    application,
    error,
    order,
    tenant,
    token,
)

if TYPE_CHECKING:
    from bonito_emulators import Emulation

pytestmark = pytest.mark.slow

MINI = order("OpenAI/gpt-4o-mini/2024-07-18")


def test_without_a_token_arm_says_how_to_get_one(arm: Arm) -> None:
    answer = arm.client.get(f"{ACCOUNT}?api-version=2025-09-01")
    assert error(answer) == (401, "AuthenticationFailed")
    assert "authorization_uri" in answer.headers["www-authenticate"]


def test_a_token_nobody_gave_out_is_invalid(arm: Arm) -> None:
    arm.headers = {"authorization": "Bearer eyJ.made.up"}
    assert error(arm("GET", ACCOUNT)) == (401, "InvalidAuthenticationToken")


@pytest.mark.parametrize(
    "audience", ["https://cognitiveservices.azure.com", "https://ai.azure.com"]
)
def test_a_data_planes_token_is_refused_and_a_violation(
    arm: Arm, cloud: AzureCloud, emulation: Emulation, audience: str
) -> None:
    arm.headers = {"authorization": f"Bearer {token(cloud, audience)}"}
    answer = arm("GET", ACCOUNT)
    assert error(answer) == (401, "InvalidAuthenticationTokenAudience")
    assert f"resource '{audience}'" in answer.json()["error"]["message"]
    assert "was sent to ARM" in emulation.log.violations[0]


def test_an_expired_token_is_said_to_be_expired(arm: Arm, cloud: AzureCloud) -> None:
    cloud.advance(3600)
    assert error(arm("GET", ACCOUNT)) == (401, "ExpiredAuthenticationToken")


def test_a_token_of_another_tenant_does_not_open_the_subscription(
    arm: Arm, cloud: AzureCloud
) -> None:
    cloud.subscription(DEFAULT_SUBSCRIPTION).tenant_id = "another"
    answer = arm("GET", ACCOUNT)
    assert error(answer) == (401, "InvalidAuthenticationTokenTenant")


@pytest.mark.parametrize(
    ("method", "path", "action", "scope"),
    [
        ("GET", f"{SCOPE}{PROVIDER}/accounts", "accounts/read", SCOPE),
        ("GET", f"{GROUP}{PROVIDER}/accounts", "accounts/read", GROUP),
        ("GET", ACCOUNT, "accounts/read", ACCOUNT),
        ("POST", f"{ACCOUNT}/listKeys", "accounts/listKeys/action", ACCOUNT),
        ("GET", f"{LOCATION}/models", "locations/models/read", SCOPE),
        ("GET", f"{LOCATION}/usages", "locations/usages/read", SCOPE),
        ("PUT", f"{ACCOUNT}/deployments/a", "accounts/deployments/write", "/deployments/a"),
        ("DELETE", f"{ACCOUNT}/deployments/a", "accounts/deployments/delete", "/deployments/a"),
    ],
)
def test_without_a_role_arm_names_the_action_and_the_scope(
    arm: Arm, cloud: AzureCloud, *, method: str, path: str, action: str, scope: str
) -> None:
    application(cloud).roles.clear()
    answer = arm(method, path)
    assert error(answer) == (403, "AuthorizationFailed")
    message = answer.json()["error"]["message"]
    assert f"The client '{CLIENT}' with object id '{application(cloud).object_id}'" in message
    assert f"action 'Microsoft.CognitiveServices/{action}'" in message
    assert f"{scope}' or the scope is invalid" in message


def test_a_reader_may_look_and_neither_deploy_nor_list_keys(arm: Arm, cloud: AzureCloud) -> None:
    application(cloud).roles[:] = [RoleAssignment(role=READER, scope=SCOPE)]
    assert arm("GET", f"{ACCOUNT}/deployments").status_code == 200
    assert error(arm("POST", f"{ACCOUNT}/listKeys"))[0] == 403
    assert error(arm.put("new", MINI))[0] == 403
    assert cloud.account("acme").deployment("new") is None


def test_a_role_on_the_resource_deploys_but_does_not_show_the_quota(
    arm: Arm, cloud: AzureCloud
) -> None:
    roles = application(cloud).roles
    roles[:] = [RoleAssignment(role=COGNITIVE_SERVICES_CONTRIBUTOR, scope=ACCOUNT.upper())]
    assert arm("GET", ACCOUNT).status_code == 200
    assert arm.put("new", MINI).status_code == 201
    assert error(arm("GET", f"{LOCATION}/usages"))[0] == 403
    roles.append(RoleAssignment(role=COGNITIVE_SERVICES_USAGES_READER, scope=SCOPE))
    assert arm("GET", f"{LOCATION}/usages").status_code == 200


def test_a_role_on_a_resource_whose_name_begins_alike_opens_nothing(
    arm: Arm, cloud: AzureCloud
) -> None:
    application(cloud).roles[:] = [RoleAssignment(role=READER, scope=ACCOUNT[:-1])]
    assert error(arm("GET", ACCOUNT)) == (403, "AuthorizationFailed")


def test_a_provider_that_is_not_registered_answers_nothing(arm: Arm, cloud: AzureCloud) -> None:
    subscription = cloud.subscription(DEFAULT_SUBSCRIPTION)
    subscription.registered = False
    answer = arm("GET", f"{LOCATION}/models")
    assert error(answer) == (409, "MissingSubscriptionRegistration")
    [detail] = answer.json()["error"]["details"]
    assert detail["target"] == "Microsoft.CognitiveServices"
    subscription.registered = True
    assert arm("GET", f"{LOCATION}/models").status_code == 200


def test_the_provider_can_be_registered_by_who_may(
    arm: Arm, cloud: AzureCloud, emulation: Emulation
) -> None:
    subscription = cloud.subscription(DEFAULT_SUBSCRIPTION)
    subscription.registered = False
    provider, version = f"{SCOPE}{PROVIDER}", "2016-02-01"
    roles = list(application(cloud).roles)
    application(cloud).roles[:] = [RoleAssignment(role=READER, scope=SCOPE)]
    assert error(arm("POST", f"{provider}/register", version=version))[0] == 403
    state = arm("GET", provider, version=version).json()["registrationState"]
    assert state == "NotRegistered"
    application(cloud).roles[:] = roles
    registering = arm("POST", f"{provider}/register", version=version).json()
    assert registering["registrationState"] == "Registering"
    assert arm("GET", provider, version=version).json()["registrationState"] == "Registered"
    assert arm("GET", ACCOUNT).status_code == 200
    assert emulation.log.violations == []


@pytest.mark.parametrize(
    ("version", "code", "violations"),
    [
        (None, "MissingApiVersionParameter", 0),
        ("newest", "InvalidApiVersionParameter", 0),
        ("2019-01-01", "NoRegisteredProviderFound", 1),
    ],
)
def test_an_api_version_is_required_and_has_to_be_known(
    arm: Arm, emulation: Emulation, version: str | None, code: str, violations: int
) -> None:
    assert error(arm("GET", ACCOUNT, version=version)) == (400, code)
    assert len(emulation.log.violations) == violations


@pytest.mark.parametrize("version", ["2025-09-01", "2025-10-01-preview", "2026-03-01"])
def test_three_api_versions_are_served(arm: Arm, version: str) -> None:
    assert arm("GET", ACCOUNT, version=version).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (ACCOUNT.replace(DEFAULT_SUBSCRIPTION, "none"), 404, "SubscriptionNotFound"),
        (ACCOUNT.replace("rg-ai", "rg-no"), 404, "ResourceGroupNotFound"),
        (ACCOUNT.replace("acme", "nobody"), 404, "ResourceNotFound"),
        (f"{ACCOUNT.replace('acme', 'nobody')}/listKeys", 404, "ResourceNotFound"),
        (f"{ACCOUNT.replace('acme', 'nobody')}/deployments", 404, "ParentResourceNotFound"),
        (f"{ACCOUNT.replace('acme', 'nobody')}/deployments/a", 404, "ParentResourceNotFound"),
        (f"{ACCOUNT}/deployments/a", 404, "ResourceNotFound"),
        (LOCATION.replace("swedencentral", "mars") + "/models", 400, "NoRegisteredProviderFound"),
    ],
)
def test_what_is_not_there_is_named(arm: Arm, path: str, status: int, code: str) -> None:
    method = "POST" if path.endswith("/listKeys") else "GET"
    assert error(arm(method, path)) == (status, code)


def test_an_account_of_another_group_is_not_found(arm: Arm, cloud: AzureCloud) -> None:
    cloud.subscription(DEFAULT_SUBSCRIPTION).resource_groups.add("rg-other")
    answer = arm("GET", ACCOUNT.replace("rg-ai", "rg-other"))
    assert error(answer) == (404, "ResourceNotFound")
    assert "under resource group 'rg-other'" in answer.json()["error"]["message"]


def test_the_case_of_ids_does_not_matter(arm: Arm) -> None:
    assert arm("GET", ACCOUNT.upper()).json()["id"] == ACCOUNT


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", ACCOUNT), ("GET", f"{ACCOUNT}/listKeys"), ("GET", SCOPE), ("GET", "/")],
)
def test_paths_that_arm_does_not_have_are_violations(
    arm: Arm, emulation: Emulation, method: str, path: str
) -> None:
    assert arm(method, path).status_code == 404
    assert "no such path" in emulation.log.violations[0]


def test_unknown_query_parameters_are_violations(arm: Arm, emulation: Emulation) -> None:
    arm.follow(f"{ACCOUNT}?api-version=2025-09-01&$top=5")
    assert "'$top' is unknown here" in emulation.log.violations[0]


def test_every_answer_has_arms_headers(arm: Arm) -> None:
    for answer in (arm("GET", ACCOUNT), arm("GET", ACCOUNT, version=None)):
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.headers["x-cache"] == "CONFIG_NOCACHE"
        assert answer.headers["x-ms-ratelimit-remaining-subscription-global-reads"] == "16499"
        assert answer.headers["x-ms-request-id"]
    written = arm.put("new", MINI)
    assert written.headers["x-ms-ratelimit-remaining-subscription-writes"] == "799"
    deleted = arm("DELETE", f"{ACCOUNT}/deployments/new")
    assert deleted.headers["x-ms-ratelimit-remaining-subscription-deletes"] == "799"


def test_subscriptions_belong_to_the_first_tenant_unless_told() -> None:
    other = Subscription(id="other", tenant_id="elsewhere")
    cloud = AzureCloud([], tenants=[tenant(), Tenant(id="second")], subscriptions=[other])
    assert cloud.subscription("OTHER").tenant_id == "elsewhere"
    with pytest.raises(KeyError):
        cloud.subscription("unknown")
