"""Ids of models and names of deployments, and what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bonito_gcp_vertex.rows import PublisherRow

_MODEL_ID = re.compile(
    r"(?P<publisher>[a-z0-9][a-z0-9-]{0,60})/(?P<model>[A-Za-z0-9][\w.-]{0,120})"
    r"(?:@(?P<version>[\w.-]{1,120}))?"
)
_ENDPOINT = re.compile(r"[a-z]([a-z0-9-]{0,53}[a-z0-9])?")
_DATED = re.compile(r"20\d{6}")
MODEL_PREFIX = "bonito-"
"""Uploaded models of this project's own begin so; endpoints' names leave room for it."""


@dataclass(frozen=True)
class ModelId:
    """A model as listings and requests name it."""

    publisher: str
    model: str
    version: str | None = None


def read_model_id(text: str) -> ModelId | None:
    """Take ``publisher/model@version`` apart; None where it is none."""
    match = _MODEL_ID.fullmatch(text)
    if match is None:
        return None
    version = match["version"] if match["version"] != "default" else None
    return ModelId(match["publisher"], match["model"], version)


def served_name(model: PublisherRow | ModelId) -> str:
    """Return the name under which a served model is called: its own, without a version.

    Only Anthropic's dated versions are models of their own (LiteLLM's price file names them so).
    """
    dated = model.publisher == "anthropic" and _DATED.fullmatch(model.version or "")
    return f"{model.publisher}/{model.model}" + (f"@{model.version}" if dated else "")


def is_served(name: str) -> bool:
    """Whether a deployment's name is a served model's; endpoints' names have no slash."""
    return "/" in name


def is_endpoint_name(text: str) -> bool:
    """Whether an endpoint may have that name, and its model the same with a prefix."""
    return _ENDPOINT.fullmatch(text) is not None


def endpoint_name(model: ModelId) -> str:
    """Return the name an endpoint gets unasked: its version's or model's, in letters allowed."""
    plain = re.sub(r"[^a-z0-9]+", "-", (model.version or model.model).lower()).strip("-")
    named = plain if plain[:1].isalpha() else f"model-{plain}"
    return named[:55].strip("-")
