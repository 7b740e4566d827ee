"""Key files: what people paste, and what is refused because it would reach elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_gcp_vertex.credentials import VertexCredentials
from bonito_gcp_vertex.key_file import TOKEN_URIS
from bonito_gcp_vertex.locations import host_of, is_location
from bonito_providers import HostPolicy
from bonito_providers.errors import InvalidCredentials
from plugins.gcp_vertex.tests.resources import PROJECT, key_file


def read(given: object, **others: Any) -> VertexCredentials:
    raw = {"service_account_json": given, **others}
    return VertexCredentials.read(raw, provider="gcp_vertex")


def refusal(given: object, **others: Any) -> InvalidCredentials:
    with pytest.raises(InvalidCredentials) as caught:
        read(given, **others)
    return caught.value


def test_a_key_file_is_taken_as_an_object_and_as_text() -> None:
    texts = [
        json.dumps(key_file()),
        json.dumps(key_file(), indent=2),
        f"\n {json.dumps(key_file())}",
    ]
    meanings = {read(each).service_account_json.get_secret_value() for each in texts}
    meanings.add(read(key_file()).service_account_json.get_secret_value())
    assert len(meanings) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda key: key.replace("\n", "\\n"),
        lambda key: key.replace("\n", "\r\n"),
    ],
    ids=["escaped twice", "line ends of another system"],
)
def test_line_breaks_of_the_key_are_repaired(damage: Any) -> None:
    whole = read(key_file())
    damaged = read({**key_file(), "private_key": damage(key_file()["private_key"])})
    assert damaged == whole


def test_line_breaks_within_the_text_of_a_key_are_repaired() -> None:
    text = json.dumps(key_file()).replace("\\n", "\n")
    assert read(text) == read(key_file())


def test_the_project_comes_from_the_key_file_and_the_location_is_global() -> None:
    credentials = read(key_file())
    assert (credentials.project, credentials.location) == (PROJECT, "global")
    assert credentials.region is None
    assert read(key_file(), project_id="other-project").project == "other-project"


def test_endpoints_stand_in_the_location_where_that_is_a_region() -> None:
    assert read(key_file(), location="europe-west4").region == "europe-west4"
    assert read(key_file(), location="eu", endpoint_region="us-central1").region == "us-central1"


@pytest.mark.parametrize("kind", ["authorized_user", "external_account", "gdch", "", None])
def test_only_a_service_accounts_key_is_taken(kind: str | None) -> None:
    error = refusal({**key_file(), "type": kind})
    assert "service_account" in error.problems["service_account_json"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_uri", "https://oauth2.googleapis.com.evil.example/token"),
        ("token_uri", "http://oauth2.googleapis.com/token"),
        ("token_uri", "https://storage.googleapis.com/my-bucket/token"),
        ("universe_domain", "evil.example"),
        ("client_email", "somebody@gmail.com"),
        ("private_key", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        ("project_id", "../other"),
    ],
)
def test_a_key_file_that_leads_elsewhere_is_refused_without_repeating_it(
    name: str, value: str
) -> None:
    error = refusal({**key_file(), name: value})
    assert name.split("_", maxsplit=1)[0] in error.problems["service_account_json"]
    assert value not in f"{error} {error.hint}"


@pytest.mark.parametrize(
    "pasted", ["/etc/passwd", "~/.config/gcloud/key.json", "[]", "null", "{", "1", ""]
)
def test_a_path_is_no_key_file(pasted: str) -> None:
    """LiteLLM would read whatever file of the gateway's machine a text names."""
    assert "service_account_json" in refusal(pasted).problems


def test_what_a_key_file_does_not_need_is_not_handed_on() -> None:
    given = {**key_file(), "quota_project_id": "victim", "credential_source": {"file": "/x"}}
    kept = json.loads(read(given).service_account_json.get_secret_value())
    assert set(kept) == set(key_file())


def test_the_private_key_is_a_secret_of_its_own() -> None:
    secrets = [each.get_secret_value() for each in read(key_file()).secrets()]
    assert key_file()["private_key"] in secrets
    assert key_file()["private_key"] not in repr(read(key_file()))


@given(st.text(max_size=60) | st.sampled_from(["us-central1@evil", "a-b1/../x", "eu.evil", "us-"]))
def test_no_location_leads_to_a_host_that_is_not_vertex_ais(text: str) -> None:
    policy = HostPolicy((".googleapis.com",))
    if is_location(text):
        assert policy.allows_host(host_of(text))
        assert "aiplatform" in host_of(text)
    else:
        assert "location" in refusal(key_file(), location=text).problems


@given(
    st.text(max_size=80)
    | st.sampled_from(TOKEN_URIS).flatmap(
        lambda uri: st.sampled_from([f"{uri}/", f"{uri}?x=1", f"{uri}#", uri.upper(), f" {uri}"])
    )
    | st.from_regex(r"https://[a-z0-9.@:/-]{1,40}(googleapis\.com)?[a-z0-9./?#@:-]{0,20}")
)
def test_no_token_uri_but_googles_is_ever_taken(uri: str) -> None:
    if uri in TOKEN_URIS:
        assert read({**key_file(), "token_uri": uri}).key.token_uri == uri
    else:
        refusal({**key_file(), "token_uri": uri})
