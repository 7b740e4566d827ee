"""What a plan asks for by name is drawn, and what the form sends is what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.web.pages.asked import asked, consents_of, controls, fields_of
from bonito_providers import (
    Action,
    ActionKind,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
)
from bonito_providers.errors import InvalidRequest

NOW = datetime(2026, 3, 1, tzinfo=UTC)
names = st.text(min_size=1, max_size=20)


def plan(request: DeploymentRequest, *actions: Action) -> DeploymentPlan:
    ref = DeploymentRef(provider="acme", resource="here", name="mine")
    return DeploymentPlan(ref=ref, request=request, actions=actions, created_at=NOW, expires_at=NOW)


def action(title: str, consent: str | None = None, fields: tuple[str, ...] = ()) -> Action:
    return Action(
        kind=ActionKind.ACCEPT_TERMS, title=title, instruction="Do.", consent=consent, fields=fields
    )


def test_what_the_actions_ask_for_comes_before_what_was_given() -> None:
    request = DeploymentRequest(model="m", consents={"old"}, fields={"colour": "red", "size": "1"})
    found = asked(plan(request, action("Agree", "new"), action("Say", None, ("size", "place"))))
    assert found.consents == {"new": "Agree", "old": ""}
    assert list(found.consents) == ["new", "old"]
    assert found.fields == ("size", "place", "colour")


def test_a_plan_that_asks_for_nothing_draws_nothing() -> None:
    found = asked(plan(DeploymentRequest(model="m"), action("Ask the support")))
    assert (dict(found.consents), found.fields) == ({}, ())


@given(consents=st.frozensets(names), fields=st.dictionaries(names, names))
def test_what_a_form_shows_is_what_it_sends(
    consents: frozenset[str], fields: Mapping[str, str]
) -> None:
    sent = controls(DeploymentRequest(model="m", consents=consents, fields=fields))
    assert consents_of(sent) == consents
    assert fields_of(sent) == fields


def test_only_a_ticked_box_is_a_consent() -> None:
    assert consents_of({"consent.terms": "no", "consent.": "yes", "terms": "yes"}) == frozenset()


def test_what_no_action_names_can_be_typed() -> None:
    sent = {"consent.terms": "yes", "consents": "hourly, prepaid", "fields": "term=OneMonth"}
    assert consents_of(sent) == {"terms", "hourly", "prepaid"}
    assert fields_of({**sent, "field.place": "here"}) == {"place": "here", "term": "OneMonth"}
    with pytest.raises(InvalidRequest, match="name=value"):
        fields_of({"fields": "OneMonth"})
