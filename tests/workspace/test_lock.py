from __future__ import annotations

import pytest
from packaging.requirements import InvalidRequirement, Requirement

from tests.workspace.distributions import DISTRIBUTIONS, ROOT, Distribution
from tests.workspace.lock import missing, read_pins

PINS = read_pins((ROOT / "requirements.lock").read_text())
OWN = {distribution.name for distribution in DISTRIBUTIONS}


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda each: each.name)
def test_the_lock_satisfies_everything_a_distribution_declares(distribution: Distribution) -> None:
    foreign = [each for each in distribution.requirements if each.name not in OWN]
    assert foreign
    assert missing(foreign, PINS) == [], "run `make lock`"


def test_every_pin_is_one_version_with_hashes() -> None:
    assert len(PINS) > 50
    for pin in PINS:
        (specifier,) = pin.requirement.specifier
        assert specifier.operator == "=="
        assert pin.hashes, pin.name


def test_the_lock_names_no_address_and_none_of_our_own_distributions() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text()
    assert not any(pin.requirement.url for pin in PINS)
    assert OWN.isdisjoint(pin.name for pin in PINS)


@pytest.mark.parametrize("declared", ["absent>=1", "httpx>=1000", "httpx==0.27.0", "litellm<1"])
def test_a_requirement_the_lock_does_not_cover_is_missing(declared: str) -> None:
    assert missing([Requirement(declared)], PINS) == [str(Requirement(declared))]


@pytest.mark.parametrize("declared", ["httpx", "HTTPX>=0.28", "Hypothesis", "pydantic>=2.10,<3"])
def test_a_requirement_the_lock_covers_is_not_missing(declared: str) -> None:
    assert missing([Requirement(declared)], PINS) == []


@pytest.mark.parametrize("line", ["-r other.lock", "-e ."])
def test_a_line_that_is_no_pin_is_refused(line: str) -> None:
    with pytest.raises(InvalidRequirement):
        read_pins(line)


def test_a_pin_without_a_hash_has_none() -> None:
    assert read_pins("httpx==0.28.1\n")[0].hashes == ()
