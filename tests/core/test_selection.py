"""Choosing among one cloud's providers by a field of their own."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import SecretStr

from bonito_providers import Credentials, Provider, hookimpl
from bonito_providers.errors import UnknownProvider
from bonito_providers.selection import group_schema, misplaced, select
from tests.core.plugins import info, plugin_with


class NewCredentials(Credentials):
    endpoint: str
    api_key: SecretStr
    mode: Literal["new"] = "new"


def provider(schema: type[Credentials] | None = None, **card: Any) -> Provider:
    changes: dict[str, Any] = {"provider_info": hookimpl(lambda: info(**card))}
    if schema is not None:
        changes["credential_schema"] = hookimpl(lambda: schema)
    return Provider(plugin_with(**changes))


NEW = provider(NewCredentials, name="acme_new", selector={"mode": "new"}, recommended=True)
OLD = provider(name="acme_old", selector={"mode": "old"}, predates_selector=True)
ALONE = provider(name="single", cloud="elsewhere")
ALL = (OLD, NEW, ALONE)


@pytest.mark.parametrize(
    ("raw", "stored", "chosen", "reason"),
    [
        ({"mode": "new"}, False, "acme_new", "mode is new"),
        ({"mode": "old"}, False, "acme_old", "mode is old"),
        ({"mode": "new"}, True, "acme_new", "mode is new"),
        ({}, False, "acme_new", "mode is not given, and this one is the recommended one"),
        ({}, True, "acme_old", "mode is not given, and this one predates the choice"),
        ({"mode": None}, False, "acme_new", "recommended"),
    ],
)
def test_the_selector_field_decides(
    *, raw: dict[str, str], stored: bool, chosen: str, reason: str
) -> None:
    selection = select(ALL, "acmeland", raw, stored=stored)
    assert selection.provider.info.name == chosen
    assert reason in selection.reason
    assert selection.fields["mode"] == selection.provider.info.selector["mode"]


def test_other_fields_are_kept_and_the_input_is_not_changed() -> None:
    raw = {"api_key": "something"}
    selection = select(ALL, "acmeland", raw, stored=False)
    assert selection.fields == {"api_key": "something", "mode": "new"}
    assert raw == {"api_key": "something"}


def test_a_cloud_with_one_provider_needs_no_selector() -> None:
    selection = select(ALL, "elsewhere", {"api_key": "x"}, stored=False)
    assert selection.provider is ALONE
    assert selection.fields == {"api_key": "x"}


@pytest.mark.parametrize(
    ("installed", "raw", "stored", "said"),
    [
        (ALL, {"mode": "newer"}, False, "No installed provider for acmeland takes mode=newer"),
        (ALL, {"mode": ["new"]}, False, "takes mode=list"),
        (ALL, {"mode": "x" * 50}, False, "takes mode=str"),
        ((OLD,), {}, False, "mode must be given"),
        ((NEW,), {}, True, "from before the choice existed"),
    ],
)
def test_a_place_nobody_takes_is_named_with_the_choices_there_are(
    *, installed: tuple[Provider, ...], raw: dict[str, Any], stored: bool, said: str
) -> None:
    with pytest.raises(UnknownProvider, match=said) as caught:
        select(installed, "acmeland", raw, stored=stored)
    assert all(
        each.info.selector["mode"] in caught.value.hint for each in installed if each != ALONE
    )


def test_a_cloud_nobody_serves_is_named_with_those_that_are_served() -> None:
    with pytest.raises(UnknownProvider, match="No provider for nowhere") as caught:
        select(ALL, "nowhere", {}, stored=False)
    assert "acmeland, elsewhere" in caught.value.hint


def test_the_form_of_a_choice_offers_the_recommended_one_first() -> None:
    schema = group_schema(ALL, "acmeland")
    assert schema["discriminator"] == {"propertyName": "mode"}
    first, second = schema["oneOf"]
    assert (first["x-recommended"], second["x-recommended"]) == (True, False)
    assert first["properties"]["mode"] == {"const": "new"}
    assert next(iter(first["properties"])) == "mode"
    assert set(first["required"]) == {"mode", "endpoint", "api_key"}
    assert first["title"] == "Acme"


def test_the_form_of_a_single_provider_is_its_own() -> None:
    schema = group_schema(ALL, "elsewhere")
    assert "oneOf" not in schema
    assert list(schema["properties"]) == ["api_key"]


def test_providers_that_each_take_a_place_are_left_alone() -> None:
    assert misplaced({each.info.name: each.info for each in ALL}, ()) == {}


def test_one_without_a_selector_takes_no_place_from_those_that_have_one() -> None:
    infos = {"good": info(name="good", selector={"mode": "x"}), "stranger": info(name="stranger")}
    problems = misplaced(infos, ())
    assert set(problems) == {"stranger"}
    assert "chosen by mode" in problems["stranger"][0]


@pytest.mark.parametrize(
    ("one", "other", "claim"),
    [
        ({"selector": {"mode": "x"}}, {"selector": {"mode": "x"}}, "mode=x of acmeland"),
        (
            {"selector": {"mode": "x"}, "recommended": True},
            {"selector": {"mode": "y"}, "recommended": True},
            "being recommended for acmeland",
        ),
        (
            {"selector": {"mode": "x"}, "predates_selector": True},
            {"selector": {"mode": "y"}, "predates_selector": True},
            "predating the choice for acmeland",
        ),
        ({}, {}, "without a selector field common to all"),
        ({"selector": {"mode": "x"}}, {"selector": {"kind": "x"}}, "without a selector field"),
    ],
)
def test_two_that_claim_one_place_get_it_only_by_the_operators_word(
    one: dict[str, Any], other: dict[str, Any], claim: str
) -> None:
    infos = {"one": info(name="one", **one), "other": info(name="other", **other)}
    problems = misplaced(infos, ())
    assert set(problems) == {"one", "other"}
    reason, mend = problems["one"]
    assert claim in reason
    assert "also claimed by other" in reason
    assert "preferred" in mend
    assert set(misplaced(infos, ("other",))) == {"one"}
    assert set(misplaced(infos, ("stranger",))) == {"one", "other"}


def test_blank_text_in_a_stored_record_is_a_field_that_is_not_there() -> None:
    registry_of_one = [provider(selector={"mode": "old"}, predates_selector=True)]
    chosen = select(registry_of_one, "acmeland", {"mode": " ", "tenant": ""}, stored=True)
    assert chosen.fields == {"mode": "old"}
