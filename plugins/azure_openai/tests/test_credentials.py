"""The fields: a key or a service principal, what is refused, and what old records look like."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_azure_openai import plugin
from bonito_azure_openai.credentials import OpenAICredentials
from bonito_providers import Provider, ProviderRegistry
from bonito_providers.credentials import Capability, Credentials
from bonito_providers.errors import InvalidCredentials
from plugins.azure_openai.tests.resources import (
    BY_KEY,
    BY_PRINCIPAL,
    CLIENT,
    KEYS,
    MANAGED,
    OPENAI,
    PLACE,
    PRINCIPAL,
    SECRET,
    TENANT,
)

PROVIDER = Provider(plugin)
WITHOUT_DEPLOY = frozenset(Capability) - {Capability.DEPLOY}
INCOMPLETE = "is required with the other fields of Service principal"
FIELDS = [
    "azure_mode",
    "endpoint",
    "api_key",
    "tenant_id",
    "client_id",
    "client_secret",
    "subscription_id",
    "resource_group",
    "account_name",
]


def _problems(fields: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidCredentials) as refusal:
        PROVIDER.read_credentials(fields)
    return refusal.value.problems


@pytest.mark.parametrize("fields", [BY_KEY, BY_PRINCIPAL, {**BY_KEY, **PRINCIPAL}, MANAGED])
def test_a_key_or_a_service_principal_or_both_are_enough(fields: dict[str, str]) -> None:
    read = PROVIDER.read_credentials(fields)
    assert read.reveal() == {**fields, "azure_mode": "openai"}


def test_the_form_asks_in_order_and_hides_the_secrets() -> None:
    form = OpenAICredentials.form()
    assert list(form["properties"]) == FIELDS
    assert form["required"] == ["endpoint"]
    assert form["additionalProperties"] is False
    [group] = form["x-groups"]
    assert group["fields"] == list(PRINCIPAL)
    hidden = {name for name, field in form["properties"].items() if "writeOnly" in str(field)}
    assert hidden == {"api_key", "client_secret"}
    assert all(field["title"] and field["description"] for field in form["properties"].values())


def test_the_clouds_form_offers_legacy_after_the_recommended_one() -> None:
    forms = ProviderRegistry.discover().schema("azure")["oneOf"]
    mine = next(form for form in forms if form["title"] == "Azure OpenAI (legacy)")
    assert mine["properties"]["azure_mode"] == {"const": "openai"}
    assert "azure_mode" in mine["required"]
    assert mine["x-recommended"] is False
    assert forms.index(mine) > 0


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, {"endpoint": "is required"}),
        ({"endpoint": ""}, {"endpoint": "is empty"}),
        ({**BY_KEY, "endpoint": " "}, {"endpoint": "is empty"}),
        ({**BY_KEY, "api_kye": "x"}, {"api_kye": "is not a field of this provider"}),
        ({**BY_KEY, "api_kye": ""}, {"api_kye": "is empty"}),
        ({**BY_KEY, "azure_mode": "foundry"}, {"azure_mode": "Input should be 'openai'"}),
        (
            {"endpoint": OPENAI},
            {"credentials": "give api_key, or tenant_id, client_id and client_secret"},
        ),
        (
            {"endpoint": OPENAI, **PLACE},
            {"credentials": "give api_key, or tenant_id, client_id and client_secret"},
        ),
        (
            {"endpoint": OPENAI, "tenant_id": TENANT, "client_id": CLIENT},
            {"client_secret": INCOMPLETE},
        ),
        (
            {**BY_KEY, "client_secret": SECRET},
            {"tenant_id": INCOMPLETE, "client_id": INCOMPLETE},
        ),
    ],
)
def test_what_is_missing_or_unknown_is_named(
    fields: dict[str, str], problems: dict[str, str]
) -> None:
    assert _problems(fields) == problems


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tenant_id", "contoso/../common"),
        ("tenant_id", "contoso.com\n"),
        ("client_id", "a b"),
        ("client_id", f"{CLIENT}\n"),
        ("subscription_id", "subscriptions/1"),
        ("resource_group", "a/b"),
        ("resource_group", "ends."),
        ("account_name", "a/b"),
        ("account_name", "-x"),
    ],
)
def test_an_id_that_could_lead_to_another_address_is_refused(field: str, value: str) -> None:
    assert set(_problems({**MANAGED, field: value})) == {field}


@pytest.mark.parametrize("field", ["api_key", "client_secret"])
@pytest.mark.parametrize("flaw", [" ", "\n", "\u00a0", "\u200b", "\x00", "é"])
def test_a_secret_with_anything_around_it_is_refused_unseen(field: str, flaw: str) -> None:
    value = f"{KEYS[1]}{flaw}"
    problems = _problems({**MANAGED, field: value})
    assert problems == {field: "must be the value alone, without spaces or line breaks"}


@given(secret=st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=16))
@pytest.mark.parametrize("field", ["api_key", "client_secret"])
def test_an_accepted_secret_is_in_no_representation(field: str, secret: str) -> None:
    read = PROVIDER.read_credentials({**MANAGED, field: secret[:512]})
    assert read.reveal()[field] == secret[:512]
    shown = f"{read} {read!r} {read.model_dump_json()} {read.model_dump()}"
    assert secret[:512] not in f"{shown} {PROVIDER.connect(read)!r}"


OPTIONAL = [name for name in FIELDS if name not in ("endpoint", "azure_mode")]


def _stored(record: dict[str, str]) -> Credentials:
    chosen = ProviderRegistry.discover().select("azure", record, stored=True)
    return chosen.provider.read_credentials(chosen.fields)


@given(blank=st.dictionaries(st.sampled_from(OPTIONAL), st.sampled_from(["", " "])))
def test_the_unused_fields_of_an_old_record_may_be_empty(blank: dict[str, str]) -> None:
    unused = {name: value for name, value in blank.items() if name != "api_key"}
    assert _stored({**unused, **BY_KEY}) == PROVIDER.read_credentials(BY_KEY)
    rest = {name: value for name, value in blank.items() if name not in PRINCIPAL}
    expected = PROVIDER.read_credentials(BY_PRINCIPAL)
    assert _stored({**rest, **BY_PRINCIPAL}) == expected


def test_an_empty_mode_in_an_old_record_is_no_mode() -> None:
    assert isinstance(_stored({**BY_KEY, "azure_mode": ""}), OpenAICredentials)


def test_an_empty_field_of_new_input_is_refused_by_name() -> None:
    assert _problems({**BY_KEY, "tenant_id": ""}) == {"tenant_id": "is empty"}


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        (BY_KEY, (*PRINCIPAL, *PLACE)),
        ({**BY_KEY, **PLACE}, tuple(PRINCIPAL)),
        (BY_PRINCIPAL, tuple(PLACE)),
        ({**BY_PRINCIPAL, "resource_group": "production"}, ("subscription_id",)),
        ({**BY_KEY, **PRINCIPAL}, tuple(PLACE)),
    ],
)
def test_without_all_management_fields_everything_works_but_deploying(
    fields: dict[str, str], missing: tuple[str, ...]
) -> None:
    capabilities = PROVIDER.read_credentials(fields).capabilities()
    assert capabilities.available == WITHOUT_DEPLOY
    assert capabilities.missing == {Capability.DEPLOY: missing}


@pytest.mark.parametrize("fields", [MANAGED, {**MANAGED, "api_key": KEYS[0]}])
def test_with_all_management_fields_everything_works(fields: dict[str, str]) -> None:
    capabilities = PROVIDER.read_credentials(fields).capabilities()
    assert capabilities.available == frozenset(Capability)
    assert capabilities.missing == {}
