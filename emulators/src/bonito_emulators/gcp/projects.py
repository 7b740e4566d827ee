"""A project: what is enabled and agreed to, what stands in it, and what it pays for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bonito_emulators.gcp.refusals import Failure

OWN_MARK = "managed by bonito"


@dataclass(frozen=True)
class Charge:
    """Something that somebody pays for, or stopped paying for."""

    what: str
    name: str
    model: str


@dataclass(kw_only=True)
class Endpoint:
    """A model that a customer serves himself.

    Attributes:
        publisher_model: Publisher, model and version as Model Garden writes them.
        machine: What it runs on, as the API writes it.
        display_name: What its maker called it; the one mark that a deployment can leave.
        model_id: The id of the uploaded model.
        looks: How often it will still be found unfinished.
        failure: How its deployment will end, where it fails.
        state: ``deploying``, ``deployed``, ``failed``, ``undeployed``.
    """

    id: str
    location: str
    publisher_model: str
    machine: dict[str, Any]
    display_name: str
    model_id: str
    operation: str = ""
    looks: int = 0
    failure: Failure | None = None
    state: str = "deploying"

    @property
    def model_name(self) -> str:
        """The model's name, without publisher and version."""
        return self.publisher_model.rpartition("/")[2].partition("@")[0]

    def look(self) -> None:
        """Lets time pass: an unfinished deployment comes nearer to its end."""
        if self.state != "deploying":
            return
        if self.looks > 0:
            self.looks -= 1
        else:
            self.finish()

    def finish(self) -> None:
        """Ends the deployment, well or badly."""
        if self.state == "deploying":
            self.state = "failed" if self.failure else "deployed"


@dataclass(kw_only=True)
class Removal:
    """A long operation that takes something away.

    Attributes:
        name: As answers write it.
        response: The type of its result.
        apply: Takes it away; called once.
        looks: How often it will still be found under way.
    """

    name: str
    response: str
    apply: Callable[[], object]
    looks: int = 0
    done: bool = False

    def look(self) -> None:
        """Lets time pass."""
        if self.looks > 0:
            self.looks -= 1
        else:
            self.finish()

    def finish(self) -> None:
        """Takes it away, if that has not happened yet."""
        if not self.done:
            self.done = True
            self.apply()

    @property
    def content(self) -> dict[str, Any]:
        """The operation as it stands."""
        told: dict[str, Any] = {"name": self.name}
        return {**told, "done": True, "response": {"@type": self.response}} if self.done else told


@dataclass(kw_only=True)
class Project:
    """One project of a customer.

    Attributes:
        api_enabled: Whether the Vertex AI API may be called.
        billed: Whether a billing account pays for it.
        enabling_looks: How many looks find the API still disabled after it was enabled.
        spreading_looks: How many calls still find it disabled after Service Usage says otherwise.
        enabled_partners: Publishers whose models somebody has enabled in Model Garden.
        shares_data_with: Publishers that may see what is asked.
        licences: Models whose licence was accepted.
        endpoints: By location and id.
        uploaded: Models by location and id, with the publisher's model behind each.
        removals: Long operations that take something away, by number.
        bill: What was made, deleted and called, in order.
    """

    id: str
    number: str = "123456789012"
    api_enabled: bool = True
    billed: bool = True
    enabling_looks: int = 0
    spreading_looks: int = 0
    enabling_asked: bool = False
    enabled_partners: set[str] = field(default_factory=set)
    shares_data_with: set[str] = field(default_factory=set)
    licences: set[str] = field(default_factory=set)
    endpoints: dict[tuple[str, str], Endpoint] = field(default_factory=dict)
    uploaded: dict[tuple[str, str], str] = field(default_factory=dict)
    removals: dict[str, Removal] = field(default_factory=dict)
    bill: list[Charge] = field(default_factory=list)

    def begin_enabling(self) -> None:
        """Begins to enable the API; asking again changes nothing."""
        self.enabling_asked = True

    def looked_enabled(self) -> bool:
        """Tells whether the API is enabled, as this look finds it."""
        if self.enabling_asked and not self.api_enabled:
            self.enabling_looks -= 1
            self.api_enabled = self.enabling_looks < 0
        return self.api_enabled

    def called_enabled(self) -> bool:
        """Tells whether the API is enabled, as this call to it finds it."""
        if not self.looked_enabled():
            return False
        if self.enabling_asked and self.spreading_looks > 0:
            self.spreading_looks -= 1
            return False
        return True

    def parent(self, location: str) -> str:
        """Gives the name of a location of this project, as answers write it."""
        return f"projects/{self.number}/locations/{location}"

    def charge(self, what: str, name: str, model: str) -> None:
        """Writes down what is paid for."""
        self.bill.append(Charge(what, name, model))
