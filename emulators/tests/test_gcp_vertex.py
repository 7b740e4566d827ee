"""The emulated Vertex AI and Service Usage: routes, refusals as recorded, and what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bonito_emulators import Emulation
from bonito_emulators.gcp import Failure, GoogleCloud, Project, service_account

if TYPE_CHECKING:
    from collections.abc import Iterator

GLOBAL = "https://aiplatform.googleapis.com"
REGIONAL = "https://us-central1-aiplatform.googleapis.com"
USAGE = "https://serviceusage.googleapis.com/v1/projects/acme-prod/services"
PLACE = "/v1/projects/acme-prod/locations/global"
REGION = "/v1beta1/projects/acme-prod/locations/us-central1"
QUESTION = {"contents": [{"role": "user", "parts": [{"text": "Hello there."}]}]}
CLAUDE = {
    "anthropic_version": "vertex-2023-10-16",
    "max_tokens": 20,
    "messages": [{"role": "user", "content": "Hello there."}],
}
DEPLOY = {
    "publisherModelName": "publishers/google/models/gemma3@gemma-3-1b-it",
    "modelConfig": {"modelUserId": "m"},
    "endpointConfig": {"endpointUserId": "e", "endpointDisplayName": "E"},
}


@pytest.fixture
def cloud() -> GoogleCloud:
    return GoogleCloud(Project(id="acme-prod"), [service_account("acme-prod")])


@pytest.fixture
def client(emulation: Emulation, cloud: GoogleCloud) -> Iterator[httpx.Client]:
    """A client that is signed in."""
    token = cloud.identities.issue(cloud.identities.accounts[0])
    headers = {"authorization": f"Bearer {token}"}
    with emulation.in_process(), httpx.Client(headers=headers) as opened:
        yield opened


def error(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    assert found["code"] == answer.status_code
    return found


def ask(client: httpx.Client, model: str, verb: str, body: object) -> httpx.Response:
    publisher, _, name = model.partition("/")
    url = f"{GLOBAL}{PLACE}/publishers/{publisher}/models/{name}:{verb}"
    return client.post(url, json=body)


@pytest.mark.parametrize("publishers", ["*", "%2A"])
def test_the_catalogue_of_all_publishers_comes_in_pages(
    client: httpx.Client, cloud: GoogleCloud, publishers: str
) -> None:
    cloud.page_size = 7
    names, token = [], ""
    while True:
        params = {"pageToken": token} if token else {}
        url = f"{REGIONAL}/v1beta1/publishers/{publishers}/models"
        page = client.get(url, params=params).json()
        names += [row.get("name") for row in page["publisherModels"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert len(names) == len(cloud.catalogue.models)
    assert "publishers/anthropic/models/claude-opus-5" in names


def test_only_v1beta1_lists(client: httpx.Client, emulation: Emulation) -> None:
    assert client.get(f"{GLOBAL}/v1/publishers/google/models").status_code == 404
    assert emulation.log.violations


def test_rows_tell_neither_title_nor_kind_and_template_names_google(client: httpx.Client) -> None:
    row = client.get(f"{GLOBAL}/v1/publishers/anthropic/models/claude-opus-5").json()
    assert not row.keys() & {"displayName", "description"}
    assert "publishers/google/" in row["publisherModelTemplate"]


def test_without_a_token_the_recorded_refusal_comes(emulation: Emulation) -> None:
    with emulation.in_process(), httpx.Client() as stranger:
        answer = stranger.get(f"{GLOBAL}/v1beta1/publishers/google/models")
    assert error(answer)["status"] == "UNAUTHENTICATED"
    assert error(answer)["details"][0]["reason"] == "ACCESS_TOKEN_TYPE_UNSUPPORTED"


def test_a_disabled_api_says_where_to_enable_it_and_is_enabled_by_an_operation(
    client: httpx.Client, cloud: GoogleCloud
) -> None:
    cloud.project.api_enabled, cloud.project.enabling_looks = False, 2
    refused = error(ask(client, "google/gemini-3.8-flash", "generateContent", QUESTION))
    assert refused["details"][0]["reason"] == "SERVICE_DISABLED"
    assert "project=acme-prod" in refused["details"][0]["metadata"]["activationUrl"]
    service = f"{USAGE}/aiplatform.googleapis.com"
    assert client.get(service).json()["state"] == "DISABLED"
    name = client.post(f"{service}:enable", json={}).json()["name"]
    states = [
        client.get(f"https://serviceusage.googleapis.com/v1/{name}").json().get("done", False)
        for _ in range(4)
    ]
    assert states == [False, False, True, True]
    assert client.post(f"{service}:enable", json={}).json()["name"].endswith("DONE_OPERATION")


def test_a_missing_permission_is_named(client: httpx.Client, cloud: GoogleCloud) -> None:
    cloud.identities.accounts[0].denied = {"aiplatform.endpoints.predict"}
    refused = error(ask(client, "google/gemini-3.8-flash", "generateContent", QUESTION))
    assert refused["details"][0]["metadata"]["permission"] == "aiplatform.endpoints.predict"


def test_a_partner_is_refused_until_it_is_enabled_and_sees_data(
    client: httpx.Client, cloud: GoogleCloud
) -> None:
    model = "anthropic/claude-sonnet-4-5@20250929"
    first = error(ask(client, model, "rawPredict", CLAUDE))
    assert first["status"] == "FAILED_PRECONDITION"
    cloud.project.enabled_partners.add("anthropic")
    second = error(ask(client, model, "rawPredict", CLAUDE))
    assert "data sharing to be enabled" in second["message"]
    publisher = f"{GLOBAL}/v1beta1/projects/acme-prod/locations/global/publishers/anthropic"
    url = f"{publisher}/models/claude-sonnet-4-5:setPublisherModelConfig"
    agreed = {"publisherModelConfig": {"dataSharingEnabledProvider": "ANTHROPIC"}}
    assert client.post(url, json=agreed).status_code == 200
    assert ask(client, model, "rawPredict", CLAUDE).json()["type"] == "message"


def test_a_model_is_not_found_where_it_is_not_served(client: httpx.Client) -> None:
    url = f"{REGIONAL}/v1/projects/acme-prod/locations/us-central1/publishers/google/models"
    answer = client.post(f"{url}/gemini-4-argon:generateContent", json=QUESTION)
    assert error(answer)["status"] == "NOT_FOUND"
    assert ask(client, "google/gemini-4-argon", "generateContent", QUESTION).status_code == 200


@pytest.mark.parametrize(
    "called",
    [
        ("anthropic/claude-opus-5", "generateContent", QUESTION),
        ("google/gemini-3.8-flash", "rawPredict", CLAUDE),
        ("google/text-embedding-005", "generateContent", QUESTION),
        ("google/gemini-3.8-flash", "generateContent", {**QUESTION, "max_tokens": 5}),
        ("anthropic/claude-opus-5", "rawPredict", {**CLAUDE, "model": "claude-opus-5"}),
        ("anthropic/claude-opus-5", "rawPredict", {**CLAUDE, "stream": True}),
    ],
)
def test_what_the_service_does_not_know_is_a_violation(
    client: httpx.Client, cloud: GoogleCloud, emulation: Emulation, called: tuple[str, str, object]
) -> None:
    cloud.project.enabled_partners.add("anthropic")
    answer = ask(client, *called)
    assert emulation.log.violations
    assert answer.status_code in (200, 400)


def test_names_are_read_in_both_ways_of_writing(client: httpx.Client) -> None:
    for name in ("systemInstruction", "system_instruction"):
        body = {**QUESTION, name: {"parts": [{"text": "Be short."}]}}
        assert ask(client, "google/gemini-3.8-flash", "generateContent", body).status_code == 200


def test_the_path_and_the_host_name_one_location(
    client: httpx.Client, emulation: Emulation
) -> None:
    url = f"{REGIONAL}{PLACE}/publishers/google/models/gemini-3.8-flash:generateContent"
    assert client.post(url, json=QUESTION).status_code == 400
    assert "names global" in emulation.log.violations[0]


def test_multi_regions_have_hosts_of_their_own(client: httpx.Client) -> None:
    url = (
        "https://aiplatform.eu.rep.googleapis.com/v1/projects/acme-prod/locations/eu/publishers/"
        "google/models/gemini-3.8-flash:countTokens"
    )
    assert client.post(url, json=QUESTION).json()["totalTokens"] == 2


def test_another_project_is_denied(client: httpx.Client) -> None:
    url = f"{GLOBAL}/v1/projects/other/locations/global/publishers/google/models/x:countTokens"
    assert error(client.post(url, json=QUESTION))["status"] == "PERMISSION_DENIED"


def test_a_stream_is_events_that_end_with_the_count(client: httpx.Client) -> None:
    url = f"{GLOBAL}{PLACE}/publishers/google/models/gemini-3.8-flash:streamGenerateContent?alt=sse"
    events = client.post(url, json=QUESTION).text.split("\r\n\r\n")
    assert all(each.startswith("data: {") for each in events[:-1])
    assert "usageMetadata" in events[-2]
    assert "usageMetadata" not in events[0]


def test_a_stream_without_events_is_a_list(client: httpx.Client) -> None:
    url = f"{GLOBAL}{PLACE}/publishers/google/models/gemini-3.8-flash:streamGenerateContent"
    pieces = client.post(url, json=QUESTION).json()
    assert len(pieces) > 1
    assert "usageMetadata" in pieces[-1]


def test_a_project_that_nobody_pays_for_is_refused_as_recorded(
    client: httpx.Client, cloud: GoogleCloud
) -> None:
    cloud.project.billed = False
    called = error(ask(client, "google/gemini-3.8-flash", "generateContent", QUESTION))
    assert called["details"][0]["reason"] == "BILLING_DISABLED"
    cloud.project.api_enabled = False
    enabled = client.post(f"{USAGE}/aiplatform.googleapis.com:enable", json={})
    assert error(enabled)["details"][0]["reason"] == "UREQ_PROJECT_BILLING_NOT_FOUND"


def test_an_api_is_told_as_disabled_for_a_while_after_it_was_enabled(
    client: httpx.Client, cloud: GoogleCloud
) -> None:
    cloud.project.api_enabled, cloud.project.spreading_looks = False, 1
    client.post(f"{USAGE}/aiplatform.googleapis.com:enable", json={})
    assert client.get(f"{USAGE}/aiplatform.googleapis.com").json()["state"] == "ENABLED"
    statuses = [
        ask(client, "google/gemini-3.8-flash", "generateContent", QUESTION).status_code
        for _ in range(2)
    ]
    assert statuses == [403, 200]


def test_an_endpoint_lives_from_deploying_to_the_last_resource(
    client: httpx.Client, cloud: GoogleCloud
) -> None:
    cloud.deploy_looks = 2
    operation = client.post(f"{REGIONAL}{REGION}:deploy", json=DEPLOY).json()
    assert "done" not in operation
    assert operation["metadata"]["modelId"] == "m"
    endpoint = f"{REGIONAL}{REGION}/endpoints/e"
    assert "deployedModels" not in client.get(endpoint).json()
    assert error(client.delete(endpoint))["status"] == "FAILED_PRECONDITION"
    cloud.finish()
    [deployed] = client.get(endpoint).json()["deployedModels"]
    uploaded = client.get(f"{REGIONAL}{REGION}/models/m").json()
    source = uploaded["baseModelSource"]["modelGardenSource"]["publicModelName"]
    assert source == DEPLOY["publisherModelName"]
    assert error(client.delete(endpoint))["status"] == "FAILED_PRECONDITION"
    undeployed = client.post(f"{endpoint}:undeployModel", json={"deployedModelId": deployed["id"]})
    assert undeployed.json()["done"]
    assert client.delete(endpoint).json()["done"]
    assert client.get(endpoint).status_code == 404
    assert client.delete(f"{REGIONAL}{REGION}/models/m").json()["done"]
    assert cloud.project.uploaded == {}
    assert [each.what for each in cloud.project.bill] == ["created", "deleted"]


def test_the_same_id_twice_is_a_conflict(client: httpx.Client, cloud: GoogleCloud) -> None:
    for status in (200, 409):
        assert client.post(f"{REGIONAL}{REGION}:deploy", json=DEPLOY).status_code == status
    assert len(cloud.project.bill) == 1


def test_a_deployment_fails_in_an_answer_that_is_a_success(
    client: httpx.Client, cloud: GoogleCloud
) -> None:
    cloud.deploy_failure = Failure("RESOURCE_EXHAUSTED", "No machines.")
    name = client.post(f"{REGIONAL}{REGION}:deploy", json=DEPLOY).json()["name"]
    answer = client.get(f"{REGIONAL}/v1beta1/{name}")
    assert answer.status_code == 200
    assert answer.json()["error"] == {"code": 8, "message": "No machines.", "details": []}


def test_a_licence_is_left_out_while_it_is_not_accepted(client: httpx.Client) -> None:
    base = f"{GLOBAL}/v1beta1/projects/acme-prod/modelGardenEula"
    body = {"publisherModel": "publishers/meta/models/llama3-3"}
    assert "publisherModelEulaAcked" not in client.post(f"{base}:check", json=body).json()
    client.post(f"{base}:accept", json=body)
    assert client.post(f"{base}:check", json=body).json()["publisherModelEulaAcked"] is True


def test_weights_with_a_licence_are_not_deployed_without_it(client: httpx.Client) -> None:
    name = "publishers/meta/models/llama3-3@llama-3.3-70b-instruct"
    refused = client.post(f"{REGIONAL}{REGION}:deploy", json={**DEPLOY, "publisherModelName": name})
    assert "EULA" in error(refused)["message"]


def test_unknown_paths_and_queries_are_violations(
    client: httpx.Client, emulation: Emulation
) -> None:
    assert client.get(f"{GLOBAL}/v1/projects/acme-prod/nothing").status_code == 404
    assert client.get(f"{GLOBAL}/v1beta1/publishers/google/models?limit=3").status_code == 400
    assert len(emulation.log.violations) == 2


@pytest.mark.parametrize(
    "host", ["evil.googleapis.com", "storage.googleapis.com", "aiplatform.asia.rep.googleapis.com"]
)
def test_no_other_host_exists(cloud: GoogleCloud, host: str) -> None:
    assert not cloud.knows(host)


def test_what_is_taken_away_slowly_is_there_until_its_operation_ends(
    client: httpx.Client, cloud: GoogleCloud
) -> None:
    client.post(f"{REGIONAL}{REGION}:deploy", json=DEPLOY)
    cloud.removal_looks = 1
    endpoint = f"{REGIONAL}{REGION}/endpoints/e"
    [deployed] = client.get(endpoint).json()["deployedModels"]
    body = {"deployedModelId": deployed["id"]}
    operation = client.post(f"{endpoint}:undeployModel", json=body).json()
    assert "done" not in operation
    assert error(client.delete(endpoint))["status"] == "FAILED_PRECONDITION"
    looks = [client.get(f"{REGIONAL}/v1beta1/{operation['name']}").json() for _ in range(2)]
    assert [each.get("done", False) for each in looks] == [False, True]
    assert "deployedModels" not in client.get(endpoint).json()
