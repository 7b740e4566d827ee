"""What a subscription may use in a region, and the rows in which ARM tells it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(kw_only=True)
class QuotaRow:
    """One row of the usages; `limit` and `elsewhere` may be changed at any time.

    Attributes:
        elsewhere: what resources outside this emulation use.
    """

    name: str
    limit: int
    elsewhere: int = 0
    localized: str | None = None

    @property
    def title(self) -> str:
        """The name that error messages use."""
        return self.localized or self.name

    def wire(self, *, used: int) -> dict[str, Any]:
        """Gives the row as ARM does; the localised name may be absent."""
        name = {"value": self.name}
        if self.localized is not None:
            name["localizedValue"] = self.localized
        current = self.elsewhere + used
        return {"name": name, "currentValue": current, "limit": self.limit, "unit": "Count"}


def bundled_quota() -> dict[str, QuotaRow]:
    """Reads fresh rows from the data file that comes with the package."""
    file = json.loads(resources.files(__package__).joinpath("quota.json").read_text("utf-8"))
    return {
        name: QuotaRow(name=name, limit=limit, elsewhere=elsewhere, localized=localized)
        for source in file["sources"]
        for name, limit, elsewhere, localized in file[source]
    }


def recorded_quota(path: Path) -> dict[str, QuotaRow]:
    """Reads the rows of a recorded answer of `locations/{location}/usages`."""
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["value"]
    return {
        row["name"]["value"]: QuotaRow(
            name=row["name"]["value"],
            limit=int(row["limit"]),
            elsewhere=int(row["currentValue"]),
            localized=row["name"].get("localizedValue"),
        )
        for row in rows
    }
