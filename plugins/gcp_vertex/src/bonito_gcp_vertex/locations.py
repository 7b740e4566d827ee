"""Locations, and the hosts that serve them."""

from __future__ import annotations

import re

GLOBAL = "global"
MULTI_REGIONS = ("eu", "us")
CATALOGUE = "us-central1"
"""Where Google's own SDK reads the catalogue, which is the same everywhere (aiplatform 2.7.0,
`vertexai/model_garden`)."""
_REGION = re.compile(r"[a-z]{2,20}-[a-z]{2,20}[0-9]{1,2}")


def is_region(text: str) -> bool:
    """Whether a text is a single region: endpoints stand in nothing else."""
    return _REGION.fullmatch(text) is not None


def is_location(text: str) -> bool:
    """Whether a text is anything that models are served in."""
    return text in (GLOBAL, *MULTI_REGIONS) or is_region(text)


def host_of(location: str) -> str:
    """Return the host of Vertex AI that serves a location."""
    if location == GLOBAL:
        return "aiplatform.googleapis.com"
    if location in MULTI_REGIONS:
        return f"aiplatform.{location}.rep.googleapis.com"
    return f"{location}-aiplatform.googleapis.com"
