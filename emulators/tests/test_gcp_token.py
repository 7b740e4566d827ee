"""The emulated token endpoint, as google-auth and others who sign use it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import google.auth.exceptions
import google.auth.transport.requests
import httpx
import pytest
import requests
from google.auth import crypt, jwt
from google.oauth2 import service_account as google_service_account

from bonito_emulators import Emulation
from bonito_emulators.gcp import GoogleCloud, ServiceAccount, service_account
from bonito_emulators.gcp.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "https://oauth2.googleapis.com/token"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture
def account() -> ServiceAccount:
    return service_account("acme-prod")


@pytest.fixture
def cloud(account: ServiceAccount) -> GoogleCloud:
    return GoogleCloud(accounts=[account])


@pytest.fixture
def client(emulation: Emulation) -> Iterator[httpx.Client]:
    with emulation.in_process(), httpx.Client() as opened:
        yield opened


def assertion(account: ServiceAccount, *, key: dict[str, str] | None = None, **claims: Any) -> str:
    file = key or account.key_file()
    signer = crypt.RSASigner.from_service_account_info(file)  # type: ignore[no-untyped-call]  # google-auth has no types there
    now = int(time.time())
    payload = {
        "iss": file["client_email"],
        "scope": SCOPE,
        "aud": TOKEN,
        "iat": now,
        "exp": now + 3600,
        **claims,
    }
    encoded: bytes = jwt.encode(signer, payload)  # type: ignore[no-untyped-call]  # google-auth has no types there
    return encoded.decode()


def post(client: httpx.Client, text: str) -> httpx.Response:
    return client.post(TOKEN, data={"grant_type": GRANT, "assertion": text})


def test_google_auth_gets_a_token_that_vertex_ai_takes(
    emulation: Emulation, account: ServiceAccount
) -> None:
    credentials = google_service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]  # google-auth has no types there
        account.key_file(), scopes=[SCOPE]
    )
    with emulation.in_process(), requests.Session() as session:
        credentials.refresh(google.auth.transport.requests.Request(session))
        answer = session.get(
            "https://aiplatform.googleapis.com/v1beta1/publishers/google/models",
            headers={"authorization": f"Bearer {credentials.token}"},
            timeout=30,
        )
    assert answer.status_code == 200
    assert emulation.log.violations == []


def test_google_auth_tells_a_wrong_key_as_refused(
    emulation: Emulation, account: ServiceAccount
) -> None:
    credentials = google_service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]  # google-auth has no types there
        account.key_file(wrong=True), scopes=[SCOPE]
    )
    with (
        emulation.in_process(),
        requests.Session() as session,
        pytest.raises(google.auth.exceptions.RefreshError, match="Invalid JWT Signature"),
    ):
        credentials.refresh(google.auth.transport.requests.Request(session))


@pytest.mark.parametrize(
    ("claims", "description"),
    [
        ({"aud": "https://aiplatform.googleapis.com/"}, "audience"),
        ({"exp": int(time.time()) + 90_000}, "short-lived"),
        ({"exp": 1_000_000, "iat": 999_000}, "short-lived"),
        ({"iss": "nobody@acme-prod.iam.gserviceaccount.com"}, "account not found"),
    ],
)
def test_an_assertion_that_is_not_as_documented_is_refused(
    client: httpx.Client, account: ServiceAccount, claims: dict[str, Any], description: str
) -> None:
    answer = post(client, assertion(account, **claims))
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"
    assert description in answer.json()["error_description"]


@pytest.mark.parametrize("text", ["", "a.b.c", "e30.e30.", "not a token"])
def test_what_is_no_signed_assertion_is_refused(client: httpx.Client, text: str) -> None:
    answer = post(client, text)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_an_assertion_without_a_signature_is_refused(
    client: httpx.Client, account: ServiceAccount
) -> None:
    text = assertion(account).rpartition(".")[0]
    assert post(client, f"{text}.").json()["error_description"] == "Invalid JWT Signature."


def test_a_deleted_accounts_tokens_are_taken_no_more(
    client: httpx.Client, account: ServiceAccount
) -> None:
    token = post(client, assertion(account)).json()["access_token"]
    url = "https://aiplatform.googleapis.com/v1beta1/publishers/google/models"
    headers = {"authorization": f"Bearer {token}"}
    assert client.get(url, headers=headers).status_code == 200
    account.deleted = True
    refused = client.get(url, headers=headers)
    assert refused.status_code == 401
    assert "invalid_token" in refused.headers["www-authenticate"]


def test_another_grant_or_field_is_a_violation(
    client: httpx.Client, account: ServiceAccount, emulation: Emulation
) -> None:
    form = {"grant_type": "client_credentials", "assertion": assertion(account), "scope": SCOPE}
    answer = client.post(TOKEN, data=form)
    assert answer.json()["error"] == "unsupported_grant_type"
    assert len(emulation.log.violations) == 2


def test_a_key_file_is_the_one_that_the_console_hands_out(account: ServiceAccount) -> None:
    file = account.key_file()
    assert json.loads(json.dumps(file)) == file
    assert file["type"] == "service_account"
    assert file["private_key"].startswith("-----BEGIN PRIVATE KEY-----\n")


def test_the_demonstrations_right_key_is_taken_and_its_wrong_one_refused(
    client: httpx.Client, account: ServiceAccount
) -> None:
    [connection] = scenario.connections
    for fields, status in ((connection.fields, 200), (connection.wrong_fields, 400)):
        key = json.loads(fields["service_account_json"])
        assert post(client, assertion(account, key=key)).status_code == status
    assert scenario.start_cloud().knows("us-central1-aiplatform.googleapis.com")
