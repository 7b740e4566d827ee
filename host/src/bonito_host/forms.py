"""Reading a credential schema as a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_secret(field: Mapping[str, Any]) -> bool:
    """Tell whether a field of a JSON Schema holds a secret, in any of its forms."""
    return any(each.get("writeOnly", False) for each in (field, *field.get("anyOf", ())))
