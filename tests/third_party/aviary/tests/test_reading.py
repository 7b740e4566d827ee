"""Credentials, tokens, the check and the listings."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_aviary.credentials import normalised_endpoint
from bonito_aviary.emulator import AviaryService
from bonito_emulators import Emulation, Fault, Respond
from bonito_providers import (
    Capability,
    Connection,
    NetworkSettings,
    Provider,
    Verdict,
)
from bonito_providers.errors import (
    CapabilityUnavailable,
    CredentialsRejected,
    InvalidCredentials,
    InvalidRequest,
    MalformedAnswer,
)
from tests.third_party.aviary.tests.resources import fields, managing, planned
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio
MODELS = {
    "choreographer@1",
    "condor-xl@1",
    "dodo-1@1",
    "finch-2@1",
    "finch-2@2",
    "finch-embed@1",
    "heron-paint@1",
    "kiwi-1@1",
    "lark-4@10",
    "lark-4@9",
    "owl-1@1",
    "swift-9@1",
    "wren-1@1",
}


@pytest.mark.parametrize(
    "pasted",
    [
        "https://acme.aviary.example",
        "https://acme.aviary.example/",
        "HTTPS://ACME.Aviary.EXAMPLE/v1/",
        "https://acme.aviary.example/v1/chat/completions",
    ],
)
def test_every_form_that_people_paste_means_the_account(pasted: str) -> None:
    assert normalised_endpoint(pasted) == "https://acme.aviary.example"


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("http://acme.aviary.example", "must begin with https://"),
        ("https://acme.aviary.example.evil.test", "must be the host of an account"),
        ("https://evil.test/acme.aviary.example", "must be the host of an account"),
        ("https://a.b.aviary.example", "must be the host of an account"),
        ("https://manage.aviary.example", "all accounts share"),
        ("https://acme.aviary.example:8443", "must not name a port"),
        ("https://me:pass@acme.aviary.example", "user name or password"),
        ("https://acme.aviary.example/v1?key=1", "take off what follows"),
        ("https://acme.aviary.example/admin", "has a path"),
        ("https://acme.aviary.example /v1", "contains a space"),
        ("https://[::1", "is not an address"),
    ],
)
def test_another_address_is_refused_with_a_sentence(pasted: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        normalised_endpoint(pasted)


@given(st.text(max_size=60) | st.from_regex(r"\Ahttps://[\x21-\x7e]{0,40}\Z"))
def test_whatever_is_accepted_leads_to_one_account(text: str) -> None:
    try:
        address = normalised_endpoint(text)
    except ValueError:
        return
    host = address.removeprefix("https://")
    assert host.endswith(".aviary.example")
    assert host.removesuffix(".aviary.example").replace("-", "").isalnum()


def test_half_a_client_is_refused_by_the_missing_fields(
    provider: Provider, service: AviaryService
) -> None:
    with pytest.raises(InvalidCredentials) as caught:
        provider.read_credentials({**fields(service), "client_id": "client-acme"})
    assert set(caught.value.problems) == {"client_secret", "account_id"}


def test_a_key_does_everything_but_deploy(provider: Provider, service: AviaryService) -> None:
    capabilities = provider.read_credentials(fields(service)).capabilities()
    assert capabilities.available == frozenset(Capability) - {Capability.DEPLOY}
    assert capabilities.missing == {Capability.DEPLOY: ("client_id", "client_secret", "account_id")}


async def test_planning_with_a_key_alone_names_what_is_missing(key_only: Connection) -> None:
    with pytest.raises(CapabilityUnavailable) as caught:
        await planned(key_only, model="finch-2")
    assert caught.value.missing == ("client_id", "client_secret", "account_id")


async def test_a_token_is_fetched_once_by_callers_at_the_same_time(
    connection: Connection, emulation: Emulation
) -> None:
    listings = (connection.provider.list_deployments(connection) for _ in range(4))
    await asyncio.gather(*listings)
    assert emulation.log.counts("login.aviary.example") == {"POST /token": 1}


async def test_a_token_is_renewed_before_it_expires(
    connection: Connection, clock: VirtualClock, service: AviaryService
) -> None:
    await connection.provider.list_deployments(connection)
    clock.elapsed += 539
    await connection.provider.list_deployments(connection)
    assert service.tokens_issued == 1
    clock.elapsed += 1
    service.expire_tokens()
    await connection.provider.list_deployments(connection)
    assert service.tokens_issued == 2


async def test_a_token_is_renewed_once_by_callers_at_the_same_time(
    connection: Connection, clock: VirtualClock, service: AviaryService
) -> None:
    await connection.provider.list_deployments(connection)
    clock.elapsed += 600
    await asyncio.gather(*(connection.provider.list_deployments(connection) for _ in range(4)))
    assert service.tokens_issued == 2


async def test_a_token_that_a_refusal_quotes_is_not_shown(
    connection: Connection, service: AviaryService
) -> None:
    await connection.provider.list_deployments(connection)
    (token,) = service.tokens
    service.echo = True
    service.expire_tokens()
    with pytest.raises(CredentialsRejected, match="you sent") as caught:
        await connection.provider.list_deployments(connection)
    assert token not in str(caught.value)


async def test_the_check_passes_every_item_for_good_credentials(connection: Connection) -> None:
    report = await connection.provider.check_credentials(connection)
    assert [(each.name, each.verdict) for each in report.items] == [
        ("reach", Verdict.PASSED),
        ("authenticate", Verdict.PASSED),
        ("list_deployments", Verdict.PASSED),
        ("manage", Verdict.PASSED),
    ]
    assert report.notes == ("The endpoint was understood as https://acme.aviary.example.",)


async def test_the_check_does_not_try_what_is_not_given(key_only: Connection) -> None:
    manage = (await key_only.provider.check_credentials(key_only)).items[-1]
    assert (manage.name, manage.verdict, manage.essential) == (
        "manage",
        Verdict.NOT_CHECKED,
        False,
    )
    assert "add a client" in manage.reason


async def test_a_wrong_key_fails_to_authenticate_and_is_not_repeated(
    provider: Provider, network: NetworkSettings, service: AviaryService
) -> None:
    service.echo = True
    wrong = {**fields(service), "api_key": "avk-wrong-0123456789abcdef"}
    async with provider.connect(wrong, network=network) as opened:
        report = await provider.check_credentials(opened)
    verdicts = [each.verdict for each in report.items]
    assert verdicts == [
        Verdict.PASSED,
        Verdict.FAILED,
        Verdict.NOT_CHECKED,
        Verdict.NOT_CHECKED,
    ]
    assert report.items[1].error == "CredentialsRejected"
    assert "avk-wrong" not in report.model_dump_json()


async def test_an_account_that_does_not_exist_is_not_reached(
    provider: Provider, network: NetworkSettings, service: AviaryService
) -> None:
    nobody = {**fields(service), "endpoint": "https://nobody.aviary.example"}
    async with provider.connect(nobody, network=network) as opened:
        report = await provider.check_credentials(opened)
    assert [each.verdict for each in report.items[:2]] == [Verdict.FAILED, Verdict.NOT_CHECKED]


async def test_a_wrong_client_fails_to_manage_only(
    provider: Provider, network: NetworkSettings, service: AviaryService
) -> None:
    service.echo = True
    wrong = {**managing(service), "client_secret": "avs-wrong-0123456789"}
    async with provider.connect(wrong, network=network) as opened:
        report = await provider.check_credentials(opened)
        with pytest.raises(CredentialsRejected) as caught:
            await provider.list_models(opened)
    assert report.items[-1].verdict is Verdict.FAILED
    assert report.failures == ()
    assert "avs-wrong" not in f"{report.model_dump_json()} {caught.value}"


async def test_a_client_of_another_account_than_the_endpoints_is_refused(
    provider: Provider, network: NetworkSettings, service: AviaryService
) -> None:
    mixed = {**managing(service, account=1), **fields(service)}
    async with provider.connect(mixed, network=network) as opened:
        with pytest.raises(InvalidRequest, match="not the one behind the endpoint"):
            await provider.list_deployments(opened)


@pytest.mark.parametrize("page_size", [1, 2, 5, 100])
async def test_the_catalogue_is_whole_under_every_page_size(
    connection: Connection, service: AviaryService, page_size: int
) -> None:
    service.page_size = page_size
    listing = await connection.provider.list_models(connection)
    names = [each.id for each in listing.items]
    assert names == sorted(MODELS)
    assert listing.complete
    assert [each.id for each in listing.skipped] == ["(no name)"]
    assert "name" in listing.skipped[0].reason


async def test_the_catalogue_tells_unknown_from_none(connection: Connection) -> None:
    listing = await connection.provider.list_models(connection)
    models = {each.id: each for each in listing.items}
    assert models["kiwi-1@1"].skus == ()
    assert models["swift-9@1"].skus is None
    assert models["choreographer@1"].kind == "choreography"
    owl = models["owl-1@1"]
    assert (owl.sold_by, owl.terms_needed, owl.price_key) == ("partner", True, "aviary/owl-1")
    assert models["wren-1@1"].price_key is None


async def test_the_data_file_tells_of_terms_where_the_catalogue_does_not(
    connection: Connection, service: AviaryService
) -> None:
    for row in service.catalogue:
        row |= {"terms": None, "partner": None}
    listing = await connection.provider.list_models(connection)
    models = {each.name: (each.terms_needed, each.sold_by) for each in listing.items}
    assert models["owl-1"] == (True, "partner")
    assert models["wren-1"] == (None, None)


async def test_models_say_what_is_deployed_of_them(
    connection: Connection, service: AviaryService
) -> None:
    service.put_outside("theirs", "finch-2")
    models = {each.id: each for each in (await connection.provider.list_models(connection)).items}
    assert models["finch-2@2"].deployed_as == ("theirs",)
    assert models["finch-2@1"].deployed_as == ()


async def test_a_key_lists_the_same_ids_and_knows_less(key_only: Connection) -> None:
    listing = await key_only.provider.list_models(key_only)
    assert {each.id for each in listing.items} == MODELS
    assert {each.skus for each in listing.items} == {None}
    assert {each.kind for each in listing.items} == {None}
    assert len(listing.skipped) == 1


async def test_an_operators_rows_come_before_the_data_file(
    network: NetworkSettings, service: AviaryService, provider: Provider
) -> None:
    row = {"match": "wren-*", "price_key": "ours/wren", "source": "us", "date": "2026-02-01"}
    provider.data_overrides["models"] = [row]
    async with provider.connect(managing(service), network=network) as opened:
        models = {each.id: each for each in (await provider.list_models(opened)).items}
    assert models["wren-1@1"].price_key == "ours/wren"


async def test_management_tells_owners_and_a_key_does_not(
    connection: Connection, key_only: Connection, service: AviaryService
) -> None:
    service.put_outside("ours", "finch-2", owned=True)
    service.put_outside("theirs", "finch-embed", capacity=5)
    managed = await connection.provider.list_deployments(connection)
    assert [(each.ref.name, each.owned) for each in managed.items] == [
        ("ours", True),
        ("theirs", False),
    ]
    listed = await key_only.provider.list_deployments(key_only)
    assert [(each.ref.name, each.owned) for each in listed.items] == [
        ("ours", None),
        ("theirs", None),
    ]
    assert [each.ref for each in listed.items] == [each.ref for each in managed.items]


async def test_a_page_named_elsewhere_gets_no_token(
    connection: Connection, service: AviaryService, emulation: Emulation
) -> None:
    page = {"items": [], "next": "https://birdsong.aviary.example/v1/models"}
    path = "/accounts/acc-1001/deployments"
    service.faults.add(Fault(action=Respond(200, body=page), path_prefix=path))
    listing = await connection.provider.list_deployments(connection)
    assert not listing.complete
    assert "no token was sent there" in listing.notes[0]
    assert emulation.log.select("birdsong.aviary.example") == []


async def test_rows_that_cannot_be_read_are_named(
    connection: Connection, service: AviaryService
) -> None:
    odd = ({"name": "\ud800", "state": "ready"}, {"name": "bird"}, "row", None)
    fine = {"name": "fine", "state": "ready", "capacity": 1, "new": "field"}
    page = {"items": [*odd, fine]}
    path = "/accounts/acc-1001/deployments"
    service.faults.add(Fault(action=Respond(200, body=page), path_prefix=path))
    listing = await connection.provider.list_deployments(connection)
    assert [each.ref.name for each in listing.items] == ["fine"]
    assert [each.id for each in listing.skipped] == ["(no name)", "bird", "(no name)", "(no name)"]
    assert listing.skipped[1].reason.startswith("state: ")


async def test_a_plan_does_not_call_a_model_absent_that_was_not_read(
    connection: Connection, service: AviaryService
) -> None:
    page = {"items": [], "next": "https://elsewhere.aviary.example/"}
    path = "/accounts/acc-1001/models"
    service.faults.add(Fault(action=Respond(200, body=page), path_prefix=path))
    with pytest.raises(MalformedAnswer, match="further page"):
        await planned(connection, model="finch-2")


async def test_two_customers_share_nothing(
    provider: Provider, network: NetworkSettings, service: AviaryService, connection: Connection
) -> None:
    service.put_outside("bird", "finch-2")
    async with provider.connect(managing(service, account=1), network=network) as other:
        here, there = await asyncio.gather(
            provider.list_deployments(connection), provider.list_deployments(other)
        )
    assert [each.ref.resource for each in here.items] == ["acme"]
    assert there.items == ()
    assert sorted(service.tokens.values()) == ["acc-1001", "acc-1002"]


async def test_pages_that_never_end_are_left(
    connection: Connection, service: AviaryService
) -> None:
    path = "/accounts/acc-1001/deployments"
    page = {"items": [], "next": f"https://manage.aviary.example{path}?version=2026-01-01"}
    service.faults.add(Fault(action=Respond(200, body=page), path_prefix=path, times=None))
    listing = await connection.provider.list_deployments(connection)
    assert not listing.complete
    assert "leads back" in listing.notes[0]
