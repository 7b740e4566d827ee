"""The region's catalogue: complete, ordered, completed from the data file, and honest."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_azure_arm.base_models import LIMIT
from bonito_azure_foundry import models, plugin
from bonito_azure_foundry.models import parse_model
from bonito_emulators import Emulation, Fault
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_providers import Connection, Listing, Model, NetworkSettings, Provider, Skipped
from bonito_providers.errors import MalformedAnswer
from bonito_providers.prices import find_price
from plugins.azure_arm.tests.faults import answer
from plugins.azure_foundry.tests.json_values import JSON, SURPRISING_TEXT
from plugins.azure_foundry.tests.resources import KEYS, SERVICES, Connect

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""The virtual clock's own."""


async def _listed(connection: Connection) -> Listing[Model]:
    async with connection:
        return await connection.provider.list_models(connection)


def _catalogue(body: dict[str, Any]) -> Fault:
    return Fault(action=answer(200, body), path_prefix="/openai/v1/models")


def _model(listing: Listing[Model], id: str) -> Model:
    return next(item for item in listing.items if item.id == id)


async def test_every_model_of_the_region_is_listed_or_skipped_once_and_in_order(
    connect: Connect, account: Account
) -> None:
    listing = await _listed(connect())
    ids = [item.id for item in listing.items]
    assert ids == sorted(set(ids))
    assert {*ids, *(each.id for each in listing.skipped)} == {row.id for row in account.catalogue}
    assert listing.complete
    assert "v1 route" in listing.source


async def test_a_retired_model_is_skipped_with_the_date(connect: Connect, account: Account) -> None:
    listing = await _listed(connect())
    retired = {
        row.id: f"retired on {row.retires}"
        for row in account.catalogue
        if row.retires and datetime.fromisoformat(row.retires).replace(tzinfo=UTC) <= NOW
    }
    assert retired["babbage"] == "retired on 2024-06-14"
    assert {each.id: each.reason for each in listing.skipped} == retired


@pytest.mark.parametrize(("seconds", "retired"), [(-1, True), (0, True), (1, False)])
def test_a_model_is_retired_from_the_very_second_on(*, seconds: int, retired: bool) -> None:
    row = {"id": "grok-3", "deprecation": {"inference": int(NOW.timestamp()) + seconds}}
    assert isinstance(parse_model(row, now=NOW), Skipped) is retired


async def test_a_model_that_retires_later_says_when(connect: Connect) -> None:
    listing = await _listed(connect())
    assert _model(listing, "o4-mini-2025-04-16").retires_at == datetime(2026, 4, 11, tzinfo=UTC)
    assert _model(listing, "gpt-4o-2024-11-20").retires_at is None


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("gpt-4o-mini-2024-07-18", ("OpenAI", "first_party", False, "chat")),
        ("gpt-5-2025-08-07", ("OpenAI", "first_party", False, "chat")),
        ("DeepSeek-V3.1", ("DeepSeek", "first_party", False, "chat")),
        ("claude-haiku-4-5", ("Anthropic", "partner", True, "chat")),
        ("text-embedding-3-small", ("OpenAI", "first_party", False, "embedding")),
        ("Ministral-3B", ("Mistral AI", "partner", True, "chat")),
        ("gpt-oss-120b", ("OpenAI", "first_party", False, "chat")),
        ("model-router-2025-11-18", ("Microsoft", "first_party", False, "chat")),
    ],
)
async def test_publisher_seller_terms_and_kind_are_what_the_data_file_tells(
    connect: Connect, id: str, expected: tuple[str, str, bool, str]
) -> None:
    model = _model(await _listed(connect()), id)
    assert (model.publisher, model.sold_by, model.terms_needed, model.kind) == expected


async def test_name_and_version_are_told_apart_where_the_version_is_a_date(
    connect: Connect,
) -> None:
    listing = await _listed(connect())
    dated, plain = _model(listing, "gpt-4o-2024-11-20"), _model(listing, "DeepSeek-R1-0528")
    assert (dated.name, dated.version) == ("gpt-4o", "2024-11-20")
    assert (plain.name, plain.version) == ("DeepSeek-R1-0528", None)


async def test_what_a_key_cannot_know_is_unknown_and_said(connect: Connect) -> None:
    listing = await _listed(connect())
    assert all(item.skus is None for item in listing.items)
    assert listing.notes[:2] == (models.UNKNOWABLE, models.PUBLISHERS)


async def test_a_model_says_what_it_is_deployed_as(connect: Connect) -> None:
    listing = await _listed(connect())
    assert _model(listing, "DeepSeek-V3.1").deployed_as == ("partner",)
    assert _model(listing, "gpt-4o-mini-2024-07-18").deployed_as == ("mini",)
    assert _model(listing, "DeepSeek-R1").deployed_as == ()


async def test_of_several_versions_nobody_knows_which_is_deployed_and_a_note_says_so(
    connect: Connect, account: Account
) -> None:
    account.add(Deployment(name="writer", model="gpt-4o", version="2024-08-06"))
    listing = await _listed(connect())
    for id in ("gpt-4o-2024-08-06", "gpt-4o-2024-11-20"):
        assert _model(listing, id).deployed_as is None
    assert any("writer is a deployment of gpt-4o" in note for note in listing.notes)


