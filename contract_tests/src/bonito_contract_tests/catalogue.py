"""All checks of the suite, in the order people read them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from bonito_contract_tests import checks
from bonito_contract_tests.check import Check, Family

ORDER = (
    "META",
    "HOOK",
    "SCHEMA",
    "CRED",
    "CAP",
    "LIST",
    "PLAN",
    "LIFE",
    "ADOPT",
    "GATE",
    "CALL",
    "ERR",
    "TOLD",
    "ISO",
    "LOOP",
    "SEC",
    "OUT",
    "DOC",
)
"""The families, as the documentation shows them."""


@cache
def families() -> tuple[Family, ...]:
    """Return every family; each module of `checks` brings its own."""
    modules = [
        import_module(f"{checks.__name__}.{each.name}") for each in iter_modules(checks.__path__)
    ]
    found = [
        each for module in modules for each in vars(module).values() if isinstance(each, Family)
    ]
    own = {each.name: each for each in found}
    return tuple(own[name] for name in ORDER if name in own)


@cache
def all_checks() -> tuple[Check, ...]:
    """Return every check, family by family."""
    return tuple(
        check for family in families() for check in sorted(family.checks, key=lambda each: each.id)
    )
