from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bonito_emulators import AfterApplied, Fault, Reset
from bonito_emulators.azure import (
    DEFAULT_SUBSCRIPTION,
    AzureCloud,
    Creation,
    Deletion,
    Failure,
    Pace,
)
from emulators.tests.management import (
    ACCOUNT,
    CLIENT,
    PREVIEW,
    PROVIDER_DATA,
    Arm,
    error,
    order,
    token,
)

if TYPE_CHECKING:
    from bonito_emulators import Emulation

MINI = order("OpenAI/gpt-4o-mini/2024-07-18", capacity=10, tags={"owner": "bonito"})
DEEPSEEK = order("DeepSeek/DeepSeek-V3.1/1", capacity=100)
CLAUDE = order("Anthropic/claude-sonnet-4-5/2", capacity=10, modelProviderData=PROVIDER_DATA)
AFTER_TWO_LOOKS = Pace(looks=2)
DENIED = Failure(code="MarketplaceSubscriptionCannotBeCompleted", message="No valid payment.")


def state(answer: httpx.Response) -> str:
    assert answer.is_success, answer.text
    return str(answer.json()["properties"]["provisioningState"])


def call(arm: Arm, key: str, name: str) -> tuple[int, str | None]:
    """Asks the data plane, and gives the code of its refusal."""
    answer = arm.client.post(
        "https://acme.services.ai.azure.com/openai/v1/chat/completions",
        json={"model": name, "messages": [{"role": "user", "content": "hello"}]},
        headers={"api-key": key},
    )
    refused = answer.json().get("error", {}).get("code")
    return answer.status_code, refused


def test_a_deployment_is_made_at_once_as_recorded(arm: Arm, emulation: Emulation) -> None:
    answer = arm.put("new", MINI)
    assert answer.status_code == 201
    assert "azure-asyncoperation" not in answer.headers
    body = answer.json()
    assert body["id"] == f"{ACCOUNT}/deployments/new"
    assert body["sku"] == {"name": "GlobalStandard", "capacity": 10}
    assert body["tags"] == {"owner": "bonito"}
    assert body["systemData"]["createdBy"] == CLIENT
    assert body["etag"].startswith('"')
    properties = body["properties"]
    assert properties["provisioningState"] == "Succeeded"
    model = {"format": "OpenAI", "name": "gpt-4o-mini", "version": "2024-07-18"}
    assert properties["model"] == model
    assert properties["currentCapacity"] == 10
    assert properties["versionUpgradeOption"] == "OnceNewDefaultVersionAvailable"
    assert properties["capabilities"]["maxContextToken"] == "128000"
    assert {limit["key"] for limit in properties["rateLimits"]} == {"request", "token"}
    assert arm.deployment("new").json() == body
    assert emulation.log.violations == []


def test_calls_find_it_a_little_later_and_not_after_it_is_deleted(
    arm: Arm, cloud: AzureCloud, key: str
) -> None:
    cloud.account("acme").creation = Creation(propagation=Pace(looks=2), wiring=Pace(looks=1))
    arm.put("new", DEEPSEEK)
    assert [call(arm, key, "new") for _ in range(4)] == [
        (404, "DeploymentNotFound"),
        (404, "DeploymentNotFound"),
        (400, "unknown_model"),
        (200, None),
    ]
    deleted = arm("DELETE", f"{ACCOUNT}/deployments/new")
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert call(arm, key, "new") == (404, "DeploymentNotFound")
    assert arm("DELETE", f"{ACCOUNT}/deployments/new").status_code == 204
    events = [(e.happening, e.deployment, e.model, e.capacity) for e in cloud.bill.events]
    made = ("new", "DeepSeek-V3.1", 100)
    assert events == [("created", *made), ("called", *made), ("deleted", *made)]


def test_propagation_can_last_for_a_time(arm: Arm, cloud: AzureCloud, key: str) -> None:
    cloud.account("acme").creation = Creation(propagation=Pace(seconds=300))
    arm.put("new", DEEPSEEK)
    assert call(arm, key, "new") == (404, "DeploymentNotFound")
    cloud.advance(301)
    assert call(arm, key, "new") == (200, None)


def test_the_old_listing_shows_what_arm_made(arm: Arm, cloud: AzureCloud, key: str) -> None:
    cloud.account("acme").creation = Creation(shape="body", pace=Pace(seconds=60))
    arm.put("new", MINI)

    def listed() -> str | None:
        answer = arm.client.get(
            "https://acme.openai.azure.com/openai/deployments?api-version=2023-03-15-preview",
            headers={"api-key": key},
        )
        return next((d["status"] for d in answer.json()["data"] if d["id"] == "new"), None)

    assert listed() == "running"
    cloud.advance(61)
    arm.deployment("new")
    assert listed() == "succeeded"


