"""Logs for machines: one JSON object a line, whatever is logged, without a live secret."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bonito_host.log_lines import JsonLines
from bonito_host.settings import Settings
from bonito_providers.redaction import Redactor

SECRET = 'canary-"quoted"-5b8e2f7a1c4d9e60'


def written(message: str, **fields: Any) -> str:
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": message, **fields})
    return JsonLines().format(record)


@given(st.text(), st.text())
def test_a_record_is_one_object_on_one_line(message: str, value: str) -> None:
    line = written(message, caller=value)
    assert "\n" not in line
    read = json.loads(line)
    assert (read["message"], read["caller"], read["level"]) == (message, value, "info")


def test_no_field_says_a_live_secret() -> None:
    redact = Redactor([SecretStr(SECRET)])
    line = written(f"says {SECRET}", caller=SECRET, nested={"key": SECRET})
    assert redact.forms
    assert "5b8e2f7a1c4d9e60" not in line
    json.loads(line)


def test_an_exception_comes_along() -> None:
    try:
        int("so it was")
    except ValueError:
        line = written("failed", exc_info=sys.exc_info())
    assert "ValueError: invalid literal" in json.loads(line)["exception"]


def test_the_form_is_the_operators_choice() -> None:
    assert not Settings.read({}).log_as_json
    assert Settings.read({"BONITO_LOG_FORMAT": "JSON"}).log_as_json
    with pytest.raises(click.UsageError, match="BONITO_LOG_FORMAT"):
        Settings.read({"BONITO_LOG_FORMAT": "xml"})
