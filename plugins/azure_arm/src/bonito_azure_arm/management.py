"""The management calls, by the SDK over the connection's own client, answered as plain JSON.

The SDK's models drop fields the service sends or needs (`costs`, `modelProviderData`), so its
answers are read as they arrived and its bodies are given as bytes. Its own retries, redirects
and polling are off: the connection's client is the only retry layer, and waiting is the core's.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any, cast

from pydantic import SecretStr

from bonito_azure_arm import entra, errors
from bonito_azure_arm.access import ARM_HOST, ARM_SCOPE, ManagementAccess
from bonito_azure_arm.addresses import require_own
from bonito_azure_arm.documents import read_json
from bonito_azure_arm.logs import hide_signed_addresses
from bonito_providers.errors import MalformedAnswer, ProviderError

if TYPE_CHECKING:
    from azure.core.rest import AsyncHttpResponse
    from azure.mgmt.cognitiveservices.aio import CognitiveServicesManagementClient

    from bonito_providers.connection import Connection

_UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the SDK's models raise over a body that is not what they expect."""

PROVIDER_DATA_VERSION = "2025-10-01-preview"
"""The api-version that takes `modelProviderData`; no released one has it, nor the SDK's own
(azure-rest-api-specs issue 43610)."""
PAGES = 50
"""Pages of a listing. One page of the regional catalogue holds everything there is."""


@dataclass(frozen=True)
class Answered:
    """What a call gave.

    Attributes:
        body: The JSON object; empty where the answer had none.
        operation: Where a long operation can be followed. Signed, so it is a secret.
    """

    body: Mapping[str, Any]
    operation: SecretStr | None = None


