"""A bug report shows no secret, nobody's name, no home folder and nobody's account."""

from __future__ import annotations

import getpass
import json
import platform

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bonito_emulators.gcp import scenario as gcp
from bonito_host.doctor.privacy import Anonymous, secrets_of
from bonito_host.doctor.writing import report_lines
from bonito_providers import ProviderRegistry
from host.tests.doctor.bench import Bench
from host.tests.doctor.connection_faults import CHECK, CONNECTION, NETWORK
from host.tests.doctor.fault import Fault
from host.tests.managed import FIELDS, KEY, SECRET

HOME = "/srv/people/annabella"
PRIVATE = [
    KEY,
    SECRET,
    "contoso",
    "annabella",
    FIELDS["tenant_id"],
    FIELDS["client_id"],
    FIELDS["subscription_id"],
]
PROVIDERS = ProviderRegistry.discover().providers


def report(bench: Bench, *, offline: bool = False) -> str:
    examined = bench.examine(offline=offline)
    environment = {**bench.environment, "HOME": HOME, "USER": "annabella"}
    names = Anonymous(environment, providers=examined.registry.providers, chosen=examined.chosen)
    diagnosis = examined.diagnosis.written(names)
    return "\n".join((*report_lines(diagnosis), json.dumps(diagnosis.document())))


def test_a_report_of_a_healthy_connection_names_nobody(bench: Bench) -> None:
    bench.serve()
    bench.choose_management()
    text = report(bench)
    assert [each for each in PRIVATE if each.lower() in text.lower()] == []
    assert "https://<account-1>.services.ai.azure.com" in text
    assert "subscriptions/<subscription_id>" in text
    assert "bonito-azure-foundry 1.0.0" in text
    assert "login.microsoftonline.com" in text


def test_hosts_that_are_the_providers_own_stay_and_who_signs_in_does_not(bench: Bench) -> None:
    fields = dict(gcp.scenario.connections[0].fields)
    bench.choose_file(json.dumps(fields))
    text = report(bench, offline=True)
    assert "oauth2.googleapis.com" in text
    key = json.loads(fields["service_account_json"])
    for private in (key["client_email"], key["project_id"], key["private_key_id"]):
        assert private not in text
    assert "in the project <service_account_json.project_id>" in text


@pytest.mark.parametrize(
    "fault", [*CONNECTION, *NETWORK, *CHECK], ids=lambda fault: fault.name.replace(" ", "-")
)
def test_a_report_of_a_fault_names_nobody(bench: Bench, fault: Fault) -> None:
    fault.prepare(bench)
    bench.environment["BONITO_CREDENTIAL_NOTE"] = "annabella"
    text = report(bench)
    assert [each for each in PRIVATE if each.lower() in text.lower()] == []
    assert "canary" not in text
    assert fault.kind in text


def test_a_path_below_the_home_folder_is_told_without_it() -> None:
    names = Anonymous({"HOME": HOME, "USER": "annabella"})
    assert names(f"{HOME}/.local/share/bonito/bonito.db") == "~/.local/share/bonito/bonito.db"
    assert names("annabella wrote it") == "<user> wrote it"


def test_the_machine_and_whoever_runs_this_are_not_named() -> None:
    names = Anonymous({})
    assert platform.node() not in names(f"on {platform.node()}, as the host calls itself")
    assert f"by {getpass.getuser()} " not in names(f"by {getpass.getuser()} today")


def test_the_same_account_has_the_same_placeholder_wherever_it_turns_up() -> None:
    names = Anonymous({}, providers=PROVIDERS)
    text = names("https://fabrikam.services.ai.azure.com and https://fabrikam.openai.azure.com")
    assert (
        text == "https://<account-1>.services.ai.azure.com and https://<account-1>.openai.azure.com"
    )
    assert names("fabrikam in swedencentral") == "<account-1> in swedencentral"
    assert names("https://tailspin.openai.azure.com") == "https://<account-2>.openai.azure.com"


