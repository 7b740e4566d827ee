"""Every secret a harness knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bonito_contract_tests.plugins import provider_of
from bonito_providers import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bonito_contract_tests.harness import Harness


def secrets_of(harness: Harness[Any]) -> Iterator[SecretStr]:
    """Yield the secrets of all accesses, good and wrong.

    A plugin too broken to tell its secrets has every text of its credentials for one.
    """
    for access in harness.accesses:
        try:
            yield from provider_of(harness).read_credentials(access.fields).secrets()
        except (Exception, SystemExit):  # noqa: BLE001 - a plugin may raise anything
            yield from map(SecretStr, _texts(access.fields))
        yield from map(SecretStr, access.wrong.values())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)


def redactor_of(harness: Harness[Any]) -> Redactor:
    """Return what hides every secret of a harness in a text."""
    return Redactor(secrets_of(harness))
