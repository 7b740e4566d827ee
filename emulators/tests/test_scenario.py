from __future__ import annotations

from importlib import metadata

import httpx
import pytest

import bonito_emulators
from bonito_emulators import Emulation, Scenario
from bonito_emulators.azure import AzureCloud
from emulators.tests.management import order

SCENARIOS = ("aws", "azure", "gcp")


def load(name: str = "azure") -> Scenario:
    """Finds a scenario as a host does, by its entry point."""
    [entry_point] = metadata.entry_points(group="bonito_emulators", name=name)
    scenario = entry_point.load()
    assert isinstance(scenario, Scenario)
    return scenario


def test_the_scenario_has_the_deployments_that_are_routed_in_different_ways() -> None:
    cloud = load().start_cloud()
    assert isinstance(cloud, AzureCloud)
    contoso = cloud.account("Contoso")
    standing = {item.name: contoso.model_of(item) for item in contoso.standing()}
    assert {model.format for model in standing.values()} >= {"OpenAI", "DeepSeek", "Anthropic"}
    assert {model.kind for model in standing.values()} == {"chat", "embeddings"}
    assert any(model.reasoning for model in standing.values())
    claudes = {"claude" in name for name, model in standing.items() if model.anthropic}
    assert claudes == {True, False}
    assert contoso.projects == ("team",)


def test_every_start_gives_a_fresh_cloud() -> None:
    scenario = load()
    first, second = scenario.start_cloud(), scenario.start_cloud()
    assert isinstance(first, AzureCloud)
    assert isinstance(second, AzureCloud)
    first.account("contoso").remove("DeepSeek-V3.1")
    assert second.account("contoso").deployment("DeepSeek-V3.1") is not None


def test_the_fields_a_person_would_type_work_and_the_wrong_ones_do_not() -> None:
    scenario = load()
    connection, *_ = scenario.connections
    question = {
        "model": connection.adopt,
        "messages": [{"role": "user", "content": connection.prompt}],
    }
    with Emulation(scenario.start_cloud()) as emulation, emulation.in_process():
        for fields, status in ((connection.fields, 200), (connection.wrong_fields, 401)):
            answer = httpx.post(
                fields["endpoint"], json=question, headers={"api-key": fields["api_key"]}
            )
            assert answer.status_code == status
        assert emulation.log.violations == []


def test_the_management_fields_sign_in_and_deploy() -> None:
    scenario = load()
    fields = scenario.connections[0].management
    form = {
        "grant_type": "client_credentials",
        "client_id": fields["client_id"],
        "client_secret": fields["client_secret"],
        "scope": "https://management.azure.com/.default",
    }
    group = f"/subscriptions/{fields['subscription_id']}/resourceGroups/{fields['resource_group']}"
    provider = "providers/Microsoft.CognitiveServices"
    base = f"https://management.azure.com{group}/{provider}/accounts/{fields['account_name']}"
    with Emulation(scenario.start_cloud()) as emulation, emulation.in_process():
        login = f"https://login.microsoftonline.com/{fields['tenant_id']}/oauth2/v2.0/token"
        token = httpx.post(login, data=form).json()["access_token"]
        made = httpx.put(
            f"{base}/deployments/new?api-version=2025-09-01",
            headers={"authorization": f"Bearer {token}"},
            json=order("Meta/Llama-3.3-70B-Instruct/5", capacity=10),
        )
        assert made.status_code == 201
        assert emulation.log.violations == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_throttled_connection_is_refused_until_its_cloud_recovers(name: str) -> None:
    scenario = load(name)
    cloud = scenario.start_cloud()
    with Emulation(cloud) as emulation, emulation.in_process():
        for connection in scenario.connections:
            [fault] = connection.throttling
            url = f"https://{fault.host}/any/path"
            scenario.throttle(cloud, connection)
            answers = [httpx.post(url) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [429] * 3
            assert "message" in answers[0].text
            assert answers[0].json()
            scenario.recover(cloud)
            assert httpx.post(url).status_code != 429


@pytest.mark.parametrize("name", SCENARIOS)
def test_throttling_one_connection_leaves_the_others_alone(name: str) -> None:
    connections = load(name).connections
    hosts = [fault.host for connection in connections for fault in connection.throttling]
    assert None not in hosts
    assert len(set(hosts)) == len(connections)


def test_the_public_names_are_exactly_those_exported() -> None:
    exported = {
        name
        for name, value in vars(bonito_emulators).items()
        if getattr(value, "__module__", "").startswith("bonito_emulators") and name[0] != "_"
    }
    assert set(bonito_emulators.__all__) == exported
