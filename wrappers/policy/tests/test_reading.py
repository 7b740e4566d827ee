"""A policy file that is wrong says where, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_policy.reading import UnreadablePolicy, read_rules

GOOD = '[[deny]]\nreason = "Ask us."\nsku = "dedicated"\n'
WRONG = {
    "": "policy.toml: there is no rule: write [[deny]] with a reason",
    'deny = "all"': "policy.toml: there is no rule: write [[deny]]",
    "[[denny]]": "denny is unknown: did you mean deny?",
    GOOD + "sku = 1": "policy.toml is no TOML: Cannot overwrite a value",
    "[[deny]\n": "(at line 1",
    "[[deny]]\nsku = 'x'": "rule 1, reason is missing: say why, and whom to ask",
    "[[deny]]\nreason = ''": "rule 1, reason is empty: say why",
    GOOD + "[[deny]]\nreason='x'\nregoin='eu'": "rule 2, regoin is unknown: did you mean region?",
    GOOD + "colour='red'": "rule 1, colour is unknown: there are provider, connection",
    GOOD + "region=[]": "rule 1, region is empty: name at least one, or leave it out",
    GOOD + "region=7": "rule 1, region must be a name or a list of names",
    GOOD + "region=[7]": "rule 1, region must be text in quotes",
    GOOD + "capacity_above='7'": "rule 1, capacity_above must be a whole number without quotes",
    GOOD + "capacity_above=true": "rule 1, capacity_above must be a whole number",
    GOOD + "capacity_above=-1": "rule 1, capacity_above must not be negative",
    GOOD + "adopt='yes'": "rule 1, adopt must be true or false, without quotes",
    GOOD + "[deny.except]": "rule 1: `except` names no condition",
    GOOD + "except = 'eu'": "rule 1, except must be a table of conditions",
    GOOD + "[deny.except]\nregoin='eu'": "rule 1, except, regoin is unknown: did you mean region?",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


@pytest.mark.parametrize("content", WRONG)
def test_a_mistake_is_told_with_its_place_and_its_mend(content: str, path: Path) -> None:
    path.write_text(content)
    with pytest.raises(UnreadablePolicy) as caught:
        read_rules(path)
    assert WRONG[content] in str(caught.value)


def test_every_mistake_is_told_at_once(path: Path) -> None:
    path.write_text("[[deny]]\nregoin='eu'\ncapacity_above='7'\n")
    with pytest.raises(UnreadablePolicy) as caught:
        read_rules(path)
    for told in ("reason is missing", "regoin is unknown", "capacity_above must be"):
        assert told in str(caught.value)


def test_what_was_written_wrongly_is_not_repeated(path: Path) -> None:
    path.write_text(GOOD + "capacity_above='canary-0123456789'")
    with pytest.raises(UnreadablePolicy) as caught:
        read_rules(path)
    assert "canary" not in str(caught.value)


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePolicy, match="there is no such file"):
        read_rules(tmp_path)


@pytest.mark.parametrize("content", [b"reason = '\xff'", b"\x00", b"a" * 1_000_001])
def test_what_is_no_text_or_too_large_is_refused(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadablePolicy):
        read_rules(path)


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused_by_the_one_error(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(UnreadablePolicy):
        read_rules(path)
