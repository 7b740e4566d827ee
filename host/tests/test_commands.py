"""The commands that list and check, as their users run them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import pytest

from bonito_emulators.azure import Account
from bonito_host.root import bonito as root
from host.tests.running import Bonito

HEAVY = "asyncio", "httpx", "httpcore", "litellm", "openai", "yaml", "requests", "aiohttp"
BROKEN = "raise RuntimeError('out of order')\n"


@pytest.fixture
def offline(tmp_path: Path) -> Bonito:
    return Bonito(tmp_path)


def test_listing_providers_loads_nothing_that_calls(offline: Bonito) -> None:
    program = (
        "import sys\n"
        "from bonito_host.root import run\n"
        "code = run(['providers', 'list', '--json'])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = offline.program(sys.executable, "-c", program)
    assert done.code == 0
    assert done.stderr == "[]\n"
    assert "azure_foundry" in [each["name"] for each in done.document["providers"]]


def test_a_broken_plugin_stops_nobody_and_is_listed_with_its_mend(offline: Bonito) -> None:
    (offline.folder / "broken.py").write_text(BROKEN)
    metadata = offline.folder / "broken-1.0.dist-info"
    metadata.mkdir()
    requires = "Metadata-Version: 2.4\nName: broken\nVersion: 1.0\nRequires-Dist: bonito-providers"
    (metadata / "METADATA").write_text(f"{requires}>=1.0,<2\n")
    (metadata / "entry_points.txt").write_text("[bonito_providers]\nbroken = broken\n")
    path = str(offline.folder)
    listed = offline.run("providers", "list", "--json", PYTHONPATH=path)
    states = {each["name"]: each["status"] for each in listed.document["providers"]}
    assert states["azure_foundry"] == "active"
    assert states["broken"] == "broken"
    words = offline.run("providers", "list", PYTHONPATH=path).stdout
    assert "out of order" in words
    assert "broken.py:1" in words
    assert "pip uninstall" in words
    shown = offline.run("providers", "show", "broken", "--json", PYTHONPATH=path)
    assert shown.code == 2
    assert "out of order" in shown.document["error"]["message"]


def test_the_operator_blocks_a_plugin_by_name(offline: Bonito) -> None:
    done = offline.run("providers", "list", "--json", BONITO_PLUGINS_BLOCKED="azure_foundry")
    states = {each["name"]: each["status"] for each in done.document["providers"]}
    assert states["azure_foundry"] == "blocked"


def test_a_provider_is_shown_with_its_form(offline: Bonito) -> None:
    shown = offline.run("providers", "show", "azure_foundry", "--json").document
    assert shown["schema"]["properties"]["api_key"]["writeOnly"]
    words = offline.run("providers", "show", "azure_foundry").stdout
    assert ".services.ai.azure.com" in words
    assert "endpoint" in words


def test_check_tells_item_by_item_what_works_and_what_is_missing(bonito: Bonito) -> None:
    done = bonito.run("check", "--json")
    assert done.code == 0
    report = done.document
    assert report["usable"]
    assert {item["name"] for item in report["items"]} >= {"reach", "authenticate"}
    assert "deploy" in report["capabilities"]["missing"]
    words = bonito.run("check").stdout
    assert "understood as https://contoso.services.ai.azure.com" in words
    assert "cannot: deploy" in words


def test_models_are_found_by_name_publisher_kind_and_deployment(bonito: Bonito) -> None:
    options = "--publisher", "openai", "--kind", "chat", "--search", "GPT-4o", "--deployed"
    models = bonito.run("models", *options, "--json").document["models"]
    assert [model["name"] for model in models] == ["gpt-4o-mini"]
    assert models[0]["price"]["input_per_million"] == "0.15"


def test_what_nobody_knows_of_a_model_is_called_unknown(bonito: Bonito) -> None:
    done = bonito.run("models", "--search", "DeepSeek-V3.1")
    assert "unknown" in done.stdout
    assert "note: " in done.stderr
    assert "left out: " in done.stderr


def test_deployments_tell_how_the_gateway_calls_them(bonito: Bonito) -> None:
    done = bonito.run("deployments", "--json")
    routes = {
        each["ref"]["name"]: each["gateway"]["litellm_params"]["model"]
        for each in done.document["deployments"]
    }
    assert routes["DeepSeek-V3.1"] == "azure_ai/DeepSeek-V3.1"
    assert routes["text-embedding-3-small"] == "azure/text-embedding-3-small"
    assert "learnt from: " in bonito.run("deployments").stdout


def test_a_listing_that_is_switched_off_is_said_and_not_hidden(
    bonito: Bonito, account: Account
) -> None:
    account.legacy_listing = False
    done = bonito.run("deployments", "--json")
    assert done.code == 0, done.stderr
    assert not done.document["complete"]
    assert "not complete" in done.stderr


def test_stdout_holds_one_document_whatever_is_asked_in_json(bonito: Bonito) -> None:
    for command in ("check", "models", "deployments", "nonsense"):
        assert json.loads(bonito.run(command, "--json").stdout)


def test_every_command_explains_itself() -> None:
    for command in _all(root):
        assert command.help
        assert command.get_short_help_str()
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name not in {"style", "help"}:
                assert parameter.help, f"{command.name} {parameter.name}"


def _all(group: click.Group) -> list[click.Command]:
    context = click.Context(group)
    found: list[click.Command] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += _all(command) if isinstance(command, click.Group) else [command]
    return found
