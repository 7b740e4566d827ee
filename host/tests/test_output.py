from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.output import Output, cell, printable, table_lines
from bonito_host.plan_output import plan_document, write_plan
from bonito_host.store.plans import StoredPlan
from bonito_host.store.status import PlanStatus
from bonito_providers import (
    Action,
    ActionKind,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
)
from bonito_providers.errors import InvalidCredentials, PlanRefused, RateLimited


@given(st.text())
def test_nothing_that_acts_on_a_terminal_is_printed(text: str) -> None:
    assert not any(unicodedata.category(character) in {"Cc", "Cf"} for character in printable(text))


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])))
def test_ordinary_words_of_any_script_are_printed_as_they_are(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "unknown"), (0, "0"), (False, "no"), ((), "none"), (("a", None), "a, unknown")],
)
def test_unknown_is_a_word_and_never_zero_or_nothing(value: object, written: str) -> None:
    assert cell(value) == written


@given(st.lists(st.tuples(st.text(max_size=9), st.integers() | st.none()), max_size=5))
def test_the_second_column_begins_in_the_same_place_on_every_line(
    rows: list[tuple[str, int | None]],
) -> None:
    lines = [click.unstyle(line) for line in table_lines(("A", "B"), rows)]
    start = max(len("A"), *(len(cell(first)) for first, _ in rows), 0) + 2
    assert [line[start:] for line in lines] == ["B", *(cell(second) for _, second in rows)]


def test_an_error_tells_message_mend_and_details_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = RateLimited("Slow down.", hint="Wait.", status=429, code="x", retry_after=7)
    Output(as_json=False, colour=True).error(error)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "error: Slow down.\n→ Wait.\n  status 429, code x, retry after 7 s\n"


def test_a_mend_that_is_hint_and_action_alike_is_told_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    where, other = "https://portal.example/quota", "Or ask for less."
    actions = [
        Action(kind=ActionKind.REQUEST_QUOTA, title="Ask", instruction="Ask for more.", url=where),
        Action(kind=ActionKind.CONTACT_SUPPORT, title="Less", instruction=other),
    ]
    error = PlanRefused("No quota.", hint="Ask for more.", actions=actions)
    Output(as_json=False, colour=True).error(error)
    printed = capsys.readouterr().err
    assert printed == f"error: No quota.\n→ Ask for more. {where}\n→ {other}\n"


def test_an_error_in_json_is_one_document_with_the_fields_that_are_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = InvalidCredentials({"endpoint": "is required"}, provider="p")
    Output(as_json=True, colour=True).error(error)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["error"]["problems"] == {"endpoint": "is required"}


def test_text_is_for_people_and_documents_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    for as_json in (False, True):
        output = Output(as_json=as_json, colour=False)
        output.text("words")
        output.document({"a": 1})
    assert capsys.readouterr().out == 'words\n{"a": 1}\n'


def test_the_region_of_a_plan_is_told_and_unknown_where_nobody_knows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    ref = DeploymentRef(provider="acme", resource="here", name="mine")
    request = DeploymentRequest(model="raven-1")
    plan = DeploymentPlan(ref=ref, request=request, created_at=now, expires_at=now)
    for region, written in ((None, "unknown"), ("north", "north")):
        told = plan.model_copy(update={"region": region})
        stored = StoredPlan(
            id="p1",
            connection="prod",
            plan=told,
            status=PlanStatus.PLANNED,
            reason="",
            deployment=None,
            created_at=now,
            updated_at=now,
        )
        write_plan(stored, Output(as_json=False, colour=False))
        assert f"region       {written}\n" in capsys.readouterr().out
        assert plan_document(stored)["plan"]["region"] == region
