"""The honest providers that broken ones are made of: a stranger's, and three that are shipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bonito_aviary.conformance import AviaryHarness
from bonito_aws_bedrock.conformance import BedrockHarness
from bonito_azure_foundry.conformance import FoundryHarness
from bonito_contract_tests import Harness
from bonito_gcp_vertex.conformance import VertexHarness


@dataclass(frozen=True)
class Base:
    """An honest provider.

    Attributes:
        name: What its name card says.
        harness: Makes its harness, which brings the plugin and a cloud for it.
    """

    name: str
    harness: Callable[[], Harness[Any]]


AVIARY = Base("aviary", AviaryHarness)
BEDROCK = Base("aws_bedrock", BedrockHarness)
VERTEX = Base("gcp_vertex", VertexHarness)
FOUNDRY = Base("azure_foundry", FoundryHarness)
BASES = (AVIARY, BEDROCK, VERTEX, FOUNDRY)
