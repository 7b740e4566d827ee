"""Everything that was worked out by hand about what is told, from the services' documentation."""

from __future__ import annotations

from bonito_openai_compatible.conformance.calls import CALLS
from bonito_openai_compatible.conformance.listings import LISTINGS
from bonito_openai_compatible.conformance.routing import ROUTING

SITUATIONS = (*LISTINGS, *CALLS, *ROUTING)
