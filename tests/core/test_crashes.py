"""Where a crash happened, as its author can find it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bonito_providers.crashes import place_of


class Row(BaseModel):
    name: str


def crash_in_a_library(row: Row) -> None:
    other: Any = row
    other.nickname.lower()


def test_the_place_is_the_plugins_own_line_not_a_librarys() -> None:
    with pytest.raises(AttributeError) as caught:
        crash_in_a_library(Row(name="any"))
    line = crash_in_a_library.__code__.co_firstlineno + 2
    assert place_of(caught.value) == f"{__file__}:{line}"


def test_of_a_file_that_does_not_parse_it_is_the_line_that_does_not(tmp_path: Path) -> None:
    file = tmp_path / "harness.py"
    with pytest.raises(SyntaxError) as caught:
        compile("first = 1\nsecond = = 2\n", str(file), "exec")
    assert place_of(caught.value) == f"{file}:2"


def test_an_error_that_nobody_raised_has_no_place() -> None:
    assert place_of(ValueError("made, not raised")) == "an unknown place"


def test_a_librarys_own_error_keeps_the_librarys_line_where_nothing_else_is_known() -> None:
    with pytest.raises(ValueError, match="validation error") as caught:
        Row.model_validate({})
    error = caught.value.with_traceback(caught.tb.tb_next)
    assert "pydantic" in place_of(error)
