"""Credential schemas: what is refused is refused by name, and no secret is ever shown."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, SecretStr, field_validator

from bonito_providers import Capability, Credentials, FieldGroup
from bonito_providers.errors import BonitoError, InvalidCredentials, PluginError
from tests.core.leaks import frames_with
from tests.core.plugins import Panic

CANARY = "canary-secret-0123456789abcdef"


class Keyed(BaseModel):
    method: Literal["key"] = "key"
    key: SecretStr


class Signed(BaseModel):
    method: Literal["token"] = "token"
    token: SecretStr = Field(min_length=40)


class Acme(Credentials):
    """Everything a schema may have."""

    endpoint: str = Field(title="Endpoint", examples=["https://one.acme.example"])
    api_key: SecretStr = Field(max_length=60)
    tenant: str | None = None
    client_secret: SecretStr | None = None
    region: Literal["north", "south"] = "north"
    login: Annotated[Keyed | Signed, Field(discriminator="method")] | None = None

    base_capabilities: ClassVar = frozenset({Capability.CHECK, Capability.ROUTE})
    field_groups: ClassVar = (
        FieldGroup(
            name="management",
            title="Management",
            summary="Lets models be deployed.",
            fields=("tenant", "client_secret"),
            enables=frozenset({Capability.DEPLOY, Capability.LIST_MODELS}),
        ),
    )

    @field_validator("endpoint")
    @classmethod
    def _not_elsewhere(cls, endpoint: str) -> str:
        if "elsewhere" in endpoint:
            message = f"{endpoint} is elsewhere"
            raise ValueError(message)
        return endpoint


class Careless(Acme):
    """A schema whose author quotes secrets, or forgets what a validator may raise."""

    @field_validator("api_key")
    @classmethod
    def _quoting(cls, key: SecretStr) -> SecretStr:
        text = key.get_secret_value()
        if text == "panic-at-once":
            raise Panic
        if text.startswith("canary"):
            message = f"{text} is wrong"
            raise (KeyError(message) if text.endswith("!") else ValueError(message))
        return key


GOOD = {"endpoint": "https://one.acme.example", "api_key": "a-good-key"}


def refused(raw: Mapping[str, Any], schema: type[Credentials] = Acme) -> InvalidCredentials:
    with pytest.raises(InvalidCredentials) as caught:
        schema.read(raw, provider="acme")
    return caught.value


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"endpoint": None}, {"endpoint": "Input should be a valid string"}),
        ({"endpoint": ""}, {"endpoint": "is empty"}),
        ({"api_key": "  \n"}, {"api_key": "is empty"}),
        ({"tenant": "", "endpoint": ""}, {"tenant": "is empty", "endpoint": "is empty"}),
        ({"apikey": "x"}, {"apikey": "is not a field of this provider"}),
        ({"region": "west"}, {"region": "Input should be 'north' or 'south'"}),
        (
            {"endpoint": "https://elsewhere.example"},
            {"endpoint": "https://elsewhere.example is elsewhere"},
        ),
        (
            {"tenant": "t"},
            {"client_secret": "is required with the other fields of Management"},
        ),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    changes: dict[str, Any], problems: dict[str, str]
) -> None:
    error = refused({**GOOD, **changes})
    assert error.problems == problems
    assert all(f"{field}: {problem}" in str(error) for field, problem in problems.items())


def test_what_is_missing_is_refused_by_name() -> None:
    assert refused({}).problems == {"endpoint": "is required", "api_key": "is required"}


def test_a_nested_field_is_refused_by_its_path() -> None:
    error = refused({**GOOD, "login": {"method": "token"}})
    assert error.problems == {"login.token.token": "is required"}


@pytest.mark.parametrize("group", [(), ("tenant", "client_secret")])
def test_a_group_is_given_whole_or_not_at_all(group: tuple[str, ...]) -> None:
    credentials = Acme.read(GOOD | dict.fromkeys(group, "something"), provider="acme")
    deploys = Capability.DEPLOY in credentials.capabilities().available
    assert deploys == bool(group)


def test_what_credentials_cannot_do_names_the_fields_that_would_give_it() -> None:
    capabilities = Acme.read(GOOD, provider="acme").capabilities()
    assert capabilities.available == {Capability.CHECK, Capability.ROUTE}
    assert capabilities.missing[Capability.DEPLOY] == ("tenant", "client_secret")
    assert capabilities.missing[Capability.INVOKE] == ()
    assert set(capabilities.missing) == set(Capability) - capabilities.available


REFUSED: tuple[tuple[type[Credentials], dict[str, Any]], ...] = (
    (Acme, {"api_key": CANARY * 3}),
    (Acme, {"api_key": [CANARY]}),
    (Acme, {"api_key": CANARY, "endpoint": ""}),
    (Acme, {"api_key": CANARY, "endpoint": 5}),
    (Acme, {"api_key": CANARY, "password": CANARY}),
    (Acme, {"api_key": CANARY, "client_secret": CANARY}),
    (Acme, {"api_key": CANARY, "login": {"method": "token", "token": CANARY}}),
    (Acme, {"api_key": CANARY, "login": {"method": "key", "key": {"x": CANARY}}}),
    (Careless, {"api_key": CANARY}),
    (Careless, {"api_key": f"{CANARY}!"}),
)


@pytest.mark.parametrize(("schema", "changes"), REFUSED)
def test_a_refusal_holds_no_secret_anywhere(
    schema: type[Credentials], changes: dict[str, Any]
) -> None:
    # The mapping is made within the call and held by nobody, so that only the core could keep it.
    with pytest.raises(BonitoError) as caught:
        schema.read({**GOOD, **changes}, provider="acme")
    error = caught.value
    shown = f"{error} {error!r} {error.hint} {vars(error)}"
    shown += "".join(traceback.format_exception(error))
    assert CANARY not in shown
    assert (error.__context__, error.__cause__) == (None, None)
    assert frames_with(error, CANARY) == []


def test_a_validator_that_crashes_is_a_defect_of_the_plugin() -> None:
    for key, name in ((f"{CANARY}!", "KeyError"), ("panic-at-once", "Panic")):
        said = f"acme failed in credential_schema: {name}"
        with pytest.raises(PluginError, match=said) as caught:
            Careless.read({**GOOD, "api_key": key}, provider="acme")
        assert (caught.value.provider, caught.value.operation) == ("acme", "credential_schema")


def test_credentials_show_no_secret() -> None:
    raw = {**GOOD, "api_key": CANARY, "login": {"method": "key", "key": CANARY}}
    credentials = Acme.read(raw, provider="acme")
    shown = f"{credentials} {credentials!r} {credentials.model_dump()}"
    assert CANARY not in shown + credentials.model_dump_json()
    assert [each.get_secret_value() for each in credentials.secrets()] == [CANARY, CANARY]


texts = st.text(min_size=1, max_size=20).filter(str.strip)
fields = st.fixed_dictionaries(
    {"endpoint": texts.filter(lambda text: "elsewhere" not in text), "api_key": texts},
    optional={
        "region": st.sampled_from(["north", "south"]),
        "login": st.fixed_dictionaries({"method": st.just("key"), "key": texts}),
    },
)


@given(fields)
def test_what_is_revealed_reads_back_as_the_same(raw: dict[str, Any]) -> None:
    credentials = Acme.read(raw, provider="acme")
    assert Acme.read(credentials.reveal(), provider="acme") == credentials
    assert json.loads(json.dumps(credentials.reveal())) == credentials.reveal()


@given(fields, fields)
def test_fingerprints_are_equal_exactly_when_the_fields_are(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = (Acme.read(raw, provider="acme") for raw in (one, other))
    same = first.fingerprint(b"key") == second.fingerprint(b"key")
    assert same == (first.reveal() == second.reveal())


def test_a_fingerprint_depends_on_the_hosts_key() -> None:
    credentials = Acme.read(GOOD, provider="acme")
    assert credentials.fingerprint(b"one") != credentials.fingerprint(b"other")
    assert GOOD["api_key"] not in credentials.fingerprint(b"one")


def test_the_form_draws_order_hints_secrets_and_groups() -> None:
    form = Acme.form()
    assert list(form["properties"])[:2] == ["endpoint", "api_key"]
    assert form["properties"]["api_key"]["writeOnly"] is True
    assert form["properties"]["endpoint"]["examples"] == ["https://one.acme.example"]
    assert form["additionalProperties"] is False
    [group] = form["x-groups"]
    assert group["fields"] == ["tenant", "client_secret"]
    assert group["enables"] == ["deploy", "list_models"]
