"""Whether a plugin's hooks are those of the contract: names, arguments, sync or async."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bonito_providers import hookspecs

_MARK = f"{hookspecs.PROJECT}_impl"
"""Where pluggy's `HookimplMarker` leaves its options; its documented naming rule."""

TOGETHER = ("plan_deployment", "deploy", "get_deployment", "delete_deployment")
"""Hooks that come together or not at all."""


@dataclass(frozen=True)
class HookRule:
    """What the specification says of one hook.

    Attributes:
        name: The function's name.
        arguments: Their names, in order.
        omissible: Those an implementation may leave out: they joined later, or are to go.
        is_async: Whether it is written ``async def``.
        required: Whether every provider has it.
    """

    name: str
    arguments: tuple[str, ...]
    omissible: frozenset[str]
    is_async: bool
    required: bool

    @property
    def signature(self) -> str:
        """The signature as an author writes it."""
        keyword = "async def" if self.is_async else "def"
        return f"{keyword} {self.name}({', '.join(self.arguments)})"

    def takes(self, names: tuple[str, ...]) -> bool:
        """Whether an implementation may have these arguments, in this order."""
        asked = tuple(each for each in self.arguments if each in names)
        return asked == names and set(self.arguments) - set(names) <= self.omissible


def _rules() -> Iterator[HookRule]:
    for name, function in vars(hookspecs).items():
        options = getattr(function, f"{hookspecs.PROJECT}_spec", None)
        if options is not None:
            deprecated = options["warn_on_impl_args"] or ()
            yield HookRule(
                name=name,
                arguments=tuple(inspect.signature(function).parameters),
                omissible=frozenset((*hookspecs.LATER.get(name, ()), *deprecated)),
                is_async=inspect.iscoroutinefunction(function),
                required=name not in TOGETHER,
            )


HOOKS = {rule.name: rule for rule in _rules()}
"""Every hook of the contract by name."""


def problems_of(plugin: object) -> list[str]:
    """Return what is wrong with a plugin's hooks, each with how to mend it; empty if nothing."""
    found = dict(_implementations(plugin))
    problems = [_unknown(name) for name in found if name not in HOOKS]
    for rule in HOOKS.values():
        function = found.get(rule.name)
        if function is not None:
            problems += _differences(rule, function)
        elif callable(inspect.getattr_static(plugin, rule.name, None)):
            problems.append(f"the hook {rule.name} is not marked: write @hookimpl above it")
        elif rule.required:
            problems.append(
                f"the required hook {rule.name} is missing: add `@hookimpl {rule.signature}`"
            )
    present = [name for name in TOGETHER if name in found]
    if present and len(present) < len(TOGETHER):
        absent = ", ".join(name for name in TOGETHER if name not in found)
        problems.append(
            f"{', '.join(present)} come only together with {absent}: add these or remove those"
        )
    return problems


def _implementations(plugin: object) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in dir(plugin):
        # Static look-up: reading an attribute may run a plugin's code.
        member = inspect.getattr_static(plugin, name, None)
        function = getattr(member, "__func__", member)
        if inspect.isroutine(function) and getattr(function, _MARK, None):
            yield name, getattr(plugin, name)


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, HOOKS, n=1)
    meant = f"; did you mean {close[0]}?" if close else f"; the hooks are {', '.join(HOOKS)}"
    return f"{name} is marked @hookimpl but is no hook{meant}"


def _differences(rule: HookRule, function: Callable[..., Any]) -> Iterator[str]:
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        yield f"{rule.name} is a generator: write `{rule.signature}` and return one value"
        return
    if inspect.iscoroutinefunction(function) != rule.is_async:
        is_now = "sync" if rule.is_async else "async"
        yield f"{rule.name} is {is_now}: write `{rule.signature}`"
    arguments = tuple(inspect.signature(function).parameters.values())
    # pluggy never passes an argument that has a default: the default would always win.
    plain = all(
        each.kind is each.POSITIONAL_OR_KEYWORD and each.default is each.empty for each in arguments
    )
    if not plain or not rule.takes(tuple(each.name for each in arguments)):
        names = ", ".join(str(each).partition(":")[0] for each in arguments)
        yield f"{rule.name}({names}) differs from the contract: write `{rule.signature}`"
