"""Forms are the providers' schemas: drawn, filled in, read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.web.fields import Filling, draw, read, secret_names, without_secrets
from bonito_host.web.rendering import ENVIRONMENT, coded
from bonito_providers.provider import Provider
from bonito_providers.registry import ProviderRegistry

PROVIDERS = ProviderRegistry.discover().providers
HOSTILE = "<script>alert(1)</script>\"'`{{ 7 * 7 }}\u202e\x1b[31m"


@pytest.fixture(params=PROVIDERS, ids=lambda each: each.info.name)
def provider(request: pytest.FixtureRequest) -> Provider:
    found: Provider = request.param
    return found


def test_a_form_has_each_field_of_the_schema_once(provider: Provider) -> None:
    drawn = [field.name for field in draw(provider).all_fields]
    asked = set(provider.schema.form()["properties"]) - set(provider.info.selector)
    assert sorted(drawn) == sorted(asked)


def test_what_is_required_stands_first_and_unfolded(provider: Provider) -> None:
    form = draw(provider)
    required = set(provider.schema.form().get("required", ())) - set(provider.info.selector)
    assert {field.name for field in form.fields} == required
    assert all(field.required for field in form.fields)


def test_a_secret_is_typed_blind_and_is_never_given_back(provider: Provider) -> None:
    canary = "canary-of-a-form"
    names = [field.name for field in draw(provider).all_fields]
    given_back = without_secrets(provider, dict.fromkeys(names, canary))
    hidden = secret_names(provider, dict.fromkeys(names, canary))
    kinds = {field.name: field.kind for field in draw(provider).all_fields}
    assert hidden
    assert not hidden & set(given_back)
    assert all(kinds[name] in {"password", "document"} for name in hidden)


def test_what_is_filled_in_is_read_back(provider: Provider) -> None:
    fields = {field.control: f" value of {field.name} " for field in draw(provider).all_fields}
    found = read(provider, {**fields, "csrf": "x", "other.endpoint": "y", "service": "z"})
    assert found == {field.name: f"value of {field.name}" for field in draw(provider).all_fields}


def test_an_empty_field_was_left_out(provider: Provider) -> None:
    fields = dict.fromkeys((field.control for field in draw(provider).all_fields), "  ")
    assert read(provider, fields) == {}


def test_hostile_words_are_drawn_as_words(provider: Provider) -> None:
    names = [field.name for field in draw(provider).all_fields]
    filling = Filling(values=dict.fromkeys(names, HOSTILE), problems=dict.fromkeys(names, HOSTILE))
    macros = ENVIRONMENT.get_template("macros.html").make_module()
    text = str(macros.fields(draw(provider, filling)))  # type: ignore[attr-defined] # a macro
    assert "<script" not in text
    assert "49" not in text
    assert "\u202e" not in text
    assert "\x1b" not in text


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    written = str(coded(text))
    for mark in ("<code>", "</code>"):
        written = written.replace(mark, "")
    assert "<" not in written
    assert ">" not in written
