"""Azure's published types of ARM resources (Azure/bicep-types-az), as a judge of answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUIRED, WRITE_ONLY = 1, 4


class Types:
    """Azure's published types of resources, as a judge of answers."""

    def __init__(self, file: Path) -> None:
        self._all: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))

    def resource(self, name: str) -> dict[str, Any]:
        """The body of a resource."""
        wanted = f"{name}@2025-09-01"
        found = next(each for each in self._all if each.get("name") == wanted)
        return self._follow(found["body"])

    def named(self, name: str) -> dict[str, Any]:
        """A type of an object by its name."""
        return next(
            each for each in self._all if (each["$type"], each.get("name")) == ("ObjectType", name)
        )

    def faults(self, kind: dict[str, Any], value: object, where: str = "") -> Iterator[str]:
        """Everything about a value that the type does not allow."""
        match kind["$type"]:
            case "ObjectType":
                yield from self._object_faults(kind, value, where)
            case "ArrayType":
                if not isinstance(value, list):
                    yield f"{where}: {value!r} is no list"
                    return
                for index, item in enumerate(value):
                    yield from self.faults(
                        self._follow(kind["itemType"]), item, f"{where}[{index}]"
                    )
            case "UnionType":
                kinds = [self._follow(each) for each in kind["elements"]]
                if all(any(self.faults(each, value)) for each in kinds):
                    yield f"{where}: {value!r} is none of the alternatives"
            case simple:
                if not self._simple(simple, kind, value):
                    yield f"{where}: {value!r} is no {simple}"

    def _object_faults(self, kind: dict[str, Any], value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is no object"
            return
        known, further = kind["properties"], kind.get("additionalProperties")
        for name, given in value.items():
            if name not in known:
                if further is None:
                    yield f"{where}.{name} is unknown"
                else:
                    yield from self.faults(self._follow(further), given, f"{where}.{name}")
            elif known[name]["flags"] & WRITE_ONLY:
                yield f"{where}.{name} is never sent"
            else:
                yield from self.faults(self._follow(known[name]["type"]), given, f"{where}.{name}")
        for name, field in known.items():
            if field["flags"] & REQUIRED and name not in value:
                yield f"{where}.{name} is missing"

    @staticmethod
    def _simple(name: str, kind: dict[str, Any], value: object) -> bool:
        match name:
            case "StringType":
                return isinstance(value, str) and (
                    kind.get("minLength", 0) <= len(value) <= kind.get("maxLength", 10**6)
                    and re.search(kind.get("pattern", ""), value) is not None
                )
            case "StringLiteralType":
                return bool(value == kind["value"])
            case "IntegerType":
                return isinstance(value, int) and not isinstance(value, bool)
            case "BooleanType":
                return isinstance(value, bool)
            case "AnyType":
                return True
        raise AssertionError(name)

    def _follow(self, reference: dict[str, str]) -> dict[str, Any]:
        return self._all[int(reference["$ref"].removeprefix("#/"))]
