"""Signing a service principal in at Entra, through the connection's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from bonito_azure_arm import errors
from bonito_azure_arm.access import LOGIN_HOST, ServicePrincipal
from bonito_providers.errors import ProviderError
from bonito_providers.redaction import redact_logs

_LOGGERS = (
    "azure.identity.aio._internal.get_token_mixin",
    "azure.identity._internal.decorators",
    "azure.core.pipeline.policies.http_logging_policy",
    "azure.core.pipeline.policies._universal",
    "azure.mgmt.cognitiveservices._utils.serialization",
)
"""Where the SDKs write what Entra and ARM answered, refused secrets among it."""

if TYPE_CHECKING:
    from azure.identity.aio import ClientSecretCredential

    from bonito_providers.connection import Connection


async def token(connection: Connection, principal: ServicePrincipal, scope: str) -> SecretStr:
    """Return a bearer token for one audience; the SDK keeps it until it nearly expires.

    Raises:
        CredentialsRejected: Entra refuses the service principal; the text says why.
        ProviderError: Entra cannot be reached, or answers otherwise.
    """
    signed_in = await credential(connection, principal)
    failure: ProviderError
    try:
        given = await signed_in.get_token(scope)
    except ProviderError:
        raise
    except Exception as error:  # noqa: BLE001 - the SDK raises whatever a strange body leads it to
        status = getattr(getattr(error, "response", None), "status_code", None)
        failure = errors.sign_in_error(str(error), status)
    else:
        secret = SecretStr(given.token)
        connection.redact.add(secret)
        return secret
    # Raised outside the handlers: the SDK's errors hold the request, and that holds the secret.
    raise failure


async def credential(connection: Connection, principal: ServicePrincipal) -> ClientSecretCredential:
    """Return the connection's credential in the SDK's form, made once; nothing is called."""

    async def make() -> _Kept:
        from azure.identity.aio import ClientSecretCredential

        from bonito_azure_arm.transport import SignInTransport

        redact_logs(*_LOGGERS)
        return _Kept(
            ClientSecretCredential(
                principal.tenant_id,
                principal.client_id,
                principal.client_secret.get_secret_value(),
                authority=f"https://{LOGIN_HOST}",
                disable_instance_discovery=True,
                transport=SignInTransport(connection.http, host=LOGIN_HOST),
                retry_total=0,
                permit_redirects=False,
            )
        )

    made: _Kept = await connection.once("azure_arm.credential", make)
    return made.credential


class _Kept:
    """The SDK's credential, kept where printing shows neither it nor the secret in it."""

    __slots__ = ("credential",)

    def __init__(self, credential: ClientSecretCredential) -> None:
        self.credential = credential