@pytest.mark.parametrize("pending", ["Accepted", "Creating"])
def test_the_resource_itself_can_tell_how_far_it_is(
    arm: Arm, cloud: AzureCloud, key: str, pending: Any
) -> None:
    creation = Creation(shape="body", pending_state=pending, pace=AFTER_TWO_LOOKS)
    cloud.account("acme").creation = creation
    answer = arm.put("new", MINI)
    assert (answer.status_code, state(answer)) == (201, pending)
    assert "azure-asyncoperation" not in answer.headers
    assert call(arm, key, "new")[0] == 404
    states = [state(arm.deployment("new")) for _ in range(3)]
    assert states == [pending, pending, "Succeeded"]


def test_an_operation_is_followed_by_its_signed_address(
    arm: Arm, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.account("acme").creation = Creation(shape="header", pace=AFTER_TWO_LOOKS)
    answer = arm.put("new", MINI)
    assert (answer.status_code, state(answer)) == (201, "Creating")
    url = answer.headers["azure-asyncoperation"]
    assert len(url) > 4000
    polls = [arm.follow(url) for _ in range(3)]
    assert [poll.status_code for poll in polls] == [200] * 3
    assert [poll.json()["status"] for poll in polls] == ["Creating", "Creating", "Succeeded"]
    assert "retry-after" not in polls[0].headers
    assert polls[0].json().keys() == {"id", "name", "status", "startTime"}
    assert polls[2].json().keys() == {"id", "name", "status", "startTime", "endTime"}
    assert state(arm.deployment("new")) == "Succeeded"
    assert emulation.log.violations == []


@pytest.mark.parametrize(
    "change", [lambda url: url[:-1], lambda url: url.partition("&t=")[0], lambda url: f"{url}&x=1"]
)
def test_a_signed_address_that_was_changed_leads_nowhere(
    arm: Arm, cloud: AzureCloud, emulation: Emulation, change: Any
) -> None:
    cloud.account("acme").creation = Creation(shape="header")
    url = arm.put("new", MINI).headers["azure-asyncoperation"]
    assert arm.follow(change(url)).status_code == 404
    assert "not the one that was given out" in emulation.log.violations[0]


def test_polling_needs_a_token_of_arm(arm: Arm, cloud: AzureCloud) -> None:
    cloud.account("acme").creation = Creation(shape="header")
    url = arm.put("new", MINI).headers["azure-asyncoperation"]
    assert arm.client.get(url).status_code == 401
    wrong = token(cloud, "https://cognitiveservices.azure.com")
    answer = arm.client.get(url, headers={"authorization": f"Bearer {wrong}"})
    assert error(answer) == (401, "InvalidAuthenticationTokenAudience")


def test_an_operation_can_fail_in_the_body_of_a_200(arm: Arm, cloud: AzureCloud, key: str) -> None:
    failing = Creation(shape="header", pace=Pace(looks=0), failure=DENIED)
    cloud.account("acme").creations["new"] = failing
    url = arm.put("new", MINI).headers["azure-asyncoperation"]
    poll = arm.follow(url)
    assert (poll.status_code, poll.json()["status"]) == (200, "Failed")
    assert poll.json()["error"] == {"code": DENIED.code, "message": DENIED.message}
    assert state(arm.deployment("new")) == "Failed"
    assert call(arm, key, "new") == (404, "DeploymentNotFound")
    assert state(arm.put("other", DEEPSEEK)) == "Succeeded"
    assert [event.happening for event in cloud.bill.events] == ["failed", "created"]
    del cloud.account("acme").creations["new"]
    again = arm.put("new", MINI)
    assert (again.status_code, state(again)) == (200, "Succeeded")


def test_buying_fails_minutes_later(arm: Arm, cloud: AzureCloud) -> None:
    cloud.subscription(DEFAULT_SUBSCRIPTION).marketplace_failure = DENIED
    assert state(arm.put("first", DEEPSEEK)) == "Succeeded"
    answer = arm.put("claude", CLAUDE, version=PREVIEW)
    url = answer.headers["azure-asyncoperation"]
    assert [arm.follow(url).json()["status"] for _ in range(9)] == ["Creating"] * 9
    cloud.advance(321)
    assert arm.follow(url).json()["error"]["code"] == DENIED.code


@pytest.mark.parametrize(
    ("shape", "header"), [("header", "azure-asyncoperation"), ("location", "location")]
)
def test_deleting_can_take_a_while(arm: Arm, cloud: AzureCloud, shape: Any, header: str) -> None:
    cloud.account("acme").deletion = Deletion(shape=shape)
    answer = arm("DELETE", f"{ACCOUNT}/deployments/mini")
    assert (answer.status_code, answer.content) == (202, b"")
    url = answer.headers[header]
    polls = [arm.follow(url) for _ in range(2)]
    if shape == "location":
        assert [poll.status_code for poll in polls] == [202, 204]
    else:
        assert [poll.json()["status"] for poll in polls] == ["Deleting", "Succeeded"]
    assert arm.deployment("mini").status_code == 404


def test_what_is_being_deleted_says_so_and_takes_no_calls(
    arm: Arm, cloud: AzureCloud, key: str
) -> None:
    cloud.account("acme").deletion = Deletion(shape="header", pace=Pace(seconds=60))
    arm("DELETE", f"{ACCOUNT}/deployments/mini")
    assert state(arm.deployment("mini")) == "Deleting"
    assert call(arm, key, "mini") == (404, "DeploymentNotFound")
    cloud.advance(61)
    assert arm.deployment("mini").status_code == 404


def test_one_write_at_a_time_while_an_operation_runs(arm: Arm, cloud: AzureCloud) -> None:
    cloud.account("acme").creations["new"] = Creation(shape="body", pace=AFTER_TWO_LOOKS)
    arm.put("new", MINI)
    refused = arm.put("other", DEEPSEEK)
    assert error(refused) == (409, "RequestConflict")
    assert f"parent resource '{ACCOUNT}'" in refused.json()["error"]["message"]
    assert error(arm("DELETE", f"{ACCOUNT}/deployments/mini")) == (409, "RequestConflict")
    assert arm.put("other", DEEPSEEK).status_code == 201
    assert state(arm.deployment("new")) == "Succeeded"


def test_reads_and_other_accounts_go_on_during_a_write(arm: Arm, cloud: AzureCloud) -> None:
    cloud.account("acme").hold_writes(Pace(seconds=60))
    assert arm("GET", f"{ACCOUNT}/deployments").status_code == 200
    legacy = ACCOUNT.replace("acme", "legacy")
    assert arm("DELETE", f"{legacy}/deployments/mini").status_code == 200
    assert error(arm("PATCH", f"{ACCOUNT}/deployments/mini", json={"tags": {}}))[0] == 409
    cloud.advance(61)
    assert arm.put("new", MINI).status_code == 201


def test_a_write_may_be_refused_right_after_another(arm: Arm, cloud: AzureCloud) -> None:
    cloud.account("acme").settling = Pace(looks=1)
    assert [arm.put(name, MINI).status_code for name in ("a", "b", "b")] == [201, 409, 201]


def test_the_same_order_again_changes_nothing(arm: Arm, cloud: AzureCloud) -> None:
    first = arm.put("new", MINI).json()
    again = arm.put("NEW", MINI)
    assert (again.status_code, again.json()) == (200, first)
    assert cloud.bill.count("created", deployment="new") == 1
    assert cloud.bill.count("updated") == 0


def test_capacity_and_tags_can_be_changed(arm: Arm, cloud: AzureCloud) -> None:
    arm.put("new", MINI)
    changed = arm.put("new", {**MINI, "sku": {"name": "GlobalStandard", "capacity": 20}})
    assert (changed.status_code, changed.json()["sku"]["capacity"]) == (200, 20)
    path = f"{ACCOUNT}/deployments/new"
    patched = arm("PATCH", path, json={"tags": {"owner": "else"}, "sku": {"capacity": 5}})
    assert patched.json()["tags"] == {"owner": "else"}
    assert patched.json()["sku"] == {"name": "GlobalStandard", "capacity": 5}
    assert patched.json()["etag"] != changed.json()["etag"]
    untagged = arm.put("new", {key: MINI[key] for key in ("sku", "properties")})
    assert "tags" not in untagged.json()
    assert cloud.bill.count("updated", deployment="new") == 3


def test_a_name_stands_for_one_model(arm: Arm) -> None:
    arm.put("new", MINI)
    refused = arm.put("new", DEEPSEEK)
    assert error(refused) == (400, "CannotChangeDeploymentModel")
    assert state(arm.deployment("new")) == "Succeeded"


def test_a_patch_of_nothing_is_not_found(arm: Arm) -> None:
    answer = arm("PATCH", f"{ACCOUNT}/deployments/none", json={"tags": {}})
    assert error(answer) == (404, "ResourceNotFound")


def test_newer_versions_tell_the_state_of_a_deployment(arm: Arm) -> None:
    path = f"{ACCOUNT}/deployments/mini"
    properties = arm("GET", path, version=PREVIEW).json()["properties"]
    assert (properties["deploymentState"], properties["serviceTier"]) == ("Running", "Default")
    assert "deploymentState" not in arm("GET", path).json()["properties"]


def test_an_answer_can_be_lost_after_the_cloud_has_acted(
    arm: Arm, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.faults.add(Fault(action=AfterApplied(Reset()), method="PUT"))
    with pytest.raises(httpx.TransportError):
        arm.put("new", MINI)
    assert arm.deployment("new").status_code == 200
    assert arm.put("new", MINI).status_code == 200
    assert cloud.bill.count("created") == 1
    assert emulation.log.counts("management.azure.com") == {
        f"PUT {ACCOUNT}/deployments/new": 2,
        f"GET {ACCOUNT}/deployments/new": 1,
    }
