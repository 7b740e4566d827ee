"""What `bonito demo` and `bonito emulate` do with the emulator."""

from __future__ import annotations

from bonito_emulators.faults import Fault, Respond
from bonito_emulators.scenario import DemoConnection, Scenario
from bonito_openai_compatible.conformance.emulator import KEY, WRONG_KEY, CompatibleCloud

_ADDRESS = "https://api.openai.com"
_LIMITED = {
    "error": {
        "message": "Rate limit reached for requests.",
        "type": "requests",
        "param": None,
        "code": "rate_limit_exceeded",
    }
}

scenario = Scenario(
    name="openai_compatible",
    title="An account with OpenAI, by its API key",
    connections=(
        DemoConnection(
            cloud="openai_compatible",
            choice={},
            fields={"base_url": f"{_ADDRESS}/v1/", "api_key": KEY},
            wrong_fields={"base_url": f"{_ADDRESS}/v1/", "api_key": WRONG_KEY},
            adopt="gpt-4o-mini",
            prompt="Say hello.",
            throttling=(
                Fault(
                    action=Respond(429, {"retry-after": "20"}, _LIMITED),
                    host="api.openai.com",
                    method="POST",
                    times=None,
                ),
            ),
        ),
    ),
    build=CompatibleCloud,
)
