"""Refusals of Entra, in the one body they all have.

Source of the codes: Microsoft's list of AADSTS errors; of the bodies: public issue reports, as
Azure/azure-sdk-for-python#8314 and wazuh/wazuh#27069.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from bonito_emulators.azure.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime


def _refusal(
    status: int, error: str, number: int, sentence: str, *, now: datetime, correlation: str | None
) -> Refusal:
    moment = f"{now:%Y-%m-%d %H:%M:%SZ}"
    trace, correlation = str(uuid.uuid4()), correlation or str(uuid.uuid4())
    description = (
        f"AADSTS{number}: {sentence} Trace ID: {trace} Correlation ID: {correlation}"
        f" Timestamp: {moment}"
    )
    body = {
        "error": error,
        "error_description": description,
        "error_codes": [number],
        "timestamp": moment,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
    }
    return Refusal(status, body)


class EntraErrors:
    """Makes the refusals of one request, which share its time and correlation id."""

    def __init__(self, *, now: datetime, correlation: str | None) -> None:
        self._now = now
        self._correlation = correlation

    def _make(self, status: int, error: str, number: int, sentence: str) -> Refusal:
        return _refusal(
            status, error, number, sentence, now=self._now, correlation=self._correlation
        )

    def tenant_not_found(self, tenant: str, *, discovery: bool = False) -> Refusal:
        """No such tenant; when configuration is asked for, the first word differs."""
        return self._make(
            400,
            "invalid_tenant" if discovery else "invalid_request",
            90002,
            f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and"
            " are signing into the correct cloud. Check with your subscription administrator, this"
            " may happen if there are no active subscriptions for the tenant.",
        )

    def application_not_found(self, client_id: str, tenant: str) -> Refusal:
        """The tenant does not know the application."""
        return self._make(
            400,
            "unauthorized_client",
            700016,
            f"Application with identifier '{client_id}' was not found in the directory '{tenant}'."
            " This can happen if the application has not been installed by the administrator of"
            " the tenant or consented to by any user in the tenant. You may have sent your"
            " authentication request to the wrong tenant.",
        )

    def wrong_secret(self, client_id: str) -> Refusal:
        """The secret is none of the application's."""
        return self._make(
            401,
            "invalid_client",
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the"
            " client secret value, not the client secret ID, for a secret added to app"
            f" '{client_id}'.",
        )

    def expired_secret(self, client_id: str) -> Refusal:
        """The secret was right once."""
        return self._make(
            401,
            "invalid_client",
            7000222,
            f"The provided client secret keys for app '{client_id}' are expired. Visit the Azure"
            " portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider"
            " using certificate credentials for added security:"
            " https://aka.ms/certCreds.",
        )

    def missing_parameter(self, name: str) -> Refusal:
        """The form lacks something."""
        return self._make(
            400,
            "invalid_request",
            900144,
            f"The request body must contain the following parameter: '{name}'.",
        )

    def missing_credential(self) -> Refusal:
        """Neither a secret nor an assertion. Source: MicrosoftDocs/azure-docs#30777."""
        return self._make(
            401,
            "invalid_client",
            7000216,
            "'client_assertion', 'client_secret' or 'request' is required for the"
            " 'client_credentials' grant type.",
        )

    def unsupported_grant(self, grant: str) -> Refusal:
        """A grant this emulator does not have."""
        return self._make(
            400,
            "unsupported_grant_type",
            70003,
            f"The app requested an unsupported grant type '{grant}'.",
        )

    def invalid_scope(self, scope: str) -> Refusal:
        """A scope without the suffix that client credentials need."""
        return self._make(
            400,
            "invalid_scope",
            1002012,
            f"The provided value for scope {scope} is not valid. Client credential flows must have"
            " a scope value with /.default suffixed to the resource identifier (application ID"
            " URI).",
        )

    def resource_not_found(self, resource: str, tenant: str) -> Refusal:
        """An audience that nobody in the tenant has."""
        return self._make(
            400,
            "invalid_resource",
            500011,
            f"The resource principal named {resource} was not found in the tenant named {tenant}."
            " This can happen if the application has not been installed by the administrator of"
            " the tenant or consented to by any user in the tenant. You might have sent your"
            " authentication request to the wrong tenant.",
        )