class Management:
    """ARM for one connection: one credential, one client, both opened at first use."""

    def __init__(self, connection: Connection, access: ManagementAccess) -> None:
        self._connection = connection
        self.access = access
        # Where each deployment's running operation is followed. Only a hint: after a restart the
        # deployment itself still tells its state, though not why it failed.
        self.operations: dict[str, SecretStr] = {}

    @classmethod
    async def of(cls, connection: Connection, access: ManagementAccess) -> Management:
        """Return the connection's own management, made once."""

        async def make() -> Management:
            return cls(connection, access)

        made: Management = await connection.once("azure_arm.management", make)
        return made

    async def token(self, scope: str) -> SecretStr:
        """Return a bearer token for one audience.

        Raises:
            CredentialsRejected: Entra refuses the service principal; the text says why.
        """
        return await entra.token(self._connection, self.access, scope)

    async def accounts(self) -> list[Mapping[str, Any]]:
        """List the accounts of the resource group."""
        client = await self._client()
        return await self._listed(
            lambda hook: client.accounts.list_by_resource_group(
                self.access.resource_group, raw_response_hook=hook
            )
        )

    async def account(self, name: str) -> Mapping[str, Any]:
        """Return one account."""
        client = await self._client()
        found = await self._one(
            lambda hook: client.accounts.get(
                self.access.resource_group, name, raw_response_hook=hook
            )
        )
        return _described(found.body, "account")

    async def models(self, location: str) -> list[Mapping[str, Any]]:
        """List the catalogue of a region."""
        client = await self._client()
        return await self._listed(lambda hook: client.models.list(location, raw_response_hook=hook))

    async def usages(self, location: str) -> list[Mapping[str, Any]]:
        """List the subscription's quota rows in a region."""
        client = await self._client()
        return await self._listed(lambda hook: client.usages.list(location, raw_response_hook=hook))

    async def deployments(self, account: str) -> list[Mapping[str, Any]]:
        """List an account's deployments."""
        client = await self._client()
        return await self._listed(
            lambda hook: client.deployments.list(
                self.access.resource_group, account, raw_response_hook=hook
            )
        )

    async def deployment(self, account: str, name: str) -> Mapping[str, Any] | None:
        """Return one deployment, or None if there is none of that name."""
        client = await self._client()
        try:
            found = await self._one(
                lambda hook: client.deployments.get(
                    self.access.resource_group, account, name, raw_response_hook=hook
                )
            )
        except errors.ResourceMissing as error:
            if error.code is None:  # not in Azure's words: something else answered in its place
                raise
            return None
        return _described(found.body, "deployment")

    async def put_deployment(self, account: str, name: str, body: Mapping[str, Any]) -> Answered:
        """Create or change a deployment; returns at once, whatever goes on in the cloud.

        Raises:
            Busy: Another write on the account is going on.
        """
        client = await self._client()
        beyond = "modelProviderData" in body.get("properties", {})
        version = {"api_version": PROVIDER_DATA_VERSION} if beyond else {}
        return await self._one(
            lambda hook: client.deployments.begin_create_or_update(
                self.access.resource_group,
                account,
                name,
                cast("IO[bytes]", json.dumps(body).encode()),  # it takes bytes as they are
                polling=False,
                raw_response_hook=hook,
                **version,
            )
        )

    async def delete_deployment(self, account: str, name: str) -> None:
        """Delete a deployment; what is gone already is no error."""
        client = await self._client()
        await self._one(
            lambda hook: client.deployments.begin_delete(
                self.access.resource_group, account, name, polling=False, raw_response_hook=hook
            )
        )

    async def operation(self, address: SecretStr) -> Mapping[str, Any]:
        """Return how a long operation stands.

        Raises:
            HostRefused: The address is not the management host's; the token was not sent there.
        """
        url = address.get_secret_value()
        require_own(url, ARM_HOST)
        token = await self.token(ARM_SCOPE)
        answer = await self._connection.http.get(
            url, headers={"authorization": f"Bearer {token.get_secret_value()}"}
        )
        return self._read(answer.status_code, answer.content, answer.headers)

    async def _listed(
        self, call: Callable[[Callable[[Any], None]], Any]
    ) -> list[Mapping[str, Any]]:
        seen: list[AsyncHttpResponse] = []
        pages: AsyncIterator[Any] = call(lambda each: seen.append(each.http_response)).by_page()
        rows: list[Mapping[str, Any]] = []
        await self._mapped(lambda: _exhausted(pages, rows), seen)
        return rows

    async def _one(self, call: Callable[[Callable[[Any], None]], Awaitable[Any]]) -> Answered:
        seen: list[AsyncHttpResponse] = []
        await self._mapped(lambda: call(lambda each: seen.append(each.http_response)), seen)
        answer = seen[-1]
        body = self._read(answer.status_code, answer.content, answer.headers)
        operation = answer.headers.get("azure-asyncoperation") or answer.headers.get("location")
        secret = SecretStr(operation) if operation else None
        if secret is not None:
            self._connection.redact.add(secret)
        return Answered(body, secret)

    def _read(self, status: int, content: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        if status >= 300:  # noqa: PLR2004 - anything but success
            raise self._refused(status, content, headers)
        if not content:
            return {}
        try:
            body = read_json(content)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise MalformedAnswer("Azure's management answered something that is not JSON.")
        return body

    async def _mapped(
        self, call: Callable[[], Awaitable[Any]], seen: Sequence[AsyncHttpResponse]
    ) -> None:
        """Run a call of the SDK and turn what it raises into errors of the core.

        Args:
            call: The call.
            seen: The answers that came in, the last of which the SDK may have failed over.
        """
        from azure.core.exceptions import AzureError

        # The SDK signs in by itself and keeps the token; asking first tells a refused sign-in from
        # a refused call, and makes the token known to the redactor.
        await self.token(ARM_SCOPE)
        failure: ProviderError
        try:
            await call()
        except (AzureError, *_UNREADABLE) as error:
            failure = self._failure(error, seen)
        else:
            return
        raise failure

    def _failure(self, error: Exception, seen: Sequence[AsyncHttpResponse]) -> ProviderError:
        """Return what an answer means that the SDK failed over: a refusal is one all the same."""
        if seen and seen[-1].status_code >= 300:  # noqa: PLR2004 - anything but success
            return self._refused(seen[-1].status_code, seen[-1].content, seen[-1].headers)
        return MalformedAnswer(f"The Azure SDK could not read an answer ({type(error).__name__}).")

    def _refused(self, status: int, content: bytes, headers: Mapping[str, str]) -> ProviderError:
        refusal = errors.refusal_of(status, content)
        return errors.error_of(refusal, headers, now=self._connection.clock.now())

    async def _client(self) -> CognitiveServicesManagementClient:
        async def make() -> CognitiveServicesManagementClient:
            from azure.core import AzureClouds
            from azure.core.pipeline import policies
            from azure.mgmt.cognitiveservices.aio import CognitiveServicesManagementClient
            from azure.mgmt.core.policies import AsyncARMChallengeAuthenticationPolicy

            from bonito_azure_arm.transport import ConnectionTransport

            hide_signed_addresses()
            credential = await entra.credential(self._connection, self.access)
            client = CognitiveServicesManagementClient(
                credential,
                self.access.subscription_id,
                base_url=f"https://{ARM_HOST}",
                # Else it is read from the environment, which may name any cloud or none.
                cloud_setting=AzureClouds.AZURE_PUBLIC_CLOUD,
                transport=ConnectionTransport(self._connection.http, host=ARM_HOST),
                policies=[
                    policies.RequestIdPolicy(),
                    policies.HeadersPolicy(),
                    policies.UserAgentPolicy(sdk_moniker="bonito-providers"),
                    policies.ContentDecodePolicy(),
                    AsyncARMChallengeAuthenticationPolicy(credential, ARM_SCOPE),
                    policies.CustomHookPolicy(),
                ],
            )
            for group in (client.accounts, client.deployments, client.models, client.usages):
                group._deserialize = Unread()  # type: ignore[assignment]  # noqa: SLF001 - no switch
            return client

        made: CognitiveServicesManagementClient = await self._connection.once(
            "azure_arm.client", make
        )
        return made


def _described(body: Mapping[str, Any], what: str) -> Mapping[str, Any]:
    """Return a resource; one without properties is none, and nothing may be concluded from it."""
    if not isinstance(body.get("properties"), dict):
        raise MalformedAnswer(f"Azure answered with something that is no {what}.")
    return body


class Unread:
    """Stands where the SDK would make its models of an answer, which is read as it arrived.

    They take half a millisecond a row, of which a region's catalogue has hundreds, and nothing else
    runs meanwhile (29 recorded rows: 16 ms).
    """

    def __call__(self, kind: str, answer: Any, *_: object) -> SimpleNamespace | None:  # noqa: ANN401 - the SDK's own
        """Return of a page what the SDK needs to find the next one, and of all else nothing."""
        if not kind.endswith("ListResult"):
            return None
        body = read_json(answer.http_response.content)
        if not isinstance(body, dict) or not isinstance(body.get("value"), list):
            raise TypeError("a page of a listing is an object with a list")
        if not all(isinstance(row, dict) for row in body["value"]):
            raise TypeError("the rows of a page are objects")
        following = body.get("nextLink")
        if following is not None and not isinstance(following, str):
            raise TypeError("the next page has an address")
        return SimpleNamespace(value=body["value"], next_link=following)

    def failsafe_deserialize(self, *_: object) -> None:
        """Return nothing of an error."""


async def _exhausted(pages: AsyncIterator[Any], rows: list[Mapping[str, Any]]) -> None:
    count = 0
    async for page in pages:
        rows += [row async for row in page]
        count += 1
        if count >= PAGES:
            raise MalformedAnswer(f"Azure's listing has more than {PAGES} pages.")
