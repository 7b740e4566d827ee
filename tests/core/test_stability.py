"""What was written for 1.0 keeps working with 1.1, and what cannot is refused with its mend."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

import bonito_providers
from bonito_providers import ProviderRegistry, Status, hookspecs
from bonito_providers.conformity import HOOKS, HookRule
from bonito_providers.requirements import verdict
from tests.core.next_minor import NextMinor
from tests.core.promises import broken, promises
from tests.core.sites import Site, working

PROMISED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "contract_1_0.json").read_text(encoding="utf-8")
)
REPORT = """
import asyncio, json

import bonito_providers
from bonito_providers import ProviderRegistry, RegistrySettings, Status

settings = RegistrySettings(allowed=frozenset({"bonito-elder"}))
record, = (e for e in ProviderRegistry.discover(settings).records if e.name == "elder")
told = {
    "core": bonito_providers.__version__,
    "status": record.status.value,
    "reason": record.reason,
    "mend": record.mend,
}
if record.status is Status.ACTIVE:
    from tests.core.calls import CALLS
    from tests.core.plugins import CANARY
    from tests.virtual_time import VirtualClock

    async def every_hook():
        network = bonito_providers.NetworkSettings(clock=VirtualClock())
        async with record.provider.connect({"api_key": CANARY}, network=network) as connection:
            return [type(await call(connection)).__name__ for call in CALLS.values()]

    told["answers"] = asyncio.run(every_hook())
print(json.dumps(told))
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / "site"
    folder.mkdir()
    return Site(folder)


@pytest.fixture(scope="module")
def next_minor(tmp_path_factory: pytest.TempPathFactory) -> NextMinor:
    return NextMinor.made(tmp_path_factory.mktemp("core_1_1"))


def test_a_plugin_installed_for_1_0_answers_every_hook_of_1_1(
    site: Site, next_minor: NextMinor
) -> None:
    site.add("elder", working("elder"), requires=("bonito-providers>=1.0,<2",))
    told, _ = next_minor.run(REPORT, site=site.folder)
    assert (told["core"], told["status"], told["reason"]) == ("1.1.0", "active", "")
    assert len(told["answers"]) == len(HOOKS) - 3


def test_an_argument_that_joined_reaches_those_who_ask_for_it(
    site: Site, next_minor: NextMinor
) -> None:
    source = working("younger") + (
        "\nasked = []\n@hookimpl\nasync def list_models(connection, lifecycle):\n"
        "    asked.append(lifecycle)\n"
        "    from tests.core.plugins import list_models as elder\n"
        "    return await elder(connection)\n"
    )
    module = site.add("younger", source, requires=("bonito-providers>=1.1,<2",))
    program = (
        "import asyncio, json\n"
        "from bonito_providers import ProviderRegistry\n"
        f"import {module}\n"
        "async def listed():\n"
        "    provider = ProviderRegistry.discover().provider('younger')\n"
        "    async with provider.connect({'api_key': 'long-enough'}) as connection:\n"
        "        await provider.list_models(connection)\n"
        "asyncio.run(listed())\n"
        f"print(json.dumps({module}.asked))\n"
    )
    assert next_minor.run(program, site=site.folder)[0] == ["stable"]


def test_a_plugin_for_1_1_is_refused_by_1_0_with_the_command_that_mends_it(site: Site) -> None:
    site.add("younger", "raise SystemExit", requires=("bonito-providers>=1.1,<2",))
    [record] = ProviderRegistry.of(site.points()).records
    assert record.status is Status.INCOMPATIBLE
    assert record.reason == (
        "bonito-younger 1.0 asks for bonito-providers>=1.1,<2, installed is 1.0.0"
    )
    assert record.mend == 'pip install --upgrade bonito-younger "bonito-providers>=1.1,<2"'


def test_a_plugin_from_before_1_0_is_refused_by_1_1_with_the_command_that_mends_it(
    site: Site, next_minor: NextMinor
) -> None:
    site.add("elder", "raise SystemExit", requires=("bonito-providers>=0.9,<1",))
    told, _ = next_minor.run(REPORT, site=site.folder)
    assert told["status"] == "incompatible"
    assert told["reason"].endswith("asks for bonito-providers>=0.9,<1, installed is 1.1.0")
    # The plugin has to come up to the core: the other way round would break all others.
    assert told["mend"] == 'pip install --upgrade bonito-elder "bonito-providers>=1.1,<2"'


