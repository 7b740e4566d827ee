"""What stands at Aviary: accounts, their deployments, and what was billed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

MANAGE, LOGIN = "manage.aviary.example", "login.aviary.example"
API_VERSION = "2026-01-01"
OWNED: Mapping[str, str] = {"managed-by": "bonito"}


@dataclass(frozen=True)
class Charge:
    """Something that somebody pays for, or stopped paying for."""

    what: str
    account: str
    name: str
    sku: str


@dataclass
class Deployment:
    """A model that stands under a name.

    Attributes:
        looks: How often it will still be found unfinished.
        failure: The code with which its building will end, where it fails.
    """

    name: str
    model: str
    version: str
    kind: str
    sku: str
    capacity: int
    tags: Mapping[str, str]
    state: str = "building"
    looks: int = 0
    failure: str | None = None
    number: int = 0

    @property
    def ticket(self) -> str:
        """What allows to ask for the operation; a secret."""
        text = f"{self.name}/{self.number}"
        return hashlib.sha256(text.encode()).hexdigest()

    def finish(self) -> None:
        """End the building; one that is being removed ends by being taken away."""
        if self.state == "building":
            self.state = "failed" if self.failure else "ready"


@dataclass
class Account:
    """One customer of Aviary, with what stands there.

    Attributes:
        quota: Limits by quota key.
        used_elsewhere: What others use of them.
    """

    name: str
    id: str
    keys: tuple[str, ...]
    client_id: str
    client_secret: str
    quota: dict[str, int] = field(default_factory=lambda: dict(_read("quota.json")))
    used_elsewhere: dict[str, int] = field(default_factory=dict)
    deployments: dict[str, Deployment] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Where it is called."""
        return f"{self.name}.aviary.example"

    def looked_at(self, name: str) -> Deployment | None:
        """Return a deployment as this look finds it; looks are how time passes."""
        found = self.deployments.get(name)
        if found is None or found.state not in ("building", "removing"):
            return found
        if found.looks > 0:
            found.looks -= 1
        elif found.state == "removing":
            del self.deployments[name]
            return None
        else:
            found.finish()
        return found

    def all_looked_at(self) -> list[Deployment]:
        """Return every deployment by name, as one look at all of them finds it."""
        seen = [self.looked_at(name) for name in sorted(self.deployments)]
        return [each for each in seen if each is not None]

    def used(self, key: str, catalogue: Sequence[Mapping[str, Any]]) -> int:
        """Return how much of a quota is in use."""
        held = [
            each.capacity
            for each in self.deployments.values()
            if (sku_of(catalogue, each.model, each.sku) or {}).get("quota_key") == key
        ]
        return sum(held) + self.used_elsewhere.get(key, 0)


def default_accounts() -> list[Account]:
    """Return two accounts that know nothing of each other."""
    return [
        Account(
            name=name,
            id=f"acc-{number}",
            keys=(f"avk-{name}-first-0123456789abcdef", f"avk-{name}-second-fedcba987654321"),
            client_id=f"client-{name}",
            client_secret=f"avs-{name}+secret/0123456789abcdef==",
        )
        for number, name in ((1001, "acme"), (1002, "birdsong"))
    ]


def default_catalogue() -> list[dict[str, Any]]:
    """Return the catalogue, with its traps; rows may be changed by whoever asked."""
    rows: list[dict[str, Any]] = _read("catalogue.json")
    return rows


def model_of(catalogue: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """Return a row of the catalogue."""
    return next((row for row in catalogue if row.get("name") == name), None)


def sku_of(
    catalogue: Sequence[Mapping[str, Any]], model: str, sku: str
) -> Mapping[str, Any] | None:
    """Return how a model is offered, where the catalogue tells."""
    row = model_of(catalogue, model) or {}
    return next((each for each in row.get("skus") or () if each["name"] == sku), None)


def _read(name: str) -> Any:
    return json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
