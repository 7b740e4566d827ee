"""Where Bedrock is, and the hosts that answer for it there."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Literal

Service = Literal["bedrock", "bedrock-runtime", "sts"]
SERVICES: tuple[Service, ...] = ("bedrock", "bedrock-runtime", "sts")


def regions() -> tuple[str, ...]:
    """Return the regions of the data file; asking botocore would mean to load it."""
    content = files(__package__).joinpath("regions.json").read_bytes()
    return tuple(json.loads(content)["regions"])


def host(service: Service, region: str) -> str:
    """Return the one host of a service in a region."""
    return f"{service}.{region}.amazonaws.com"


def hosts() -> tuple[str, ...]:
    """Return every host by its full name.

    A suffix would not do: below ``amazonaws.com`` anybody may have a bucket or a machine.
    """
    return tuple(host(service, region) for region in regions() for service in SERVICES)
