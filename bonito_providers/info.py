"""What a provider says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Self

from pydantic import Field, field_validator, model_validator

from bonito_providers.values import StrictValue

_SUFFIX = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)+")


class ProviderInfo(StrictValue):
    """A provider's name card: what it is, how it is chosen, where it may talk to.

    Attributes:
        name: The provider's own name; equals the name of its entry point.
        cloud: The cloud it belongs to. Providers of one cloud are alternatives.
        title: What a page calls it.
        summary: One sentence for the person who has to choose.
        selector: The one field and value that choose it among its cloud's providers, such as
            ``{"mode": "new"}``; empty where the cloud has a single provider.
        recommended: Chosen where new input leaves the selector field out.
        predates_selector: Chosen where a stored record, from before the selector field existed,
            leaves it out.
        host_suffixes: The hosts it may talk to: ``.example.com`` is any host below, without the
            leading dot it is that very host.
        environment: Environment variables that its SDKs, or LiteLLM on its routes, would read;
            a host removes them so that they never fill in for a connection.
        gateway_parameters: Parameters its gateway entries carry beyond those every entry may.
        links: Title to address: documentation, console, where to find the key.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")
    cloud: str = Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")
    title: str = Field(min_length=1, max_length=100)
    summary: str = Field(min_length=1, max_length=500)
    selector: Mapping[str, str] = Field(default_factory=dict, max_length=1)
    recommended: bool = False
    predates_selector: bool = False
    host_suffixes: tuple[str, ...]
    environment: tuple[str, ...] = ()
    gateway_parameters: tuple[str, ...] = ()
    links: Mapping[str, str] = Field(default_factory=dict)

    @field_validator("host_suffixes")
    @classmethod
    def _no_whole_registry(cls, suffixes: tuple[str, ...]) -> tuple[str, ...]:
        for suffix in suffixes:
            if not _SUFFIX.fullmatch(suffix):
                message = f"{suffix!r} is not a host (example.com) nor a suffix (.example.com)"
                raise ValueError(message)
        return suffixes

    @field_validator("links")
    @classmethod
    def _https_only(cls, links: Mapping[str, str]) -> Mapping[str, str]:
        for title, address in links.items():
            if not address.startswith("https://"):
                message = f"the link {title!r} must start with https://"
                raise ValueError(message)
        return links

    @model_validator(mode="after")
    def _default_needs_a_selector(self) -> Self:
        if (self.recommended or self.predates_selector) and not self.selector:
            message = "recommended and predates_selector mean something only with a selector"
            raise ValueError(message)
        return self
