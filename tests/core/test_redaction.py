"""No known secret survives in a text, in whatever form it travels; other text is left alone."""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, SecretStr

from bonito_providers import Redactor, redact_logs
from bonito_providers.redaction import MARK, redact_all, redact_live, redacted

KEYS = (
    "8J+kaW1hZ2luYXJ5/key==",
    "Abc8Q~dGhpcyBpcyBub3Q.YV9yZWFsXw-one",
    "quote\"back\\slash'and%percent",
    "-----BEGIN KEY-----\nMIIB\n-----END KEY-----\n",
    '{"type": "account", "key": "ü"}',
    "pässwörd",
    "abcd",
    "abababab" * 4,
)
# The mark itself is made of asterisks, so a secret of asterisks cannot be told from it.
secrets = st.sampled_from(KEYS) | st.text(
    st.characters(codec="utf-8", exclude_characters="*"), min_size=4, max_size=60
)
opaque = st.from_regex(r"[A-Za-z0-9+/=_.~-]{24,80}", fullmatch=True)
surroundings = st.text(max_size=30) | st.sampled_from(['{"key": "', "api-key: ", "https://x/?k="])


def lower_case_escapes(text: str) -> str:
    parts = quote(text, safe="").split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "quoted for a URL": lambda text: quote(text, safe=""),
    "quoted for a path": quote,
    "quoted with lower-case escapes": lower_case_escapes,
    "quoted for a form": quote_plus,
    "in JSON": lambda text: json.dumps(text)[1:-1],
    "in JSON with its own letters": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "in a repr": lambda text: repr(text)[1:-1],
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "in URL-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
@given(secret=secrets, before=surroundings, after=surroundings)
def test_a_secret_never_survives(form: str, secret: str, before: str, after: str) -> None:
    travelling = FORMS[form](secret)
    redacted = Redactor([SecretStr(secret)])(f"{before}{travelling}{after}")
    assert travelling not in redacted
    assert MARK in redacted


@given(secrets=st.lists(secrets, min_size=2, max_size=5), between=surroundings)
def test_none_of_several_secrets_survives(secrets: list[str], between: str) -> None:
    redact = Redactor()
    for secret in secrets:
        redact.add(SecretStr(secret))
    redacted = redact(between.join(secrets))
    assert not [secret for secret in secrets if secret in redacted]


def test_a_secret_that_begins_like_another_leaves_no_rest_of_it() -> None:
    redact = Redactor([SecretStr("abcd"), SecretStr("abcdefgh")])
    assert redact("abcdefgh abcd") == f"{MARK} {MARK}"


@given(opaque, st.data(), surroundings)
def test_a_secret_cut_short_does_not_survive(secret: str, data: st.DataObject, before: str) -> None:
    shown = secret[: data.draw(st.integers(12, len(secret)))]
    redacted = Redactor([SecretStr(secret)])(f"{before} {shown} and so on")
    assert redacted == f"{before} {MARK} and so on"


@given(secrets, st.text(max_size=200))
def test_text_without_the_secret_is_the_same_object(secret: str, text: str) -> None:
    forms = [form(secret) for form in FORMS.values()]
    assume(not any(form in text or form[:12] in text for form in forms))
    assert Redactor([SecretStr(secret)])(text) is text


def test_the_beginning_of_a_document_is_no_secret() -> None:
    redact = Redactor([SecretStr('{"type": "service_account", "private_key": "MIIB"}')])
    text = 'the answer was {"type": "error"}'
    assert redact(text) == text


def test_values_too_short_to_be_told_from_text_are_left_alone() -> None:
    assert Redactor([SecretStr("abc")])("abc") == "abc"


def test_a_redactor_shows_none_of_what_it_hides() -> None:
    assert KEYS[0] not in repr(Redactor([SecretStr(KEYS[0])]))


