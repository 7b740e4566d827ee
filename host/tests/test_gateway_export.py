"""The exported configuration: what is in it, what never is, and that LiteLLM takes it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are not in the lock
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bonito_emulators import RequestLog
from bonito_emulators.azure import Account
from bonito_host.gateway_export import MASTER_KEY, export, to_yaml
from bonito_providers.errors import PluginError
from bonito_providers.gateway import NO_KEY, GatewayConfig, GatewayEntry, RoutableDeployment
from bonito_providers.redaction import Redactor
from host.tests.conftest import KEY
from host.tests.running import Bonito

PROGRAM = Path(__file__).with_name("programs") / "exported.py"


def route(
    connection: str, name: str, *, key: str = KEY, base: str = "https://a.example", reason: str = ""
) -> RoutableDeployment:
    entry = GatewayEntry(
        model_name=name,
        litellm_params={"model": f"x/{name}", "api_base": base, "api_key": SecretStr(key)},
        surface="chat",
        supported=not reason,
        reason=reason,
    )
    return RoutableDeployment(connection=connection, deployment=name, entry=entry)


def written(*routes: RoutableDeployment, secret: str = KEY) -> str:
    return to_yaml(export(GatewayConfig.build(routes)), redact=Redactor([SecretStr(secret)]))


def test_one_secret_of_a_connection_has_one_name_and_another_has_its_own() -> None:
    routes = [route("c", "a"), route("c", "b"), route("c", "z", key="another-key")]
    made = export(GatewayConfig.build(routes))
    keys = [each["litellm_params"]["api_key"] for each in made.configuration["model_list"]]
    first, second = "os.environ/BONITO_C_API_KEY", "os.environ/BONITO_C_API_KEY_2"
    assert keys == [first, first, second]
    assert set(made.variables) == {"BONITO_C_API_KEY", "BONITO_C_API_KEY_2", MASTER_KEY}


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=6, unique=True))
def test_connections_never_share_a_variable_however_they_are_called(names: list[str]) -> None:
    routes = [route(name, "m", key=f"key-of-{place}") for place, name in enumerate(names)]
    made = export(GatewayConfig.build(routes))
    keys = {each["litellm_params"]["api_key"] for each in made.configuration["model_list"]}
    assert len(keys) == len(names)
    assert all(key.removeprefix("os.environ/").replace("_", "").isalnum() for key in keys)
    assert all(key.isascii() for key in keys)


def test_an_endpoint_without_a_key_needs_no_variable() -> None:
    made = export(GatewayConfig.build([route("c", "a", key=NO_KEY.get_secret_value())]))
    (model,) = made.configuration["model_list"]
    assert model["litellm_params"]["api_key"] == "none"
    assert set(made.variables) == {MASTER_KEY}


def test_the_proxy_is_given_a_key_of_its_own_to_ask_for() -> None:
    settings = yaml.safe_load(written(route("c", "a")))["general_settings"]
    assert settings == {"master_key": f"os.environ/{MASTER_KEY}"}


def test_what_is_left_out_stands_in_a_comment_with_its_reason() -> None:
    text = written(route("c", "a"), route("c", "b", reason="no route\nfor: it"))
    assert "#   b: no route for: it\n" in text
    assert [each["model_name"] for each in yaml.safe_load(text)["model_list"]] == ["c/a"]


def test_a_secret_in_a_field_that_is_no_secret_stops_the_export() -> None:
    with pytest.raises(PluginError, match="nothing is written"):
        written(route("c", "a", base=f"https://a.example/?key={KEY}"))


@pytest.mark.slow
def test_the_exported_configuration_routes_every_deployment_through_litellm(
    bonito: Bonito, log: RequestLog, account: Account
) -> None:
    account.remove("crowded")
    exported = bonito.run("gateway", "export", "--output", "config.yaml")
    assert exported.code == 0, exported.stderr
    log.clear()
    key = {"BONITO_AZURE_FOUNDRY_API_KEY": KEY}
    done = bonito.program(sys.executable, str(PROGRAM), "config.yaml", **key)
    assert done.code == 0, done.stderr
    answers = done.document["answers"]
    names = {deployment.name for deployment in account.standing()}
    assert set(answers) == names | {f"azure_foundry/{name}" for name in names}
    assert all(answers.values())
    assert log.violations == []
    assert len(log.requests) == len(answers)
    # LiteLLM sets what it finds in a file called .env above its own, unless in this mode.
    assert done.document["mode"] == "PRODUCTION"
