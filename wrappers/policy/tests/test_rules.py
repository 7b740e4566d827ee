"""How rules match, whatever is written in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bonito_policy.rules import Conditions, Rule, Subject

NAMES = ("eu-west", "EU-West", "global standard", "a/b@1", "x[1]", "*", "?", "ß", "")
FIELDS = ("provider", "connection", "publisher", "model", "sku", "region", "consent")

known = st.one_of(st.none(), st.sampled_from(NAMES).map(lambda name: (name,)))
subjects = st.builds(
    Subject,
    names=st.fixed_dictionaries(dict.fromkeys(FIELDS, known)),
    capacity=st.none() | st.integers(0, 20),
    adopts=st.booleans(),
)
patterns = st.lists(st.sampled_from([*NAMES, "eu-*", "*standard", "?[0-9]?"]), min_size=1)
described: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(FIELDS, patterns),
        "capacity_above": st.integers(0, 20),
        "adopt": st.booleans(),
    },
)
exceptions = st.none() | described.filter(bool)


def rule(conditions: dict[str, Any], exception: dict[str, Any] | None = None) -> Rule:
    excepted = {} if exception is None else {"except": exception}
    return Rule.model_validate({"reason": "No.", **conditions, **excepted})


@given(subjects)
def test_a_rule_without_a_condition_refuses_everything(subject: Subject) -> None:
    assert rule({}).refuses(subject)


@given(subjects, described, described)
def test_another_condition_never_makes_a_rule_refuse_more(
    subject: Subject, some: dict[str, Any], others: dict[str, Any]
) -> None:
    if rule({**others, **some}).refuses(subject):
        assert rule(some).refuses(subject)


@given(subjects, described, exceptions)
def test_an_exception_never_makes_a_rule_refuse_more(
    subject: Subject, conditions: dict[str, Any], exception: dict[str, Any] | None
) -> None:
    if rule(conditions, exception).refuses(subject):
        assert rule(conditions).refuses(subject)


@given(subjects, described.filter(bool))
def test_a_rule_whose_exception_is_itself_refuses_only_what_is_not_known(
    subject: Subject, conditions: dict[str, Any]
) -> None:
    if rule(conditions, conditions).refuses(subject):
        assert rule(conditions).untold(subject)


@given(subjects, described, exceptions, st.sampled_from([*FIELDS, "capacity"]))
def test_telling_less_never_allows_what_was_refused(
    subject: Subject, conditions: dict[str, Any], exception: dict[str, Any] | None, field: str
) -> None:
    silent = (
        replace(subject, capacity=None)
        if field == "capacity"
        else replace(subject, names={**subject.names, field: None})
    )
    if rule(conditions, exception).refuses(subject):
        assert rule(conditions, exception).refuses(silent)


@given(subjects, described, exceptions)
def test_capitals_decide_nothing(
    subject: Subject, conditions: dict[str, Any], exception: dict[str, Any] | None
) -> None:
    louder = Subject(
        names={
            field: None if names is None else tuple(name.upper() for name in names)
            for field, names in subject.names.items()
        },
        capacity=subject.capacity,
        adopts=subject.adopts,
    )
    written = rule(conditions, exception)
    assert written.refuses(subject) == written.refuses(louder)


@given(subjects, st.sampled_from(FIELDS), patterns)
def test_the_order_of_names_decides_nothing(subject: Subject, field: str, names: list[str]) -> None:
    there, back = rule({field: names}), rule({field: names[::-1]})
    assert there.refuses(subject) == back.refuses(subject)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_capacity_is_refused_above_the_limit_and_not_at_it(capacity: int, limit: int) -> None:
    subject = Subject(names=dict.fromkeys(FIELDS), capacity=capacity, adopts=False)
    assert rule({"capacity_above": limit}).refuses(subject) == (capacity > limit)


@given(described)
def test_one_name_alone_means_the_same_as_a_list_of_it(conditions: dict[str, Any]) -> None:
    alone = {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in conditions.items()
    }
    assert Conditions.model_validate(alone) == Conditions.model_validate(conditions)


@given(st.dictionaries(st.sampled_from(["reason", "deny", "Region", "skus"]), st.text()))
def test_a_field_that_no_rule_has_is_never_taken_for_one(conditions: dict[str, str]) -> None:
    try:
        Conditions.model_validate(conditions)
    except ValidationError:
        assert conditions
    else:
        assert not conditions


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_not_told_fulfils_a_condition_and_no_exception(field: str) -> None:
    told = {each: ("known",) for each in FIELDS if each != field}
    silent = Subject(names={**told, field: None}, capacity=None, adopts=False)
    assert rule({field: "nowhere"}).refuses(silent)
    assert rule({field: "nowhere"}).untold(silent) == (field,)
    assert rule({}, {field: "*"}).refuses(silent)
    assert rule({}, {field: "*"}).untold(silent) == (field,)
    assert not rule({"adopt": True, field: "*"}).refuses(silent)
    known = Subject(names={**told, field: ("known",)}, capacity=None, adopts=False)
    assert not rule({field: "nowhere"}).refuses(known)
    assert not rule({}, {field: "*"}).refuses(known)
