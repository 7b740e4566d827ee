"""What a version of the contract promises, as data, and how a later one could break it.

`contract_1_0.json` is what 1.0 promised. It is written once, before the release of 1.0:

    python -m tests.core.promises > tests/core/contract_1_0.json
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

import bonito_providers
from bonito_providers import errors, wrappers
from bonito_providers.conformity import HOOKS
from bonito_providers.hookspecs import PROJECT

Promises = Mapping[str, Any]


def promises() -> Promises:
    """Return what the installed core promises."""
    exported = {name: getattr(bonito_providers, name) for name in bonito_providers.__all__}
    classes = {name: value for name, value in exported.items() if inspect.isclass(value)}
    return {
        "names": sorted(exported),
        "groups": [PROJECT, wrappers.GROUP],
        "hooks": {
            rule.name: {
                "arguments": list(rule.arguments),
                "omissible": sorted(rule.omissible),
                "async": rule.is_async,
                "required": rule.required,
            }
            for rule in HOOKS.values()
        },
        "fields": {name: dict(_required(value)) for name, value in classes.items()},
        "members": {
            name: sorted(str(member.value) for member in value)
            for name, value in classes.items()
            if issubclass(value, Enum)
        },
        "errors": {
            name: [each.__name__ for each in value.__mro__ if each.__module__ == errors.__name__]
            for name, value in vars(errors).items()
            if inspect.isclass(value) and issubclass(value, errors.BonitoError)
        },
        "calls": {name: list(_calls(name)) for name in ("Provider", "Connection", "Connections")},
    }


def _required(value: type) -> Iterator[tuple[str, bool]]:
    """Yield the fields of a value, each with whether it has to be given."""
    if issubclass(value, BaseModel):
        yield from ((name, info.is_required()) for name, info in value.model_fields.items())
    elif is_dataclass(value):
        for each in fields(value):
            if not each.name.startswith("_"):
                yield each.name, each.default is MISSING and each.default_factory is MISSING


def _calls(name: str) -> Iterator[str]:
    """Yield the public attributes of a class that hosts and plugins call."""
    owner = getattr(bonito_providers, name)
    yield from (each for each in vars(owner) if not each.startswith("_"))


def broken(promised: Promises, present: Promises) -> list[str]:
    """Return how `present` breaks what was promised; nothing if it only adds what is optional."""
    return [
        *_lost("the name", promised["names"], present["names"]),
        *_lost("the entry-point group", promised["groups"], present["groups"]),
        *_hooks(promised["hooks"], present["hooks"]),
        *_fields(promised["fields"], present["fields"]),
        *_each_lost("member", promised["members"], present["members"]),
        *_each_lost("base of the error", promised["errors"], present["errors"]),
        *_each_lost("attribute", promised["calls"], present["calls"]),
    ]


def _lost(what: str, promised: list[str], present: list[str]) -> Iterator[str]:
    yield from (f"{what} {name} is gone" for name in promised if name not in present)


def _each_lost(
    what: str, promised: Mapping[str, list[str]], present: Mapping[str, list[str]]
) -> Iterator[str]:
    for owner, names in promised.items():
        yield from _lost(f"the {what} {owner}", names, present.get(owner, []))


def _hooks(promised: Mapping[str, Any], present: Mapping[str, Any]) -> Iterator[str]:
    yield from _lost("the hook", list(promised), list(present))
    for name, rule in present.items():
        before = promised.get(name)
        if before is None:
            if rule["required"]:
                yield f"the new hook {name} is required"
            continue
        if rule["async"] != before["async"] or rule["required"] > before["required"]:
            yield f"the hook {name} is another kind of function, or required now"
        if not _still_fits(before["arguments"], rule):
            yield f"the hook {name} no longer takes ({', '.join(before['arguments'])})"


def _still_fits(arguments: list[str], rule: Mapping[str, Any]) -> bool:
    """Whether an implementation with these arguments is still one of the hook."""
    asked = [each for each in rule["arguments"] if each in arguments]
    return asked == arguments and set(rule["arguments"]) - set(asked) <= set(rule["omissible"])


def _fields(promised: Mapping[str, Any], present: Mapping[str, Any]) -> Iterator[str]:
    for owner, now in present.items():
        before = promised.get(owner)
        if before is None:
            continue
        yield from _lost(f"the field of {owner}", list(before), list(now))
        for name, required in now.items():
            if required and not before.get(name, False):
                yield f"the field {name} of {owner} is required now"


if __name__ == "__main__":
    print(json.dumps(promises(), indent=1))  # noqa: T201 - it is a program
