"""Every prepared fault, and what the doctor must say of it first."""

from __future__ import annotations

from host.tests.doctor.connection_faults import CHECK, CONNECTION, NETWORK
from host.tests.doctor.installation_faults import INSTALLATION, STORE, SURROUNDINGS

FAULTS = [*INSTALLATION, *SURROUNDINGS, *STORE, *CONNECTION, *NETWORK, *CHECK]
"""All that take no LiteLLM; those that do are prepared in `test_routes`."""