@pytest.mark.usefixtures("hasty_threads")
def test_texts_are_read_while_another_thread_adds_secrets() -> None:
    redactor = Redactor()
    secrets = [f"secret-number-{place:05d}-of-a-thread" for place in range(200)]

    def add() -> None:
        for each in secrets:
            redactor.add(SecretStr(each))

    adding = Thread(target=add)
    adding.start()
    while adding.is_alive():
        redactor("a text that is logged meanwhile")
    adding.join()
    assert redactor(secrets[-1]) == MARK


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Lets threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_secrets_live_as_long_as_their_redactor() -> None:
    secret = "only-known-while-somebody-holds-it"
    redactor = Redactor([SecretStr(secret)])
    assert redact_live(secret) == MARK
    del redactor
    assert redact_live(secret) == secret


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """Yield a logger that hides live secrets, and what its handler writes."""
    logger, written = logging.getLogger("tests.redaction"), io.StringIO()
    handler = logging.StreamHandler(written)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    redact_logs(logger.name, logger.name)
    yield logger, written
    logger.removeHandler(handler)
    logger.filters.clear()


def test_a_log_record_is_redacted_with_its_arguments_and_its_exception(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, written = log
    secret = "canary-of-the-log-0123456789"
    redactor = Redactor([SecretStr(secret)])
    try:
        int(secret)
    except ValueError:
        logger.exception("failed with %s and %r", secret, {"key": secret})
    logger.info("wrong arguments %d", secret)
    assert repr(redactor)
    assert secret not in written.getvalue()
    assert written.getvalue().count(MARK) == 3
    assert "ValueError" in written.getvalue()
    assert "wrong arguments" in written.getvalue()


def test_asking_twice_to_redact_a_logger_redacts_it_once(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, _ = log
    assert len(logger.filters) == 1


def test_tokens_of_two_connections_that_begin_alike_are_both_hidden_whole() -> None:
    head = "eyJ0eXAiOiJKV1Qi"
    one, other = head + "A" * 40, head + "B" * 40
    held = [Redactor([SecretStr(one)]), Redactor([SecretStr(other)])]
    for token in (one, other):
        shown = redact_live(f"sent {token} along")
        assert shown == f"sent {MARK} along"
    assert len(held) == 2


def test_secrets_of_several_redactors_that_begin_alike_are_hidden_whole() -> None:
    one, other = "ABSKcommonBegin" + "a" * 20, "ABSKcommonBegin" + "b" * 20
    redactors = [Redactor([SecretStr(one)]), Redactor([SecretStr(other)])]
    assert redact_all(f"{one} and {other}", redactors) == f"{MARK} and {MARK}"


def test_a_secret_that_a_service_made_a_name_of_is_hidden_too() -> None:
    secret = "canary-9f8e7d6c5b4a39281706"
    redact = Redactor([SecretStr(secret)])
    assert redacted({secret: "x", "kept": secret}, redact) == {MARK: "x", "kept": MARK}


class Holder(BaseModel):
    """A value of a plugin's, with members of its own beside the declared ones."""

    model_config = ConfigDict(extra="allow")

    inner: Any = None


nested = st.recursive(
    st.text(max_size=8) | st.integers() | st.none(),
    lambda values: (
        st.lists(values, max_size=3)
        | st.tuples(values, values)
        | st.frozensets(st.text(max_size=8), max_size=3)
        | st.dictionaries(st.text(max_size=8), values, max_size=3)
        | values.map(lambda value: Holder(inner=value))
        | values.map(lambda value: Holder(other=value))
    ),
)


def planted(value: object, text: str) -> object:
    """Put a text in the place of each number."""
    if isinstance(value, int):
        return {text, "beside"} if value % 2 else f"said: {text}"
    if isinstance(value, Holder):
        return Holder(**{name: planted(each, text) for name, each in value})
    if isinstance(value, dict):
        return {name: planted(each, text) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(planted(each, text) for each in value)
    return value


@given(value=nested)
def test_a_secret_is_hidden_wherever_it_is_in_a_value(value: object) -> None:
    secret = "Abc8Q~dGhpcyBpcyBub3Q.YV9yZWFsXw-one"
    redact = Redactor([SecretStr(secret)])
    assert redacted(value, redact) is value
    assert redacted(planted(value, secret), redact) == planted(value, MARK)


def test_what_is_learned_by_many_threads_at_once_is_all_hidden() -> None:
    redact = Redactor()
    secrets = [f"secret-number-{number:04d}" for number in range(200)]
    adding = [Thread(target=redact.add, args=(SecretStr(each),)) for each in secrets]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    assert not [each for each in secrets if each in redact(each)]
