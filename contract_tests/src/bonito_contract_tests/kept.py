"""What a plugin still holds when its connections are gone: looked for in its own modules."""

from __future__ import annotations

import gc
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from types import BuiltinFunctionType, FrameType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bonito_providers import Connection

_REHEARSAL = ("bonito_contract_tests", "bonito_emulators")
_DEEPEST = 8
_MOST = 200_000
"""Objects looked at; a plugin's own state is a few thousand."""


def secrets_kept(plugin: object, secrets: Iterable[str]) -> list[str]:
    """Return the places, in the plugin's modules or in itself, that hold one of these texts.

    Looks into containers, attributes, closures, defaults and caches, not into other modules.
    """
    wanted = tuple(secrets)
    seen: set[int] = {id(wanted)}
    return [
        place
        for place, value in _roots(plugin)
        if any(_shows(each, wanted) for each in _reachable(value, seen, 0))
    ]


def made_once(connection: Connection) -> dict[str, object]:
    """Return a dictionary that fills with what `connection.once` gives from now on, by its key."""
    made: dict[str, object] = {}
    once = connection.once

    async def noted(
        key: str,
        make: Callable[[], Awaitable[Any]],
        *,
        close: Callable[[Any], Awaitable[None]] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever the plugin makes
        made[key] = await once(key, make, close=close)
        return made[key]

    setattr(connection, "once", noted)  # noqa: B010 - a method is replaced
    return made


def _roots(plugin: object) -> Iterator[tuple[str, object]]:
    for name in sorted(_modules(plugin)):
        for attribute, value in list(vars(sys.modules[name]).items()):
            if not attribute.startswith("__") and not isinstance(value, ModuleType):
                yield f"{name}.{attribute}", value
    if not isinstance(plugin, ModuleType):
        for attribute, value in list(getattr(plugin, "__dict__", {}).items()):
            yield f"{type(plugin).__name__}.{attribute}", value


def _modules(plugin: object) -> set[str]:
    """Return the modules of the packages that the plugin's own code is in.

    What stands there for the suite holds made-up secrets on purpose: the harness, the emulator.
    """
    if isinstance(plugin, ModuleType):
        own = {plugin.__name__}
    else:
        own = {each.__module__ for each in type(plugin).__mro__ if each is not object}
    packages = {name.rpartition(".")[0] for name in own if "." in name}
    below = tuple(f"{package}." for package in packages)
    beside = {name for name in sys.modules if below and name.startswith(below)}
    rehearsing = {name for name in beside - own if _rehearses(sys.modules[name])}
    parts = {name.rpartition(".")[0] for name in rehearsing} - packages
    apart = tuple(f"{part}." for part in parts)
    return (own & sys.modules.keys()) | {
        name
        for name in beside - rehearsing - parts
        if sys.modules[name] is not None and not (apart and name.startswith(apart))
    }


def _rehearses(module: ModuleType | None) -> bool:
    """Tell whether a module uses the suite or the emulators, as a plugin's own code does not."""
    values = list(vars(module).values()) if module else []
    # A class counts by all it descends from: a harness may derive from another author's.
    homes = [each.__mro__ if isinstance(each, type) else (each,) for each in values]
    used = (getattr(each, "__module__", None) for home in homes for each in home)
    return any(str(each).startswith(_REHEARSAL) for each in used)


def _reachable(value: object, seen: set[int], depth: int) -> Iterator[object]:
    if id(value) in seen or depth > _DEEPEST or len(seen) > _MOST:
        return
    seen.add(id(value))
    yield value
    for each in _inside(value):
        yield from _reachable(each, seen, depth + 1)


def _inside(value: object) -> Iterable[Any]:
    if isinstance(value, ModuleType | FrameType | BuiltinFunctionType | str | bytes | int | float):
        return ()
    if isinstance(value, FunctionType):
        cells = value.__closure__ or ()
        return (
            *(each.cell_contents for each in cells if _filled(each)),
            value.__dict__,
            value.__defaults__,
            value.__kwdefaults__,
        )
    if isinstance(value, MethodType):
        return (value.__self__, value.__func__)
    if isinstance(value, type):
        return list(vars(value).values())
    return gc.get_referents(value)


def _filled(cell: Any) -> bool:  # noqa: ANN401 - a cell has no public type
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _shows(value: object, wanted: tuple[str, ...]) -> bool:
    if isinstance(value, bytes):
        return any(each.encode() in value for each in wanted)
    return isinstance(value, str) and any(each in value for each in wanted)
