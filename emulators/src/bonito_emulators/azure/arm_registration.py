"""Whether a subscription uses the provider at all.

azure-mgmt registers it by itself when a call is refused for want of it (measured with azure-core
1.41.0 and azure-mgmt-core 1.6.0): a change of the customer's subscription that nobody asked for.
The request log shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from bonito_emulators.azure.arm_call import ArmCall

API_VERSIONS = ("2016-02-01", "2021-04-01")
_NAMESPACE = "Microsoft.CognitiveServices"


def get(call: ArmCall) -> Response:
    """Serves `GET providers/Microsoft.CognitiveServices`."""
    return _reply(call, "Registered" if call.subscription.registered else "NotRegistered")


def register(call: ArmCall) -> Response:
    """Serves `POST providers/Microsoft.CognitiveServices/register`; the next look finds it done."""
    call.subscription.registered = True
    return _reply(call, "Registering")


def _reply(call: ArmCall, state: str) -> Response:
    return JSONResponse(
        {
            "id": f"/subscriptions/{call.subscription.id}/providers/{_NAMESPACE}",
            "namespace": _NAMESPACE,
            "registrationState": state,
            "registrationPolicy": "RegistrationRequired",
            "resourceTypes": [],
        }
    )
