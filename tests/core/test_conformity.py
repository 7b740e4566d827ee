"""What is wrong with a plugin's hooks is said before anything calls them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bonito_providers import hookimpl
from bonito_providers.conformity import HOOKS, TOGETHER, problems_of
from tests.core import plugins
from tests.core.plugins import plugin_with
from tests.fake_provider import plugin as fake_provider


def problem_of(plugin: object) -> str:
    [problem] = problems_of(plugin)
    return problem


@hookimpl
def list_models(connection: Any) -> None:
    """Sync, where the contract says async."""


@hookimpl
async def list_models_generated(connection: Any) -> AsyncIterator[int]:
    yield 1


@hookimpl
async def provider_info() -> None:
    """Async, where the contract says sync."""


@hookimpl
def generated_info() -> Iterator[int]:
    yield 1


@hookimpl
async def lists_nothing() -> None:
    """Lacks its argument."""


@hookimpl
async def lists_more(connection: Any, page: int) -> None:
    """Has one argument too many."""


@hookimpl
async def lists_by_keyword(*, connection: Any) -> None:
    """Its argument is of another kind."""


@hookimpl
async def lists_anything(*connection: Any) -> None:
    """Takes whatever comes."""


@hookimpl
async def deletes_by_default(connection: Any, ref: Any, include_unowned: bool = False) -> None:  # noqa: FBT001, FBT002 - what an author may write
    """Has a default, which pluggy would always use."""


@pytest.mark.parametrize("plugin", [plugins, fake_provider, plugin_with()])
def test_a_complete_plugin_has_no_problems(plugin: object) -> None:
    assert problems_of(plugin) == []


def test_an_object_with_methods_is_as_good_as_a_module() -> None:
    class Plugin:
        @hookimpl
        async def list_models(self, connection: Any) -> None: ...

        @staticmethod
        @hookimpl
        async def list_deployments(connection: Any) -> None: ...

    plugin = Plugin()
    for name in set(plugins.HOOKS) - {"list_models", "list_deployments"}:
        setattr(plugin, name, plugins.HOOKS[name])
    assert problems_of(plugin) == []


@pytest.mark.parametrize("name", sorted(set(HOOKS) - set(TOGETHER)))
def test_a_missing_required_hook_is_named_with_what_to_add(name: str) -> None:
    problem = problem_of(plugin_with(without=(name,)))
    assert f"the required hook {name} is missing" in problem
    assert HOOKS[name].signature in problem


def test_a_hook_without_its_mark_is_told_from_one_that_is_not_there() -> None:
    async def check_credentials(connection: Any) -> None: ...

    problem = problem_of(plugin_with(check_credentials=check_credentials))
    assert problem == "the hook check_credentials is not marked: write @hookimpl above it"


def test_optional_hooks_without_their_mark_do_not_go_unnoticed() -> None:
    unmarked: dict[str, Any] = dict.fromkeys(TOGETHER, print)
    problems = problems_of(plugin_with(**unmarked))
    assert len(problems) == len(TOGETHER)
    assert all("is not marked" in problem for problem in problems)


def test_a_misspelt_hook_is_named_with_the_one_that_was_meant() -> None:
    problem = problem_of(plugin_with(list_modles=list_models))
    assert problem == "list_modles is marked @hookimpl but is no hook; did you mean list_models?"


def test_a_hook_like_no_other_is_answered_with_all_there_are() -> None:
    problem = problem_of(plugin_with(xyzzy=list_models))
    assert "the hooks are" in problem
    assert all(name in problem for name in HOOKS)


@pytest.mark.parametrize(
    ("name", "hook", "said"),
    [
        ("list_models", list_models, "list_models is sync"),
        ("provider_info", provider_info, "provider_info is async"),
        ("list_models", list_models_generated, "list_models is a generator"),
        ("provider_info", generated_info, "provider_info is a generator"),
        ("list_models", lists_nothing, "list_models() differs"),
        ("list_models", lists_more, "list_models(connection, page) differs"),
        ("list_models", lists_by_keyword, "list_models(connection) differs"),
        ("list_models", lists_anything, "list_models(*connection) differs"),
        ("delete_deployment", deletes_by_default, "differs"),
    ],
)
def test_a_hook_of_another_form_is_shown_the_right_one(name: str, hook: Any, said: str) -> None:
    problem = problem_of(plugin_with(**{name: hook}))
    assert said in problem
    assert f"`{HOOKS[name].signature}`" in problem


@pytest.mark.parametrize("name", TOGETHER)
def test_half_of_the_deploying_hooks_is_refused(name: str) -> None:
    problem = problem_of(plugin_with(without=(name,)))
    assert f"come only together with {name}" in problem


def test_none_of_the_deploying_hooks_is_fine() -> None:
    assert problems_of(plugin_with(without=TOGETHER)) == []


def test_every_problem_is_told_at_once() -> None:
    assert len(problems_of(SimpleNamespace())) == len(HOOKS) - len(TOGETHER)


def test_looking_at_a_plugin_runs_none_of_its_properties() -> None:
    class Plugin:
        @property
        def list_models(self) -> None:
            message = "a property ran"
            raise AssertionError(message)

    assert problems_of(Plugin())