@given(
    low=st.tuples(st.integers(0, 3), st.integers(0, 9)),
    height=st.integers(0, 2),
)
def test_the_mend_never_takes_the_core_back(
    low: tuple[int, int], height: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stated = f">={low[0]}.{low[1]},<{low[0] + 1 + height}"
    folder = tmp_path_factory.mktemp("site")
    Site(folder).describe(
        "bonito-some", version="1.0", requires=(f"bonito-providers{stated}",), entry_points=""
    )
    [distribution] = distributions(path=[str(folder)])
    found = verdict(distribution)
    installed = bonito_providers.__version__
    assert (found is None) == SpecifierSet(stated).contains(installed)
    if found is not None:
        wanted = re.findall(r'"bonito-providers(.*)"', found[1])[0]
        older = [f"{major}.{minor}" for major in range(1) for minor in range(10)]
        assert not any(SpecifierSet(wanted).contains(each) for each in older)


def test_a_deprecated_argument_is_warned_of_by_name_once_and_still_passed(
    site: Site, next_minor: NextMinor
) -> None:
    site.add("elder", working("elder"))
    told, warned = next_minor.run(REPORT, site=site.folder)
    assert told["status"] == "active"
    said = "DeprecationWarning: delete_deployment: include_unowned goes in 2.0"
    assert warned.count(said) == 1
    assert "plugins.py:" in warned


def test_a_plugin_that_has_left_the_deprecated_argument_out_is_not_warned(
    site: Site, next_minor: NextMinor
) -> None:
    source = working("elder") + (
        "\n@hookimpl\nasync def delete_deployment(connection, ref):\n"
        "    from tests.core.plugins import delete_deployment as elder\n"
        "    return await elder(connection, ref, False)\n"
    )
    site.add("elder", source)
    told, warned = next_minor.run(REPORT, site=site.folder, warnings="error")
    assert (told["status"], told["reason"]) == ("active", "")
    assert "Deployment" in told["answers"]
    assert warned == ""


def test_a_plan_of_1_0_is_still_intact_for_1_1(site: Site, next_minor: NextMinor) -> None:
    from tests.core.calls import PLAN

    (site.folder / "plan.json").write_text(PLAN.model_dump_json(), encoding="utf-8")
    program = (
        "import json, pathlib\n"
        "from bonito_providers import DeploymentPlan\n"
        f"text = pathlib.Path({str(site.folder / 'plan.json')!r}).read_text()\n"
        "plan = DeploymentPlan.model_validate_json(text)\n"
        "print(json.dumps([plan.zone, plan.intact]))\n"
    )
    assert next_minor.run(program, site=site.folder)[0] == [None, True]


def test_this_version_keeps_every_promise_of_1_0() -> None:
    assert broken(PROMISED, promises()) == []


def _change(*path: str, value: object = None, drop: bool = False) -> Callable[[Any], None]:
    def change(present: Any) -> None:
        for step in path[:-1]:
            present = present[step]
        if drop:
            present.remove(path[-1]) if isinstance(present, list) else present.pop(path[-1])
        else:
            present[path[-1]] = value

    return change


HOOK = {"arguments": ["connection"], "omissible": [], "async": True, "required": True}
BREAKING = {
    "the name Model is gone": _change("names", "Model", drop=True),
    "the entry-point group bonito_wrappers is gone": _change(
        "groups", "bonito_wrappers", drop=True
    ),
    "the hook deploy is gone": _change("hooks", "deploy", drop=True),
    "the new hook tune is required": _change("hooks", "tune", value=HOOK),
    "the hook deploy no longer takes": _change(
        "hooks", "deploy", "arguments", value=["connection", "plan", "dry"]
    ),
    "the hook list_models no longer takes": _change("hooks", "list_models", "arguments", value=[]),
    "the hook get_deployment is another kind": _change(
        "hooks", "get_deployment", "async", value=False
    ),
    "the hook delete_deployment is another kind": _change(
        "hooks", "delete_deployment", "required", value=True
    ),
    "the field of Model publisher is gone": _change("fields", "Model", "publisher", drop=True),
    "the field sku of Model is required now": _change("fields", "Model", "sku", value=True),
    "the field version of Model is required now": _change("fields", "Model", "version", value=True),
    "the member State ready is gone": _change("members", "State", "ready", drop=True),
    "the base of the error RateLimited TemporaryError is gone": _change(
        "errors", "RateLimited", "TemporaryError", drop=True
    ),
    "the attribute Connection http is gone": _change("calls", "Connection", "http", drop=True),
}
ADDING = {
    "a name": _change("names", value=[*PROMISED["names"], "Tuning"]),
    "an optional hook": _change("hooks", "tune", value={**HOOK, "required": False}),
    "an argument that may be left out": _change(
        "hooks",
        "deploy",
        value={**PROMISED["hooks"]["deploy"], "arguments": ["connection", "plan", "dry"]}
        | {"omissible": ["dry"]},
    ),
    "a field with a default": _change("fields", "Model", "tunable", value=False),
    "a member": _change("members", "State", value=[*PROMISED["members"]["State"], "paused"]),
}


@pytest.mark.parametrize("said", BREAKING)
def test_a_change_that_breaks_a_promise_is_named(said: str) -> None:
    present = copy.deepcopy(PROMISED)
    BREAKING[said](present)
    assert [each for each in broken(PROMISED, present) if each.startswith(said)]


@pytest.mark.parametrize("what", ADDING)
def test_what_a_minor_may_add_breaks_nothing(what: str) -> None:
    present = copy.deepcopy(PROMISED)
    ADDING[what](present)
    assert broken(PROMISED, present) == []


def test_only_arguments_that_joined_later_or_are_to_go_may_be_left_out() -> None:
    rule = HookRule("tune", ("one", "two", "late"), frozenset({"late"}), True, True)  # noqa: FBT003 - two fields of a record
    assert rule.takes(("one", "two"))
    assert rule.takes(("one", "two", "late"))
    for wrong in (("one",), ("two", "one"), ("one", "two", "other"), ("late", "one", "two")):
        assert not rule.takes(wrong)


def test_nothing_that_joined_later_is_an_argument_of_no_hook() -> None:
    for name, arguments in hookspecs.LATER.items():
        assert set(arguments) <= set(HOOKS[name].arguments)
