"""The two fields: how a form draws them, what is refused, and that the key stays unseen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_azure_arm.access import GROUP
from bonito_azure_foundry import plugin
from bonito_azure_foundry.credentials import FoundryCredentials
from bonito_providers import Provider, ProviderRegistry
from bonito_providers.credentials import Capability
from bonito_providers.errors import InvalidCredentials
from plugins.azure_foundry.tests.resources import KEYS, SERVICES

FIELDS = {"endpoint": SERVICES, "api_key": KEYS[0]}
NEEDED = "is required, or all of Deployment permissions"
MANAGEMENT = {
    "tenant_id": "contoso.onmicrosoft.com",
    "client_id": "66666666-7777-8888-9999-000000000000",
    "client_secret": "a-made-up~secret",
    "subscription_id": "00000000-1111-2222-3333-444444444444",
    "resource_group": "rg-ai",
}
PROVIDER = Provider(plugin)


def _problems(fields: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidCredentials) as refusal:
        PROVIDER.read_credentials(fields)
    assert refusal.value.provider == "azure_foundry"
    return refusal.value.problems


def test_a_key_and_an_endpoint_are_enough() -> None:
    read = PROVIDER.read_credentials(FIELDS)
    assert read.reveal() == {**FIELDS, "azure_mode": "foundry"}


def test_the_form_asks_for_the_endpoint_first_and_hides_the_key() -> None:
    form = FoundryCredentials.form()
    assert list(form["properties"])[:3] == ["azure_mode", "endpoint", "api_key"]
    assert sorted(form["required"]) == ["api_key", "endpoint"]
    assert form["additionalProperties"] is False
    [group] = form["x-groups"]
    assert group["fields"] == list(GROUP.fields)
    assert group["enables"] == ["deploy"]
    endpoint, key = form["properties"]["endpoint"], form["properties"]["api_key"]
    assert (key["writeOnly"], key["format"], key["type"]) == (True, "password", "string")
    assert (endpoint["format"], endpoint["examples"]) == ("uri", [SERVICES])
    assert "writeOnly" not in endpoint
    for field in (endpoint, key):
        assert field["title"]
        assert "portal" in field["description"]


def test_the_clouds_form_fixes_the_mode_so_that_it_is_always_saved() -> None:
    form = ProviderRegistry.discover().schema("azure")
    mine = next(one for one in form["oneOf"] if one["title"] == "Azure AI Foundry")
    assert mine["properties"]["azure_mode"] == {"const": "foundry"}
    assert "azure_mode" in mine["required"]
    assert mine["x-recommended"] is True


def test_new_input_without_a_mode_is_foundry_and_says_so_when_saved() -> None:
    chosen = ProviderRegistry.discover().select("azure", FIELDS)
    assert chosen.provider.info.name == "azure_foundry"
    assert chosen.fields == {**FIELDS, "azure_mode": "foundry"}


def test_the_example_of_the_form_is_accepted() -> None:
    [example] = FoundryCredentials.form()["properties"]["endpoint"]["examples"]
    read = PROVIDER.read_credentials({**FIELDS, "endpoint": example})
    assert read.reveal()["endpoint"] == example


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, {"endpoint": "is required", "api_key": NEEDED}),
        ({"endpoint": SERVICES}, {"api_key": NEEDED}),
        ({**FIELDS, "endpoint": ""}, {"endpoint": "is empty"}),
        ({**FIELDS, "api_key": ""}, {"api_key": "is empty"}),
        ({**FIELDS, "api_kye": "x" * 32}, {"api_kye": "is not a field of this provider"}),
        ({**FIELDS, "azure_mode": "openai"}, {"azure_mode": "Input should be 'foundry'"}),
    ],
)
def test_missing_empty_and_unknown_fields_are_named(
    fields: dict[str, Any], problems: dict[str, str]
) -> None:
    assert _problems(fields) == problems


@pytest.mark.parametrize("value", [5, True, ["x"], {"a": "b"}])
@pytest.mark.parametrize("field", ["endpoint", "api_key"])
def test_what_is_no_text_is_refused_by_the_fields_name(field: str, value: object) -> None:
    assert set(_problems({**FIELDS, field: value})) == {field}


@pytest.mark.parametrize(
    "key",
    [
        f" {KEYS[0]}",
        f"{KEYS[0]} ",
        f"{KEYS[0]}\n",
        f"{KEYS[0]}\r\n",
        f"\t{KEYS[0]}",
        f"{KEYS[0][:20]} {KEYS[0][20:]}",
        f"{KEYS[0]}\u00a0",
        f"{KEYS[0]}\u200b",
        f"{KEYS[0]}\x00",
        f"Bearer {KEYS[0]}",
    ],
)
def test_a_key_with_anything_around_it_is_refused_with_the_mend(key: str) -> None:
    problems = _problems({**FIELDS, "api_key": key})
    assert problems == {"api_key": "must be the value alone, without spaces or line breaks"}


def test_a_client_secret_with_a_line_break_behind_it_is_refused() -> None:
    problems = _problems({**FIELDS, "client_secret": "Kq7~the.secret\n"})
    assert "without spaces or line breaks" in problems["client_secret"]


@pytest.mark.parametrize("key", ["short", "x" * 513])
def test_a_key_of_no_possible_length_is_refused(key: str) -> None:
    assert set(_problems({**FIELDS, "api_key": key})) == {"api_key"}
    assert key not in str(_problems({**FIELDS, "api_key": key}))


@given(key=st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=16))
def test_an_accepted_key_is_in_no_representation(key: str) -> None:
    read = PROVIDER.read_credentials({**FIELDS, "api_key": key[:512]})
    assert read.reveal()["api_key"] == key[:512]
    shown = f"{read} {read!r} {read.model_dump_json()} {read.model_dump()}"
    assert key[:512] not in f"{shown} {PROVIDER.connect(read)!r}"


@given(key=st.text(min_size=16, max_size=64), flaw=st.sampled_from([" ", "\n", "é", "\x00"]))
def test_a_refused_key_is_in_no_error(key: str, flaw: str) -> None:
    with pytest.raises(InvalidCredentials) as refusal:
        PROVIDER.read_credentials({**FIELDS, "api_key": key + flaw})
    error = refusal.value
    assert key not in f"{error} {error!r} {error.problems} {error.hint}"
    assert error.__cause__ is error.__context__ is None


def test_a_key_cannot_deploy_and_can_do_all_the_rest() -> None:
    capabilities = PROVIDER.read_credentials(FIELDS).capabilities()
    assert capabilities.available == frozenset(Capability) - {Capability.DEPLOY}
    assert capabilities.missing == {Capability.DEPLOY: GROUP.fields}


def test_the_whole_group_lets_it_deploy() -> None:
    read = PROVIDER.read_credentials({**FIELDS, **MANAGEMENT})
    assert Capability.DEPLOY in read.capabilities().available
    assert read.capabilities().missing == {}


@pytest.mark.parametrize("left_out", GROUP.fields)
def test_a_part_of_the_group_is_refused_naming_what_is_missing(left_out: str) -> None:
    part = {name: value for name, value in MANAGEMENT.items() if name != left_out}
    assert set(_problems({**FIELDS, **part})) == {left_out}


def test_a_service_principal_stands_in_for_the_key() -> None:
    read = PROVIDER.read_credentials({"endpoint": SERVICES, **MANAGEMENT})
    assert read.capabilities().available == frozenset(Capability)


def test_an_account_without_the_group_is_refused() -> None:
    assert "account_name" in str(_problems({**FIELDS, "account_name": "contoso"}))
