"""Everything that was worked out by hand about what is told, from Google's documentation."""

from __future__ import annotations

from bonito_gcp_vertex.conformance.adopting import ADOPTING
from bonito_gcp_vertex.conformance.building import BUILDING
from bonito_gcp_vertex.conformance.calling import CALLING
from bonito_gcp_vertex.conformance.catalogues import CATALOGUES
from bonito_gcp_vertex.conformance.enabling import ENABLING
from bonito_gcp_vertex.conformance.places import PLACES
from bonito_gcp_vertex.conformance.removing import REMOVING
from bonito_gcp_vertex.conformance.routing import ROUTING
from bonito_gcp_vertex.conformance.served import SERVED_MODELS
from bonito_gcp_vertex.conformance.served_plans import PLANS_FOR_SERVED
from bonito_gcp_vertex.conformance.slow_removals import SLOW_REMOVALS
from bonito_gcp_vertex.conformance.standing import STANDING
from bonito_gcp_vertex.conformance.weights_plans import PLANS_FOR_WEIGHTS
from bonito_gcp_vertex.conformance.writing import WRITING

SITUATIONS = (
    PLANS_FOR_SERVED,
    *PLANS_FOR_WEIGHTS,
    *SERVED_MODELS,
    *ADOPTING,
    *ENABLING,
    WRITING,
    *BUILDING,
    REMOVING,
    *SLOW_REMOVALS,
    *CATALOGUES,
    STANDING,
    *CALLING,
    *ROUTING,
    *PLACES,
)
