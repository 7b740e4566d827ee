"""ARM's catalogue becomes one model per version, with unknown where it does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bonito_azure_arm.catalogue import Entry, read_catalogue
from bonito_providers.catalog import Capacity, Model, Skipped
from plugins.azure_foundry.tests.json_values import HALF_A_CHARACTER, JSON, SURPRISING_TEXT

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SKU = {
    "name": "GlobalStandard",
    "usageName": "AIServices.GlobalStandard.MaaS",
    "capacity": {"maximum": 1, "default": 1},
}


def row(
    name: str = "Phi-4", version: str = "7", *, kind: str = "AIServices", **model: Any
) -> dict[str, Any]:
    """Makes a row as the recorded catalogue has them."""
    entry = {"format": "Microsoft", "name": name, "version": version, "skus": [SKU], **model}
    return {"kind": kind, "name": f"Microsoft.{name}.{version}", "skuName": "S0", "model": entry}


def read(*rows: Mapping[str, Any], kind: str = "AIServices") -> tuple[list[Entry], list[Skipped]]:
    return read_catalogue(rows, kind=kind, complete=lambda model: model, now=NOW)


def one(**model: Any) -> Model:
    [entry], _ = read(row(**model))
    return entry.model


def test_a_model_repeated_for_each_kind_of_account_is_read_once_for_the_kind_asked() -> None:
    rows = [row(kind="MaaS"), row(), row(kind="OpenAI"), row()]
    entries, skipped = read(*rows)
    assert [entry.model.id for entry in entries] == ["Microsoft.Phi-4.7"]
    assert skipped == []
    assert read(row(kind="MaaS"))[0] == []


def test_versions_are_entries_of_their_own_in_a_stable_order() -> None:
    rows = [row(version=version) for version in ("7", "2", "2025-04-14", "latest")]
    forwards, _ = read(*rows)
    backwards, _ = read(*reversed(rows))
    assert forwards == backwards
    assert {entry.model.version for entry in forwards} == {"7", "2", "2025-04-14", "latest"}


def test_a_default_is_what_the_service_marks_and_nothing_else() -> None:
    marks = [True, False, None, "true"]
    entries, _ = read(*(row(version=str(n), isDefaultVersion=m) for n, m in enumerate(marks)))
    assert [entry.is_default for entry in entries] == [True, False, False, False]


def test_the_quota_row_of_each_version_is_its_own() -> None:
    """Llama 3.3 left the shared row with its fifth version (recorded, 28 October 2025)."""
    own = {**SKU, "usageName": "AIServices.GlobalStandard.Llama-3.3-70B-Instruct"}
    entries, _ = read(row(version="4"), row(version="5", skus=[own]))
    keys = [[sku.quota_key for sku in entry.model.skus or ()] for entry in entries]
    assert keys == [[SKU["usageName"]], [own["usageName"]]]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ({"maximum": 1, "default": 1}, Capacity(maximum=1, default=1)),
        ({}, Capacity()),
        (None, Capacity()),
        (
            {"minimum": 15.0, "maximum": 1e6, "step": 5.0},
            Capacity(minimum=15, maximum=10**6, step=5),
        ),
        ({"default": "10"}, Capacity(default=10)),
        ({"default": 0.5, "maximum": -1, "step": True, "minimum": "many"}, Capacity()),
        ({"default": float("nan"), "maximum": float("inf")}, Capacity()),
    ],
)
def test_bounds_of_a_capacity_are_whole_numbers_or_unknown(
    written: object, read_as: Capacity
) -> None:
    [sku] = one(skus=[{**SKU, "capacity": written}]).skus or ()
    assert sku.capacity == read_as


def test_no_sku_at_all_is_something_else_than_skus_not_told() -> None:
    assert one(skus=[]).skus == ()
    assert one(skus=None).skus is None
    assert one(skus=[None, {}, {"name": ""}, {"name": 7}]).skus == ()


def test_the_end_of_a_sku_is_read() -> None:
    [sku] = one(skus=[{**SKU, "deprecationDate": "2027-03-31T00:00:00Z"}]).skus or ()
    assert sku.retires_at == datetime(2027, 3, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("capabilities", "kind"),
    [
        ({"chatCompletion": "true", "completion": "true"}, "chat"),
        ({"embeddings": "true", "embeddingsMaxInputs": "2048"}, "embedding"),
        ({"imageGenerations": "true", "imageEdits": "true"}, "image"),
        ({"responses": "true"}, "responses"),
        ({"chatCompletion": "false"}, None),  # mistral-document-ai
        ({}, None),  # Cohere's embedding models
        (None, None),
        ({"chatCompletion": True}, None),  # never seen: the values are strings
    ],
)
def test_the_kind_is_told_by_capabilities_that_are_strings(
    capabilities: object, kind: str | None
) -> None:
    assert one(capabilities=capabilities).kind == kind


def test_the_context_window_is_a_number_in_a_string() -> None:
    assert one(capabilities={"maxContextToken": "1047576"}).context_window == 1_047_576
    assert one(capabilities={"maxContextToken": "much"}).context_window is None


def test_a_format_may_hold_spaces_and_a_name_dots() -> None:
    entry = row("FLUX.1-Kontext-pro", "1", format="Black Forest Labs")
    [read_entry], _ = read(entry)
    assert read_entry.model.id == "Black Forest Labs.FLUX.1-Kontext-pro.1"


def test_what_is_retired_is_left_out_and_says_since_when() -> None:
    gone = row("babbage", "1", deprecation={"inference": "2024-06-14T00:00:00Z"})
    staying = row("gpt-4o", "1", deprecation={"fineTune": "2024-06-14T00:00:00Z"})
    ending = row("o3", "1", deprecation={"inference": "2026-04-16T00:00:00Z"})
    entries, skipped = read(gone, staying, ending)
    assert [entry.model.name for entry in entries] == ["gpt-4o", "o3"]
    assert [(each.id, each.reason) for each in skipped] == [
        ("Microsoft.babbage.1", "retired on 2024-06-14")
    ]


def test_a_date_without_a_zone_is_utc_and_what_is_no_date_is_unknown() -> None:
    told = one(deprecation={"inference": "2027-01-01T00:00:00"})
    assert told.retires_at == datetime(2027, 1, 1, tzinfo=UTC)
    assert one(deprecation={"inference": "next year"}).retires_at is None
    assert one(deprecation="soon").retires_at is None


LACKING = "it has no kind, format, name or version"


@pytest.mark.parametrize("missing", ["format", "name", "version"])
def test_a_row_that_lacks_what_a_deployment_needs_is_left_out_with_the_reason(missing: str) -> None:
    bare = row()
    del bare["model"][missing]
    entries, [skipped] = read(bare)
    assert entries == []
    assert skipped == Skipped(id="Microsoft.Phi-4.7", reason=LACKING)


@pytest.mark.parametrize("kind", [{}, {"kind": None}, {"kind": 5}])
def test_a_row_that_does_not_say_for_which_kind_of_account_it_is_does_not_vanish(
    kind: dict[str, Any],
) -> None:
    bare = {key: value for key, value in row().items() if key != "kind"}
    assert read({**bare, **kind}) == ([], [Skipped(id="Microsoft.Phi-4.7", reason=LACKING)])
    assert read(kind) == ([], [Skipped(id="(no name)", reason=LACKING)])


def test_what_no_api_tells_is_filled_in() -> None:
    def complete(model: Model) -> Model:
        return model.model_copy(update={"publisher": "Contoso"})

    [entry], _ = read_catalogue([row()], kind="AIServices", complete=complete, now=NOW)
    assert entry.model.publisher == "Contoso"


MODELS = st.fixed_dictionaries(
    {},
    optional={
        "format": st.sampled_from(["OpenAI", "Mistral AI"]) | JSON,
        "name": st.sampled_from(["gpt-4o", "Phi-4"]) | JSON,
        "version": st.sampled_from(["1", "2025-04-14"]) | JSON,
        "isDefaultVersion": JSON,
        "skus": JSON | st.lists(st.dictionaries(st.sampled_from([*SKU, "deprecationDate"]), JSON)),
        "capabilities": JSON | st.dictionaries(st.just("maxContextToken"), JSON),
        "deprecation": JSON | st.dictionaries(st.just("inference"), SURPRISING_TEXT),
        "lifecycleStatus": JSON,
    },
)
ROWS = st.lists(
    st.dictionaries(SURPRISING_TEXT, JSON, max_size=4)
    | st.fixed_dictionaries({"kind": st.just("AIServices"), "name": JSON, "model": MODELS | JSON})
)


@given(ROWS)
@example([row(f"gpt-4o{HALF_A_CHARACTER}")])
@example([row(skus=[{**SKU, "name": HALF_A_CHARACTER, "usageName": HALF_A_CHARACTER}])])
@example([{**row(), "name": HALF_A_CHARACTER, "model": {}}])
@example([row(deprecation={"inference": "0001-01-01T00:00:00+14:00"})])
@example([row(deprecation={"inference": "9999-12-31T23:59:59-12:00"})])
@example([row(skus=[{**SKU, "capacity": {"maximum": 10**300, "default": 1e300}}])])
def test_rows_of_any_json_are_read_or_left_out_and_never_raise(rows: list[dict[str, Any]]) -> None:
    entries, skipped = read(*rows)
    named = [(each.model.format, each.model.name, each.model.version) for each in entries]
    assert len(named) == len(set(named))
    assert all(all(part for part in parts) for parts in named)
    assert len(entries) + len(skipped) <= len(rows)
    for entry in entries:
        Model.model_validate_json(entry.model.model_dump_json())
        for sku in entry.model.skus or ():
            bounds = sku.capacity.model_dump().values()
            assert all(bound is None or bound >= 0 for bound in bounds)
    for each in skipped:
        each.model_dump_json()
