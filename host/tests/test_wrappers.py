"""Wrappers: off until the operator names them, and nothing runs without one that is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from host.tests.forks import Forks
from host.tests.managed import KEY, SECRET, Managed, managed
from host.tests.running import Bonito
from host.tests.web.serving import serving

NO_GLOBAL = """
[[deny]]
reason = "Requests stay in the region: ask platform@example.com."
sku = "Global*"
"""


@pytest.fixture
def offline(tmp_path: Path) -> Bonito:
    return Bonito(tmp_path)


def test_installed_wrappers_are_listed_as_off_with_how_to_switch_them_on(offline: Bonito) -> None:
    listed = offline.run("providers", "list", "--json").document["wrappers"]
    states = {each["name"]: each["status"] for each in listed}
    assert states["tracing"] == states["policy"] == "off"
    assert "BONITO_WRAPPERS switches wrappers on" in offline.run("providers", "list").stdout


def test_named_wrappers_are_listed_first_in_the_operators_order(offline: Bonito) -> None:
    named = "tracing,policy"
    listed = offline.run("providers", "list", "--json", BONITO_WRAPPERS=named).document["wrappers"]
    assert [each["name"] for each in listed[:2]] == ["tracing", "policy"]
    assert {each["status"] for each in listed[:2]} == {"active"}


@pytest.mark.parametrize(
    "command", [("providers", "list"), ("check",), ("serve", "--demo", "--port", "0")]
)
def test_nothing_runs_without_a_wrapper_that_was_named(
    command: tuple[str, ...], offline: Bonito
) -> None:
    done = offline.run(*command, BONITO_WRAPPERS="polcy")
    assert done.code != 0
    assert "The wrapper polcy is not installed." in done.stderr
    assert "install it, or take it off the list" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_page_of_plugins_shows_which_are_used_and_which_are_not(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo", variables={"BONITO_WRAPPERS": "tracing"}) as started:
        shown = started.browser().get("/plugins").text.partition('id="wrappers"')[2]
    used, _, unused = shown.partition("Installed, and not used")
    assert "<code>tracing</code>" in used
    assert "bonito-tracing 1." in used
    assert "<code>policy</code>" in unused
    assert "the operator has not named it" in unused


@pytest.fixture
def cloud(tmp_path: Path, forks: Forks) -> Iterator[Managed]:
    with managed(tmp_path, forks) as started:
        started.connect()
        yield started


@pytest.mark.slow
def test_a_policy_is_shown_by_the_plan_and_kept_by_deploy(cloud: Managed, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(NO_GLOBAL)
    kept = {"BONITO_WRAPPERS": "policy", "BONITO_POLICY": str(policy)}
    planned = cloud.bonito.run("plan", "prod", "gpt-4o", "--json", **kept)
    assert planned.code == 6, planned.stderr
    told = [each["instruction"] for each in planned.document["plan"]["actions"]]
    assert told == ["Requests stay in the region: ask platform@example.com."]
    refused = cloud.bonito.run("deploy", planned.document["plan_id"], **kept)
    assert refused.code == 6
    assert "ask platform@example.com" in refused.stderr + refused.stdout
    assert cloud.bills("created") == []
    policy.unlink()
    broken = cloud.bonito.run("plan", "prod", "gpt-4o", **kept)
    assert "The policy cannot be read" in broken.stdout + broken.stderr
    assert cloud.bonito.run("models", "--connection", "prod", **kept).code == 0
    assert cloud.bonito.run("plan", "prod", "gpt-4o").code == 0
    assert not {"PUT", "POST", "DELETE"} & {
        each.method for each in cloud.log.requests if each.host == "management.azure.com"
    }
    assert KEY not in refused.stdout + refused.stderr
    assert SECRET not in refused.stdout + refused.stderr