@pytest.mark.parametrize(
    ("variable", "value", "told", "hidden"),
    [
        (
            "BONITO_PROXY",
            "http://me:pw@proxy.contoso.example:3128",
            "proxy.contoso.example:3128 takes no connection",
            "<proxy-host>:3128 takes no connection",
        ),
        (
            "BONITO_EXTRA_HOSTS",
            "http://vllm.contoso.example:8000, .models.contoso.example",
            "vllm.contoso.example, eu.models.contoso.example",
            "<extra-host>, eu.<extra-host>",
        ),
        (
            "BONITO_SERVICES",
            "https://vault.contoso.example",
            "https://vault.contoso.example/v1",
            "https://<service-host>/v1",
        ),
        (
            "SSL_CERT_FILE",
            "/srv/contoso/ca.pem",
            "SSL_CERT_FILE names /srv/contoso/ca.pem, which is no file.",
            "SSL_CERT_FILE names <trust-folder>/ca.pem, which is no file.",
        ),
        (
            "BONITO_STORE",
            "/data/contoso/bonito.db",
            "its key file /data/contoso/bonito.db.key",
            "its key file <store-folder>/bonito.db.key",
        ),
        (
            "BONITO_STORE",
            "postgresql://svc-contoso:pw@db.contoso.example:5432/contoso-prod",
            'db.contoso.example refuses "svc-contoso" for contoso-prod, as PostgreSQL says',
            '<store-host> refuses "<store-user>" for <store-database>, as PostgreSQL says',
        ),
        ("BONITO_STORE", "postgresql://postgres@localhost/bonito", "PostgreSQL", "PostgreSQL"),
        (
            "BONITO_CREDENTIAL_BASE_URL",
            "http://models.example/contoso-project/v1",
            "POST http://models.example/contoso-project/v1/models",
            "POST http://<base_url-host>/<base_url-path>/v1/models",
        ),
        ("HOME", "/", "https://models.example/v1", "https://models.example/v1"),
    ],
)
def test_what_the_operator_has_named_is_told_by_its_part(
    variable: str, value: str, told: str, hidden: str
) -> None:
    assert Anonymous({"HOME": HOME, variable: value}, providers=PROVIDERS)(told) == hidden


@pytest.mark.parametrize(
    ("told", "hidden"),
    [
        ("arn:aws:iam::123456789012:user/team/ann is", "arn:aws:iam::<number>:user/<principal> is"),
        ("assumed-role/Admin/ann@contoso.example", "assumed-role/<principal>"),
        (
            "10.1.2.3, 172.16.0.9, 192.168.7.1, fd00:1::9",
            "<address>, <address>, <address>, <address>",
        ),
        ("20.1.2.3, 172.32.0.9, 127.0.0.1, 1.10.1.2", "20.1.2.3, 172.32.0.9, 127.0.0.1, 1.10.1.2"),
    ],
)
def test_principals_and_private_addresses_are_hidden_whoever_names_them(
    told: str, hidden: str
) -> None:
    assert Anonymous({"HOME": HOME}, providers=PROVIDERS)(told) == hidden


@example(account="models")
@example(account="account")
@example(account="azure")
@example(account="services")
@given(account=st.from_regex(r"[a-z][a-z0-9-]{2,30}[a-z0-9]", fullmatch=True))
def test_whatever_an_account_is_called_it_is_hidden(account: str) -> None:
    names = Anonymous({}, providers=PROVIDERS)
    told = names(f"POST https://{account}.services.ai.azure.com/x → 200")
    assert told == "POST https://<account-1>.services.ai.azure.com/x → 200"


@pytest.mark.parametrize(
    ("variable", "value", "secret"),
    [
        ("BONITO_KEY", "canary-key-0123456789abcdef", "canary-key-0123456789abcdef"),
        ("BONITO_PASSWORD", "canary-password-012345", "canary-password-012345"),
        ("BONITO_PROXY", "http://me:canary-proxy-01@proxy.example:3128", "canary-proxy-01"),
    ],
)
def test_the_operators_own_secrets_are_hidden(variable: str, value: str, secret: str) -> None:
    kept = secrets_of({variable: value})
    assert secret not in Anonymous({})(f"it said {value}")
    assert kept.forms
