"""Discovery: whatever one plugin does, the others work and its record says how to mend it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bonito_providers import PluginRecord, ProviderRegistry, RegistrySettings, Status
from bonito_providers.errors import UnknownProvider
from tests.core.sites import Site, working

ROOT = Path(__file__).parents[2]


def found(site: Site, **settings: Any) -> dict[str, PluginRecord]:
    """Return the records by distribution; the plugin that works must always work."""
    registry = ProviderRegistry.of(site.points(), settings=RegistrySettings(**settings))
    assert "good" in {each.info.name for each in registry.providers}
    return {record.distribution: record for record in registry.records}


def test_a_plugin_that_works_is_recorded_with_where_it_came_from(site: Site) -> None:
    record = found(site)["bonito-good"]
    assert (record.name, record.version, record.status) == ("good", "1.0", Status.ACTIVE)
    assert (record.reason, record.mend) == ("", "")
    assert record.file == str(site.folder / f"{record.target}.py")
    assert record.import_seconds is not None
    assert record.import_seconds >= 0
    assert record.provider is not None


OWN_HOOK = "\n@hookimpl\n"
PANIC = "\nclass Panic(BaseException): ...\n"
BROKEN = {
    "raises": ("raise RuntimeError('no licence')", "RuntimeError: no licence at"),
    "exits": ("import sys; sys.exit(3)", "it called sys.exit(3) at"),
    "lacks_a_module": ("import no_such_module", "ModuleNotFoundError"),
    "has_a_typo": ("def provider_info(:", "SyntaxError"),
    "is_empty": ("", "the required hook provider_info is missing"),
    "misspells": (
        working("misspells") + OWN_HOOK + "async def list_modles(connection): ...",
        "list_modles is marked @hookimpl but is no hook; did you mean list_models?",
    ),
    "differs": (
        working("differs") + OWN_HOOK + "async def list_models(conn): ...",
        "list_models(conn) differs from the contract: write `async def list_models(connection)`",
    ),
    "is_sync": (
        working("is_sync") + OWN_HOOK + "def list_models(connection): ...",
        "list_models is sync: write `async def list_models(connection)`",
    ),
    "generates": (
        working("generates") + OWN_HOOK + "async def list_models(connection): yield 1",
        "list_models is a generator",
    ),
    "forgets_the_mark": (
        working("forgets_the_mark") + "\nasync def list_models(connection): ...",
        "the hook list_models is not marked",
    ),
    "calls_itself_otherwise": (
        working("otherwise"),
        "it calls itself otherwise, its entry point calls_itself_otherwise",
    ),
    "crashes_in_its_card": (
        working("unheard") + OWN_HOOK + "def provider_info(): raise KeyError('x')",
        "failed in provider_info: KeyError",
    ),
    "exits_in_its_card": (
        working("unheard") + OWN_HOOK + "def provider_info(): raise SystemExit(4)",
        "failed in provider_info: SystemExit",
    ),
    "panics_in_its_card": (
        working("unheard") + PANIC + OWN_HOOK + "def provider_info(): raise Panic('x')",
        "failed in provider_info: Panic",
    ),
    "panics": (PANIC + "raise Panic('unwrapped')", "Panic: unwrapped"),
    "shows_no_card": (
        working("unheard") + OWN_HOOK + "def provider_info(): return None",
        "failed in provider_info: returned NoneType",
    ),
    "has_no_schema": (
        working("has_no_schema") + OWN_HOOK + "def credential_schema(): return dict",
        "dict is no Credentials class",
    ),
    "cannot_be_printed": (
        "class E(Exception):\n    def __str__(self): raise self\nraise E",
        "E: its text cannot be read",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_stops_nobody_and_says_what_is_wrong(name: str, site: Site) -> None:
    source, said = BROKEN[name]
    module = site.add(name, source)
    record = found(site)[f"bonito-{name.replace('_', '-')}"]
    assert record.status is Status.BROKEN
    assert said in record.reason
    assert "pip uninstall" in record.mend
    assert record.provider is None
    assert record.target == module


def test_an_entry_point_that_names_nothing_is_broken(site: Site) -> None:
    site.add("lost", "", point="lost_lost_module:nowhere")
    site.add("odd", "", point="not a module!")
    records = found(site)
    assert records["bonito-lost"].status is Status.BROKEN
    assert records["bonito-odd"].status is Status.BROKEN


@pytest.mark.parametrize(
    ("requires", "said", "mend"),
    [
        (
            ("bonito-providers>=2.0,<3",),
            "asks for bonito-providers>=2.0,<3, installed is 1.",
            "pip",
        ),
        (("bonito-providers<1",), "asks for bonito-providers<1", "pip install --upgrade"),
        ((), "does not state which contract", "bonito-providers>=1.0,<2"),
        (("bonito-providers",), "does not state which contract", "bonito-providers>=1.0,<2"),
        (("httpx", "bonito-providers-extra>=1"), "does not state which contract", "dependencies"),
        (("bonito-providers>=1.0,<2; extra == 'x'",), "does not state which contract", "depend"),
        (("bonito-providers>>1",), "does not state which contract", "dependencies"),
        (("bonito-providers>=1", "bonito-providers<1"), "asks for bonito-providers", "pip"),
    ],
)
def test_a_plugin_for_another_contract_is_kept_out_before_its_code_runs(
    requires: tuple[str, ...], said: str, mend: str, site: Site
) -> None:
    site.add("other", site.noisy("other"), requires=requires, version="3.1")
    record = found(site)["bonito-other"]
    assert record.status is Status.INCOMPATIBLE
    assert said in record.reason
    assert mend in record.mend
    assert site.left_behind() == []


@pytest.mark.parametrize(
    "requirement",
    [
        "bonito-providers>=1.0,<2",
        "bonito_providers (>=1.0,<2)",
        "Bonito.Providers~=1.0",
        "bonito-providers>=1.0; python_version >= '3.11'",
    ],
)
def test_a_contract_is_read_however_it_is_spelt(requirement: str, site: Site) -> None:
    site.add("spelt", working("spelt"), requires=("httpx>=0.1", requirement))
    assert found(site)["bonito-spelt"].status is Status.ACTIVE


@pytest.mark.parametrize("blocked", ["loud", "Bonito_Loud", "bonito-loud"])
def test_what_the_operator_blocked_does_not_run(blocked: str, site: Site) -> None:
    site.add("loud", site.noisy("loud"))
    record = found(site, blocked=frozenset({blocked}))["bonito-loud"]
    assert (record.status, record.reason) == (Status.BLOCKED, "the operator blocked it")
    assert "block list" in record.mend
    assert site.left_behind() == []


def test_what_the_operator_did_not_list_does_not_run(site: Site) -> None:
    site.add("loud", site.noisy("loud"))
    record = found(site, allowed=frozenset({"Bonito_Good"}))["bonito-loud"]
    assert record.status is Status.NOT_LISTED
    assert "add it to the list" in record.mend
    assert site.left_behind() == []


def test_two_that_take_one_name_both_stay_out_and_each_names_the_other(site: Site) -> None:
    site.add("taken", site.noisy("taken"), distribution="first", version="1.1")
    site.add("taken", site.noisy("taken"), distribution="second", version="2.2")
    records = found(site)
    assert records["first"].status is records["second"].status is Status.CONFLICT
    assert "also claimed by second 2.2" in records["first"].reason
    assert "also claimed by first 1.1" in records["second"].reason
    assert "Uninstall one" in records["first"].mend
    assert site.left_behind() == []


@pytest.mark.parametrize(
    "settings",
    [
        {"allowed": frozenset({"bonito-good", "first"})},
        {"blocked": frozenset({"second"})},
    ],
)
def test_the_operators_word_decides_who_keeps_a_name(
    settings: dict[str, frozenset[str]], site: Site
) -> None:
    site.add("taken", working("taken"), distribution="first")
    site.add("taken", site.noisy("taken"), distribution="second")
    records = found(site, **settings)
    assert records["first"].status is Status.ACTIVE
    assert records["second"].status is not Status.ACTIVE
    assert site.left_behind() == []


def test_one_plugin_listed_twice_is_one_plugin(site: Site) -> None:
    registry = ProviderRegistry.of([*site.points(), *site.points()])
    assert [record.status for record in registry.records] == [Status.ACTIVE]


def test_two_that_claim_one_place_stay_out_until_one_is_preferred(site: Site) -> None:
    for name in ("one", "other"):
        site.add(name, working(name, cloud="shared", selector={"mode": "same"}))
    records = found(site)
    assert records["bonito-one"].status is records["bonito-other"].status is Status.CONFLICT
    assert "mode=same of shared is also claimed by other" in records["bonito-one"].reason
    assert "preferred" in records["bonito-one"].mend
    records = found(site, preferred=("other",))
    assert records["bonito-one"].status is Status.CONFLICT
    assert records["bonito-other"].status is Status.ACTIVE


def test_a_provider_in_quarantine_is_refused_with_the_reason_and_the_mend(site: Site) -> None:
    site.add("raises", "raise RuntimeError('no licence')")
    registry = ProviderRegistry.of(site.points())
    with pytest.raises(
        UnknownProvider, match="raises is broken: RuntimeError: no licence"
    ) as caught:
        registry.provider("raises")
    assert "pip uninstall" in caught.value.hint
    with pytest.raises(UnknownProvider, match="No provider nobody is installed") as caught:
        registry.provider("nobody")
    assert "good" in caught.value.hint
    assert registry.provider("good").info.name == "good"


def test_clouds_are_those_of_the_providers_that_work(site: Site) -> None:
    site.add("raises", "raise RuntimeError")
    site.add("second", working("second", cloud="goodland", selector={"mode": "x"}))
    registry = ProviderRegistry.of([each for each in site.points() if each.name != "second"])
    assert registry.clouds == ("goodland",)
    assert registry.select("goodland", {"api_key": "x"}).provider is registry.provider("good")
    assert list(registry.schema("goodland")["properties"]) == ["api_key"]


PROGRAM = """
import json
from bonito_providers import ProviderRegistry
records = ProviderRegistry.discover().records
print(json.dumps({r.distribution: [r.name, r.status, r.reason, r.mend] for r in records}))
"""


def discovered(site: Site) -> dict[str, list[str]]:
    """Return what a new process finds that has the folder on its path."""
    path = os.pathsep.join([str(site.folder), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    records: dict[str, list[str]] = json.loads(done.stdout)
    return records


def test_a_new_process_finds_all_of_them_installed_side_by_side(site: Site) -> None:
    for name, (source, _) in BROKEN.items():
        site.add(name, source)
    site.add("future", "raise SystemExit", requires=("bonito-providers>=9",))
    records = discovered(site)
    assert records["bonito-good"][1] == "active"
    assert records["bonito-future"][1] == "incompatible"
    for name, (_, said) in BROKEN.items():
        _, status, reason, mend = records[f"bonito-{name.replace('_', '-')}"]
        assert status == "broken"
        assert said in reason
        assert mend


@pytest.mark.parametrize("damaged", [None, b"", b"Metadata-Version: 2.1\n", b"Name: \xff\xfe\n"])
def test_a_package_whose_metadata_are_damaged_stops_nobody(
    damaged: bytes | None, site: Site
) -> None:
    site.add("damaged", site.noisy("damaged"))
    [metadata] = site.folder.glob("bonito_damaged-*.dist-info")
    (metadata / "METADATA").unlink()
    if damaged is not None:
        (metadata / "METADATA").write_bytes(damaged)
    records = discovered(site)
    assert records["bonito-good"][1] == "active"
    name, status, reason, mend = records["(unknown)"]
    assert (name, status) == ("damaged", "broken")
    assert "metadata cannot be read" in reason
    assert "install" in mend
    assert site.left_behind() == []
