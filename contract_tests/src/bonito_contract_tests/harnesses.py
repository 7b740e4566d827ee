"""Finding a provider's harness: by entry point, or by the name of its class."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from bonito_contract_tests.harness import Harness
from bonito_providers.crashes import described
from bonito_providers.hookspecs import PROJECT

GROUP = "bonito_conformance"
"""The entry-point group: a provider's name to its harness, ``bonito_acme.conformance:Acme``."""

_CLASS = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")


class NoHarness(Exception):
    """No harness of that name can be had; the text says which there are, or how to get one."""


def find_harness(name: str) -> Harness[Any]:
    """Return the harness of an installed provider, or the one named as ``module:Harness``.

    Raises:
        NoHarness: There is none, or it does not load.
    """
    if ":" in name:
        if not _CLASS.fullmatch(name):
            raise NoHarness(f"{name!r} names no harness: write module:Harness, both by their names")
        # As for `python -m`: what an author works at need not be installed.
        sys.path.insert(0, str(Path.cwd()))
        return _made(EntryPoint(name=name, value=name, group=GROUP))
    points = _unique(entry_points(group=GROUP, name=name))
    if not points:
        raise NoHarness(_nobody(name))
    if len(points) > 1:
        owners = ", ".join(sorted(_owner(point) for point in points))
        raise NoHarness(f"{name} has several harnesses, by {owners}; uninstall all but one")
    return _made(points[0])


def _made(point: EntryPoint) -> Harness[Any]:
    found = _loaded(point)
    if isinstance(found, type) and issubclass(found, Harness):
        try:
            found = found()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - an author's code may raise anything
            raise NoHarness(f"{point.value} cannot be made: {described(error)}") from None
    if not isinstance(found, Harness):
        raise NoHarness(f"{point.value} is no Harness but {type(found).__name__}")
    return found


def _loaded(point: EntryPoint) -> object:
    try:
        loaded: object = getattr(import_module(point.module), point.attr)
    except ModuleNotFoundError as error:
        mend = f'; try: pip install "{_owner(point)}[conformance]"' if point.dist else ""
        raise NoHarness(f"{point.value} needs {error.name}, which is not installed{mend}") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
        raise NoHarness(f"{point.value} does not load: {described(error)}") from None
    return loaded


def _nobody(name: str) -> str:
    installed = [_owner(point) for point in entry_points(group=PROJECT, name=name)]
    if installed:
        return (
            f"{installed[0]} brings the provider {name} but no harness for it. Its author names "
            f"one as an entry point of the group {GROUP}; or give yours as module:Harness."
        )
    known = sorted({f"{point.name} ({_owner(point)})" for point in entry_points(group=GROUP)})
    there = f"Harnesses are installed for: {', '.join(known)}." if known else "None is installed."
    return (
        f"No provider {name} is installed. {there} "
        'Others come by: pip install "<package>[conformance]"'
    )


def _unique(points: Any) -> list[EntryPoint]:  # noqa: ANN401 - an EntryPoints, or what a test has
    # An editable installation can list the same entry point twice.
    return list({(_owner(point), point.value): point for point in points}.values())


def _owner(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unknown package"