async def test_the_projects_listing_tells_the_version_that_is_deployed(
    connect: Connect, account: Account
) -> None:
    account.add(Deployment(name="writer", model="gpt-4o", version="2024-08-06"))
    listing = await _listed(connect(f"{SERVICES}/api/projects/team"))
    assert _model(listing, "gpt-4o-2024-08-06").deployed_as == ("writer",)
    assert _model(listing, "gpt-4o-2024-11-20").deployed_as == ()


async def test_without_a_listing_of_deployments_what_is_deployed_is_unknown_and_said(
    connect: Connect, account: Account
) -> None:
    account.legacy_listing = False
    listing = await _listed(connect())
    assert {item.deployed_as for item in listing.items} == {None}
    assert any("can be adopted" in note for note in listing.notes)


async def test_without_v1_the_catalogue_comes_by_the_classic_route_and_is_the_same(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    by_v1 = await _listed(connect())
    account.openai_v1_surface = False
    by_classic = await _listed(connect())
    assert by_classic.items == by_v1.items
    assert "classic route" in by_classic.source
    assert emulation.log.select(path="/openai/models")[-1].query == "api-version=2024-10-21"


@pytest.mark.parametrize("surplus", [0, 1])
async def test_a_catalogue_without_end_is_read_up_to_a_limit_and_says_so(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, surplus: int
) -> None:
    rows = [{"id": f"model-{number:05}"} for number in range(LIMIT + surplus)]
    cloud.faults.add(_catalogue({"data": rows}))
    listing = await _listed(connect())
    assert len(listing.items) == LIMIT
    assert listing.complete is (surplus == 0)
    assert any("only the first" in note for note in listing.notes) is (surplus > 0)


async def test_a_model_listed_twice_is_there_once(connect: Connect, cloud: AzureCloud) -> None:
    cloud.faults.add(_catalogue({"data": [{"id": "grok-3"}, {"id": "grok-3"}]}))
    assert [item.id for item in (await _listed(connect())).items] == ["grok-3"]


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {"id": "x"}}, {"value": []}])
async def test_a_catalogue_without_rows_is_a_malformed_answer_and_not_an_empty_one(
    connect: Connect, cloud: AzureCloud, body: dict[str, Any]
) -> None:
    cloud.faults.add(_catalogue(body))
    with pytest.raises(MalformedAnswer):
        await _listed(connect())


async def test_the_operators_rows_win_over_the_data_file(network: NetworkSettings) -> None:
    row = {
        "match": "deepseek-v3.1",
        "format": "DeepSeek",
        "publisher": "An importer",
        "sold_by": "partner",
        "terms_needed": True,
        "kind": "chat",
        "canonical_name": "deepseek-v3.1",
        "source": "our contract",
        "date": "2026-01-01",
    }
    provider = Provider(plugin, data_overrides={"models": [row]})
    fields = {"endpoint": SERVICES, "api_key": KEYS[0]}
    listing = await _listed(provider.connect(fields, network=network))
    changed = _model(listing, "DeepSeek-V3.1")
    assert (changed.publisher, changed.sold_by) == ("An importer", "partner")
    assert (changed.terms_needed, changed.canonical_name) == (True, "deepseek-v3.1")
    assert _model(listing, "DeepSeek-R1").publisher == "DeepSeek"


KEYS_OF_A_ROW = ("id", "capabilities", "deprecation", "lifecycle_status", "object", "created")
ROWS = JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS_OF_A_ROW, JSON))
TIMES = st.integers() | st.floats() | SURPRISING_TEXT | st.booleans() | st.none()


@given(row=ROWS)
def test_a_row_of_any_shape_is_a_model_or_skipped_with_a_reason(row: object) -> None:
    read = parse_model(row, now=NOW)
    assert read.model_dump_json()
    if isinstance(read, Skipped):
        assert read.reason
    else:
        assert isinstance(row, dict)
        assert read.id == row["id"]


@given(id=st.text(min_size=1))
def test_of_a_model_nobody_knows_everything_is_unknown(id: str) -> None:
    read = parse_model({"id": f"zz{id}"}, now=NOW)
    assert isinstance(read, Model)
    unknown = (read.publisher, read.sold_by, read.terms_needed, read.kind, read.format, read.skus)
    assert set(unknown) == {None}
    assert (read.price_key, read.deployed_as, read.retires_at) == (None, None, None)


@given(moment=TIMES)
def test_whatever_stands_for_a_date_it_is_a_date_in_time_or_unknown(moment: object) -> None:
    read = parse_model({"id": "grok-3", "deprecation": {"inference": moment}}, now=NOW)
    if isinstance(read, Model):
        assert read.retires_at is None or read.retires_at > NOW
    else:
        assert read.reason.startswith("retired on ")


async def test_no_model_has_a_price_of_zero(connect: Connect) -> None:
    prices = [find_price(item.price_key) for item in (await _listed(connect())).items]
    known = [price for price in prices if price is not None]
    assert known
    rates = {rate for one in known for rate in (one.input_per_million, one.output_per_million)}
    assert all(rate is None or rate > Decimal(0) for rate in rates)
