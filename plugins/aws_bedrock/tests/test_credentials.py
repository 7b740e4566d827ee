"""Three ways to authenticate, and how each is refused."""

from __future__ import annotations

import re

import pytest

from bonito_providers import Provider
from bonito_providers.errors import InvalidCredentials
from plugins.aws_bedrock.tests.resources import BY_API_KEY, BY_KEYS, BY_ROLE, EXTERNAL_ID


def problems(provider: Provider, **fields: str) -> dict[str, str]:
    with pytest.raises(InvalidCredentials) as raised:
        provider.read_credentials(fields)
    return raised.value.problems


@pytest.mark.parametrize(
    "fields",
    [
        BY_API_KEY,
        BY_KEYS,
        {**BY_KEYS, "session_token": "token-of-a-session"},
        BY_ROLE,
        {**BY_ROLE, "api_key": BY_API_KEY["api_key"]},
        {**BY_KEYS, "region": "us-east-2"},
    ],
)
def test_each_way_is_accepted(provider: Provider, fields: dict[str, str]) -> None:
    read = provider.read_credentials(fields)
    assert provider.read_credentials(read.reveal()) == read


def test_an_external_id_is_made_for_each_connection_and_told_when_it_is_missing(
    provider: Provider,
) -> None:
    without = {name: value for name, value in BY_ROLE.items() if name != "external_id"}
    told = [problems(provider, **without)["external_id"] for _ in range(2)]
    found = [re.findall(r"bonito-[0-9a-f]{32}", text) for text in told]
    assert [len(each) for each in found] == [1, 1]
    assert found[0] != found[1]
    provider.read_credentials({**without, "external_id": found[0][0]})


@pytest.mark.parametrize(
    "value", ["bonito-external-id", "bonito-", "x", EXTERNAL_ID.upper(), f"{EXTERNAL_ID}0"]
)
def test_an_external_id_that_others_could_share_is_refused(provider: Provider, value: str) -> None:
    assert "external_id" in problems(provider, **{**BY_ROLE, "external_id": value})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({**BY_API_KEY, "region": "eu-west-9"}, "region"),
        ({**BY_API_KEY, "region": "us-gov-west-1"}, "region"),
        ({**BY_API_KEY, "region": "evil.example/"}, "region"),
        ({**BY_API_KEY, "allowed_regions": "eu-west-1, moon"}, "allowed_regions"),
        ({**BY_API_KEY, "session_token": "token-of-a-session"}, "access_key_id"),
        ({**BY_KEYS, "role_arn": "arn:aws:iam::1:user/x"}, "role_arn"),
        ({**BY_KEYS, "external_id": EXTERNAL_ID}, "role_arn"),
        ({**BY_KEYS, **BY_API_KEY}, "api_key"),
        ({**BY_API_KEY, "prefer": "us"}, "prefer"),
        ({"region": "eu-west-1"}, "api_key"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_fields_name(
    provider: Provider, fields: dict[str, str], field: str
) -> None:
    found = problems(provider, **fields)
    assert field in found or field in str(found)


def test_a_key_pasted_into_another_field_is_not_repeated(provider: Provider) -> None:
    canary = BY_KEYS["secret_access_key"]
    with pytest.raises(InvalidCredentials) as raised:
        provider.read_credentials({**BY_KEYS, "region": canary, "allowed_regions": canary})
    assert canary not in f"{raised.value!r} {raised.value} {raised.value.problems}"
