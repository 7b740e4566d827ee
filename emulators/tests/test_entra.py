from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bonito_emulators.azure import DEFAULT_TENANT, AzureCloud, ClientSecret
from emulators.tests.management import CLIENT, LOGIN, SECRET, application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bonito_emulators import Emulation

MANAGEMENT = "https://management.azure.com/.default"
FORM = {
    "client_id": CLIENT,
    "grant_type": "client_credentials",
    "client_info": "1",
    "client_secret": SECRET,
    "scope": MANAGEMENT,
}
TOKEN = f"/{DEFAULT_TENANT}/oauth2/v2.0/token"


@pytest.fixture
def login(emulation: Emulation) -> Iterator[httpx.Client]:
    with emulation.in_process(), httpx.Client(base_url=LOGIN) as client:
        yield client


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in FORM.items() if key != name}


def test_the_configuration_leads_to_the_token_endpoint(login: httpx.Client) -> None:
    for name in (DEFAULT_TENANT, "acme.example", "ACME.example"):
        found = login.get(f"/{name}/v2.0/.well-known/openid-configuration").json()
        assert found["token_endpoint"] == LOGIN + TOKEN
        assert {"issuer", "authorization_endpoint", "device_authorization_endpoint"} <= found.keys()


def test_the_instance_discovery_names_the_host_itself(login: httpx.Client) -> None:
    query = {"api-version": "1.1", "authorization_endpoint": f"{LOGIN}/x/oauth2/authorize"}
    found = login.get("/common/discovery/instance", params=query).json()
    assert found["metadata"][0]["preferred_network"] == "login.microsoftonline.com"


@pytest.mark.parametrize(
    "audience",
    [
        "https://management.azure.com",
        "https://cognitiveservices.azure.com",
        "https://ai.azure.com",
        "https://ml.azure.com",
    ],
)
def test_a_token_is_for_the_audience_that_was_asked_for(
    login: httpx.Client, cloud: AzureCloud, audience: str
) -> None:
    answer = login.post(TOKEN, data={**FORM, "scope": f"{audience}/.default"})
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3599)
    claims = json.loads(base64.urlsafe_b64decode(body["access_token"].split(".")[1] + "=="))
    assert (claims["aud"], claims["appid"], claims["tid"]) == (audience, CLIENT, DEFAULT_TENANT)
    known = cloud.directory.token(body["access_token"])
    assert known is not None
    assert known.audience == audience
    assert body["access_token"] not in repr(known)


def test_two_tokens_differ_and_look_like_tokens(login: httpx.Client) -> None:
    first, second = (login.post(TOKEN, data=FORM).json()["access_token"] for _ in range(2))
    assert first != second
    assert first.startswith("eyJ")
    assert first.count(".") == 2


def test_the_lifetime_of_tokens_can_be_set(login: httpx.Client, cloud: AzureCloud) -> None:
    cloud.directory.token_lifetime = 60
    body = login.post(TOKEN, data=FORM).json()
    assert body["expires_in"] == 60
    known = cloud.directory.token(body["access_token"])
    assert known is not None
    assert not cloud.directory.expired(known)
    cloud.advance(61)
    assert cloud.directory.expired(known)


@pytest.mark.parametrize(
    ("path", "form", "status", "code", "error"),
    [
        (TOKEN, FORM | {"client_secret": "wrong"}, 401, 7000215, "invalid_client"),
        (TOKEN, FORM | {"client_id": "nobody"}, 400, 700016, "unauthorized_client"),
        ("/nowhere/oauth2/v2.0/token", FORM, 400, 90002, "invalid_request"),
        (TOKEN, without("scope"), 400, 900144, "invalid_request"),
        (TOKEN, without("client_id"), 400, 900144, "invalid_request"),
        (TOKEN, without("grant_type"), 400, 900144, "invalid_request"),
        (TOKEN, without("client_secret"), 401, 7000216, "invalid_client"),
        (
            TOKEN,
            FORM | {"scope": "https://graph.microsoft.com/.default"},
            400,
            500011,
            "invalid_resource",
        ),
        (TOKEN, FORM | {"scope": "https://management.azure.com"}, 400, 1002012, "invalid_scope"),
        (TOKEN, FORM | {"scope": f"{MANAGEMENT} {MANAGEMENT}"}, 400, 1002012, "invalid_scope"),
    ],
)
def test_what_entra_refuses_it_refuses_in_its_own_form(
    login: httpx.Client, *, path: str, form: dict[str, str], status: int, code: int, error: str
) -> None:
    answer = login.post(path, data=form, headers={"client-request-id": "corr"})
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [code])
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert body["error_uri"] == f"{LOGIN}/error?code={code}"
    assert body["correlation_id"] == "corr"
    assert body.keys() >= {"timestamp", "trace_id"}
    assert form.get("client_secret", SECRET) not in answer.text


def test_the_configuration_of_no_tenant_is_refused(login: httpx.Client) -> None:
    answer = login.get("/nowhere/v2.0/.well-known/openid-configuration")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_tenant")
    assert answer.json()["error_codes"] == [90002]


def test_an_expired_secret_is_said_to_be_expired(login: httpx.Client, cloud: AzureCloud) -> None:
    ends = datetime.now(UTC) + timedelta(days=1)
    application(cloud).secrets = [ClientSecret(value=SECRET, expires=ends)]
    assert login.post(TOKEN, data=FORM).status_code == 200
    cloud.advance(86_500)
    answer = login.post(TOKEN, data=FORM)
    assert (answer.status_code, answer.json()["error_codes"]) == (401, [7000222])
    wrong = login.post(TOKEN, data=FORM | {"client_secret": "wrong"})
    assert wrong.json()["error_codes"] == [7000215]


@pytest.mark.parametrize(
    ("given", "violation"),
    [
        ({"data": FORM | {"resource": "x"}}, "the form parameter 'resource' is unknown here"),
        ({"json": FORM}, "the content type is 'application/json'"),
        ({"data": FORM | {"grant_type": "password"}}, "the grant 'password' is not emulated"),
        ({"data": FORM | {"scope": [MANAGEMENT, MANAGEMENT]}}, "the form gives scope more than"),
    ],
)
def test_what_entra_does_not_know_is_a_violation(
    emulation: Emulation, login: httpx.Client, given: dict[str, Any], violation: str
) -> None:
    login.post(TOKEN, **given)
    [sentence] = emulation.log.violations
    assert violation in sentence


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"/{DEFAULT_TENANT}/oauth2/token"),
        ("GET", TOKEN),
        ("GET", "/"),
    ],
)
def test_other_paths_are_violations(
    emulation: Emulation, login: httpx.Client, method: str, path: str
) -> None:
    assert login.request(method, path).status_code == 404
    assert "no such path" in emulation.log.violations[0]
