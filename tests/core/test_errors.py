"""The tree drawn in `errors.py` is the tree there is."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest

from bonito_providers import Action, ActionKind, errors
from bonito_providers.errors import (
    BonitoError,
    CapabilityUnavailable,
    InvalidCredentials,
    ProviderError,
)

_BRANCH = re.compile(r"^    ([│ ]*)[├└]── (\w+) +(\S.*)$")


def drawn() -> Iterator[tuple[str, str]]:
    """Yield each error of the drawing with the one it hangs from."""
    above = ["BonitoError"]
    for line in (errors.__doc__ or "").splitlines():
        if match := _BRANCH.match(line):
            depth = len(match[1]) // 4 + 1
            above[depth:] = [match[2]]
            yield match[2], above[depth - 1]


def defined() -> Iterator[tuple[str, str]]:
    for name, value in vars(errors).items():
        if inspect.isclass(value) and issubclass(value, BonitoError) and value is not BonitoError:
            [parent] = value.__bases__
            yield name, parent.__name__


def redacted(text: str) -> str:
    return text.replace("secret", "*")


def test_the_drawing_and_the_classes_agree_branch_by_branch() -> None:
    assert list(drawn()) == list(defined())
    assert len(list(drawn())) > 20


@pytest.mark.parametrize("name", [name for name, _ in defined()])
def test_every_error_says_in_its_docstring_when_it_comes(name: str) -> None:
    assert inspect.getdoc(getattr(errors, name)) != inspect.getdoc(ProviderError.__base__)
    assert (
        vars(getattr(errors, name))["__doc__"].endswith(".")
        or "Attributes:" in (vars(getattr(errors, name))["__doc__"])
    )


def test_redacting_reaches_every_text_an_error_carries() -> None:
    action = Action(
        kind=ActionKind.REQUEST_QUOTA,
        title="secret",
        instruction="secret",
        url="https://x.example/secret",
    )
    error = ProviderError(
        "a secret", hint="a secret", code="secret", request_id="secret", actions=[action]
    )
    error.add_note("a secret")
    error.redact(redacted)
    everything = f"{error} {error!r} {error.args} {vars(error)} {getattr(error, '__notes__', '')}"
    assert "secret" not in everything
    assert error.message == "a *"


def test_redacting_reaches_what_is_wrong_with_each_field() -> None:
    error = InvalidCredentials({"key": "not secret"}, provider="acme", hint="secret")
    error.redact(redacted)
    assert "secret" not in f"{error} {error!r} {vars(error)}"
    assert error.problems == {"key": "not *"}


def test_a_missing_capability_names_the_fields_that_would_give_it() -> None:
    error = CapabilityUnavailable("list_models", missing=("tenant_id", "client_id"))
    assert str(error) == "These credentials cannot list models."
    assert error.hint == "Add these fields to the connection: tenant_id, client_id."


def test_a_capability_that_nothing_gives_has_no_hint() -> None:
    assert CapabilityUnavailable("deploy").hint == ""
