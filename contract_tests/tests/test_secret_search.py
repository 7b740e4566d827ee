"""The search for secrets finds each form of one, and the capture hears whatever is said."""

from __future__ import annotations

import base64
import json
import logging
import sys
import warnings
from collections.abc import Callable
from urllib.parse import quote

import pytest

from bonito_contract_tests.captures import captured
from bonito_contract_tests.secret_search import Secrets, texts_of_error

SECRET = "s3cret/with+signs==äé"


@pytest.mark.parametrize(
    "written",
    [
        str,
        lambda text: text[::-1],
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
        quote,
        lambda text: quote(text, safe=""),
        lambda text: text.encode().hex(),
        lambda text: json.dumps(text)[1:-1],
    ],
)
def test_a_secret_is_found_in_each_form_it_travels_in(written: Callable[[str], str]) -> None:
    secrets = Secrets([("api_key", SECRET)])
    assert secrets.found_in(f"before {written(SECRET)} after") == "api_key"


def test_what_is_no_secret_is_not_found() -> None:
    secrets = Secrets([("api_key", SECRET), ("pin", "1234")])
    assert secrets.found_in("s3cret, with signs, and 1234") is None


def test_the_variables_of_a_traceback_and_the_causes_of_an_error_are_searched() -> None:
    def plugin(key: str) -> None:
        try:
            int(key)
        except ValueError:
            raise RuntimeError("failed") from None

    secrets = Secrets([("api_key", SECRET)])
    with pytest.raises(RuntimeError) as failed:
        plugin(SECRET)
    found = {where for where, text in texts_of_error(failed.value) if secrets.found_in(text)}
    assert {"the variable key in plugin", "ValueError's text"} <= found


def test_records_of_every_level_and_of_loggers_that_do_not_propagate_are_heard() -> None:
    apart = logging.getLogger("test_secret_search.apart")
    apart.propagate = False
    below = logging.getLogger("test_secret_search.below")
    below.setLevel(logging.CRITICAL)
    with captured() as said:
        apart.debug("one %s", "two")
        below.log(1, "three", extra={"field": "four"})
    text = "\n".join(text for _, text in said.logs)
    assert all(word in text for word in ("one two", "three", "four"))
    assert below.level == logging.CRITICAL


def test_warnings_and_whatever_is_printed_are_heard() -> None:
    with captured() as said:
        warnings.warn("five", stacklevel=1)
        print("six")  # noqa: T201 - what is captured
        sys.stderr.write("seven")
    assert said.warned == ["five"]
    assert said.printed == "six\nseven"
