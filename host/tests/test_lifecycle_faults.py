"""What keeps a model from being deployed: each with its own words, mend and exit code."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bonito_emulators.azure import ClientSecret
from host.tests.forks import Forks
from host.tests.managed import SECRET, Managed, managed, words_of

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
WRONG = "Wrong~secret~of~nobody~0123456789"
ORGANISED = ("--consent", "marketplace_terms")


@pytest.fixture
def cloud(tmp_path: Path, forks: Forks) -> Iterator[Managed]:
    with managed(tmp_path, forks) as started:
        yield started


def nothing(_cloud: Managed) -> None:
    """The request itself is at fault."""


def expire(cloud: Managed) -> None:
    cloud.application.secrets[:] = [ClientSecret(value=SECRET, expires=LONG_AGO)]


def take_roles(cloud: Managed) -> None:
    cloud.application.roles.clear()


def take_quota(cloud: Managed) -> None:
    cloud.subscription.quota("swedencentral")["OpenAI.GlobalStandard.gpt-4o"].limit = 0


def refuse_purchases(cloud: Managed) -> None:
    cloud.subscription.marketplace_refusal = "CSP subscriptions cannot buy"


def unregister(cloud: Managed) -> None:
    cloud.subscription.registered = False


@dataclass(frozen=True)
class Case:
    """A fault, and what a person must be told of it."""

    arguments: tuple[str, ...]
    code: int
    says: str
    mend: str
    prepare: Callable[[Managed], None] = nothing
    changes: dict[str, str] = field(default_factory=dict)


CASES = {
    "wrong client secret": Case(
        ("gpt-4o",), 3, "secret is wrong", "value, not its id", changes={"client_secret": WRONG}
    ),
    "expired secret": Case(("gpt-4o",), 3, "secret has expired", "make a new one", expire),
    "missing role": Case(
        ("gpt-4o",), 3, "does not have authorization", "role assignment create", take_roles
    ),
    "no quota": Case(("gpt-4o",), 5, "not enough quota", "ask for more quota", take_quota),
    "retired model": Case(("babbage",), 4, "retired on 2024-06-14", "list the models"),
    "no SKU": Case(
        ("gpt-4o", "--sku", "ProvisionedManaged"),
        6,
        "not offered as ProvisionedManaged",
        "only as: Standard, GlobalStandard",
    ),
    "name taken": Case(
        ("gpt-4o", "--name", "taken"), 7, "a deployment of DeepSeek-V3.1", "choose another name"
    ),
    "terms not accepted": Case(
        ("Codestral-2501",), 6, "sold by a partner", "give the consent marketplace_terms"
    ),
    "marketplace not eligible": Case(
        ("Codestral-2501", *ORGANISED),
        6,
        "purchase eligibility check failed",
        "ask the billing owner",
        refuse_purchases,
    ),
    "provider not registered": Case(
        ("gpt-4o",), 6, "is not registered to use", "az provider register", unregister
    ),
    "organisation fields missing": Case(
        ("claude-haiku-4-5", *ORGANISED),
        6,
        "missing or wrong: organization_name",
        "give them as fields",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_fault_ends_deploy_with_its_own_words_mend_and_code(cloud: Managed, case: Case) -> None:
    cloud.connect(**case.changes)
    case.prepare(cloud)
    done = cloud.bonito.run("deploy", "prod", *case.arguments)
    said = words_of(done).lower()
    assert done.code == case.code, said
    assert case.says.lower() in said
    assert case.mend.lower() in said
    assert "→" in done.stderr
    assert "Traceback" not in done.stderr
    assert cloud.bills("created") == []
    others = [each.says.lower() for each in CASES.values() if each.says != case.says]
    assert not [each for each in others if each in said]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_fault_ends_plan_as_it_ends_deploy_and_stands_in_one_document(
    cloud: Managed, case: Case
) -> None:
    cloud.connect(**case.changes)
    case.prepare(cloud)
    done = cloud.bonito.run("plan", "prod", *case.arguments, "--json")
    # Whether a subscription may buy is told by buying only.
    expected = 0 if case.prepare is refuse_purchases else case.code
    assert done.code == expected, done.stderr
    assert ("error" in done.document) is (case.code in (3, 4, 7) or case.prepare is unregister)
    assert [each.method for each in cloud.log.requests if each.method == "PUT"] == []


@pytest.mark.parametrize(
    ("prepare", "changes", "code", "stored"),
    [
        (nothing, {"client_secret": WRONG}, 3, False),
        (expire, {}, 3, False),
        (nothing, {"api_key": "wrong-key-0123456789abcdef"}, 3, False),
        (take_roles, {}, 3, True),
        (unregister, {}, 6, True),
    ],
)
def test_connect_stores_nothing_that_was_not_accepted(
    cloud: Managed,
    prepare: Callable[[Managed], None],
    changes: dict[str, str],
    *,
    code: int,
    stored: bool,
) -> None:
    prepare(cloud)
    variables = {f"BONITO_CREDENTIAL_{name.upper()}": value for name, value in changes.items()}
    done = cloud.bonito.run("connect", "prod", **variables)
    assert done.code == code, done.stderr
    assert ("stored as prod" in done.stderr) is stored
    assert ("Nothing was stored" in done.stderr) is not stored
    assert cloud.store.connections.exists("prod") is stored


def test_capacity_beyond_the_quota_is_refused_with_the_arithmetic(cloud: Managed) -> None:
    cloud.connect()
    done = cloud.bonito.run("deploy", "prod", "gpt-4o", "--capacity", "431")
    assert done.code == 5
    assert "431 needed, 20 of 450 in use" in words_of(done)


def test_credentials_that_cannot_deploy_say_which_fields_are_missing(cloud: Managed) -> None:
    cloud.connect()
    fields = cloud.store.connections.credentials("prod")
    kept = {name: fields[name] for name in ("azure_mode", "endpoint", "api_key")}
    cloud.store.connections.save(
        "small",
        provider="azure_foundry",
        cloud="azure",
        title="x",
        credentials=kept,
        report={},
    )
    done = cloud.bonito.run("deploy", "small", "gpt-4o", "--json")
    assert done.code == 6
    assert "client_secret" in done.document["error"]["hint"]
    assert cloud.log.requests == []
