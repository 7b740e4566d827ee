"""Wrappers: the operator names them, and one that cannot do its work stops everything."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bonito_providers import ProviderRegistry, RegistrySettings, Status
from bonito_providers.errors import UnknownProvider
from bonito_providers.registry import installed_wrappers
from bonito_providers.wrappers import GROUP
from tests.core.sites import Site

WRAPPER = "async def around_call(call, proceed):\n    return await proceed()\n"


def test_wrappers_run_in_the_operators_order_and_only_those_named(site: Site) -> None:
    for name in ("audit", "rules", "unnamed"):
        site.add(name, WRAPPER, group=GROUP)
    settings = RegistrySettings(wrappers=("rules", "audit"))
    provider = ProviderRegistry.discover(settings).provider("good")
    names = [each.__name__ for each in provider.wrappers]  # type: ignore[attr-defined] # modules
    assert names == ["rules_rules_module", "audit_audit_module"]
    assert ProviderRegistry.discover().provider("good").wrappers == ()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise RuntimeError('no licence')", "does not load: RuntimeError: no licence"),
        ("raise SystemExit(1)", "does not load: it called sys.exit"),
        ("class Panic(BaseException): ...\nraise Panic('x')", "does not load: Panic: x"),
        ("", "it has no around_call"),
    ],
)
def test_a_wrapper_that_does_not_load_stops_everything(source: str, said: str, site: Site) -> None:
    site.add("rules", source, group=GROUP)
    with pytest.raises(UnknownProvider, match=re.escape(said)) as caught:
        ProviderRegistry.discover(RegistrySettings(wrappers=("rules",)))
    assert "mend bonito-rules, or take it off" in caught.value.hint


def test_a_wrapper_that_is_missing_or_there_twice_stops_everything(site: Site) -> None:
    settings = RegistrySettings(wrappers=("rules",))
    with pytest.raises(UnknownProvider, match="rules is not installed"):
        ProviderRegistry.discover(settings)
    for distribution in ("first", "second"):
        site.add("rules", WRAPPER, distribution=distribution, group=GROUP)
    with pytest.raises(UnknownProvider, match="rules is also claimed by second"):
        ProviderRegistry.discover(settings)


def test_installed_wrappers_are_shown_without_running_them_those_named_first(site: Site) -> None:
    for name in ("audit", "rules", "unnamed"):
        site.add(name, site.noisy(name), group=GROUP)
    settings = RegistrySettings(wrappers=("rules", "audit"))
    shown = [(each.name, each.status) for each in installed_wrappers(settings)]
    assert shown[:2] == [("rules", Status.ACTIVE), ("audit", Status.ACTIVE)]
    assert ("unnamed", Status.OFF) in shown[2:]
    assert {status for _, status in shown[2:]} == {Status.OFF}
    assert site.left_behind() == []


@pytest.mark.parametrize(
    ("settings", "requires", "said", "mend"),
    [
        ({"allowed": frozenset({"bonito-good"})}, (), "rules is not_listed", "add it to the list"),
        ({"blocked": frozenset({"rules"})}, (), "rules is blocked", "Take it off the block list"),
        ({}, ("bonito-providers>=2,<3",), "rules is incompatible", "pip install --upgrade"),
        ({}, (), "rules is incompatible: bonito-rules does not state", ">=1.0,<2"),
    ],
)
def test_a_wrapper_that_may_not_load_stops_everything_before_it_runs(
    settings: dict[str, Any], requires: tuple[str, ...], said: str, mend: str, site: Site
) -> None:
    site.add("rules", site.noisy("rules"), requires=requires, group=GROUP)
    with pytest.raises(UnknownProvider, match=said) as caught:
        ProviderRegistry.discover(RegistrySettings(wrappers=("rules",), **settings))
    assert mend in caught.value.hint
    assert site.left_behind() == []


def test_a_wrapper_of_a_listed_distribution_keeps_its_name_against_strangers(site: Site) -> None:
    site.add("rules", WRAPPER, distribution="ours", group=GROUP)
    site.add("rules", site.noisy("rules"), distribution="stranger", group=GROUP)
    settings = RegistrySettings(wrappers=("rules",), allowed=frozenset({"ours", "bonito-good"}))
    [wrapper] = ProviderRegistry.discover(settings).provider("good").wrappers
    assert wrapper.__name__ == "ours_rules_module"  # type: ignore[attr-defined] # a module
    assert site.left_behind() == []
