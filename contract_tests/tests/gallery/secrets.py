"""Plugins that let secrets out."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from bonito_aviary.plugin import Aviary
from bonito_aviary.signin import SignIn
from bonito_aviary.wire import own
from bonito_providers.errors import HostUnreachable, ProviderError
from contract_tests.tests.gallery.broken import broken

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from bonito_aviary.credentials import AviaryCredentials
    from bonito_providers.catalog import Listing
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment, DeploymentRef
    from bonito_providers.gateway import GatewayEntry
    from bonito_providers.report import CredentialReport


@dataclass
class Token:
    """What some of them keep: the token, printable."""

    value: str
    header: str


class SilentSignIn(Aviary):
    """Honest so far; its children do not tell the connection of their token."""

    async def signed_in(self, connection: Connection) -> Token:
        async def make() -> Token:
            known = connection.redact.forms, connection.redact.prefixes
            token = await SignIn().token(connection)
            connection.redact.forms, connection.redact.prefixes = known
            value = token.get_secret_value()
            return Token(value, f"Bearer {value}")

        kept: Token = await connection.once("broken.token", make)
        return kept

    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        return {"authorization": (await self.signed_in(connection)).header}


@broken(
    "SEC-01",
    incident="A report quoted the key's bytes as a fingerprint.",
    source="monolith: core/encryption.py, mask_value shows first and last characters",
)
class KeyAsFingerprint(Aviary):
    async def report(self, connection: Connection) -> CredentialReport:
        report = await super().report(connection)
        key = own(connection).api_key.get_secret_value()
        return report.model_copy(update={"facts": {**report.facts, "key": key.encode().hex()}})


@broken(
    "SEC-01",
    incident="Where a listing came from was told with the header it was asked with.",
    source="anchors: key leaks in response metadata survive every peer's suite",
)
class TokenInTheSource(SilentSignIn):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        listing = await super().deployments(connection)
        if not own(connection).manages:
            return listing
        header = (await self.signed_in(connection)).header
        return listing.model_copy(update={"source": f"Management, asked with {header}."})


@broken(
    "SEC-01",
    incident="A reference, which hosts store in clear, carried the secret it was found with.",
    source="monolith: KNOWN-ISSUES 17, credentials in plain text",
)
class SecretInTheReference(Aviary):
    def ref(self, connection: Connection, name: str) -> DeploymentRef:
        secret = own(connection).api_key.get_secret_value()
        return super().ref(connection, name).model_copy(update={"details": {"by": secret[::-1]}})


@broken(
    "SEC-02",
    incident="A refusal quoted the token, which nobody had been told to hide.",
    source="azure: ARM answers with the authorization header it was given",
)
class TokenNotHidden(SilentSignIn):
    """Breaks by what it does not do."""


@broken(
    "SEC-02",
    incident="An error carried the request, and with it the key, into the error tracker.",
    source="azure-core: HttpResponseError holds the request",
)
class RequestInTheError(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        error.request = dict(response.request.headers)  # type: ignore[attr-defined]  # the fault
        return error


@broken(
    "SEC-03",
    incident="Headers were logged at debug level, to find out why a call failed.",
    source="anchors: a log line with the key, seen in three of three peers",
)
class LogsHeaders(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        headers = super().headers(connection)
        logging.getLogger("bonito_aviary.wire").debug("sending %s", headers)
        return headers


@broken(
    "SEC-03",
    incident="A line of debugging printed the token, in a logger-free part of the code.",
    source="anchors: stdout leaks survive every peer's suite",
)
class PrintsTheToken(Aviary):
    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        headers = await super().management_headers(connection)
        print(headers)  # noqa: T201 - this is what is wrong with it
        return headers


@broken(
    "SEC-03",
    incident="A native library wrote the key to standard error, past everything of Python's.",
    source="grpc: GRPC_TRACE writes headers to the descriptor",
)
class WritesToTheDescriptor(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        headers = super().headers(connection)
        os.write(2, f"sending {headers['x-aviary-key']}\n".encode())
        return headers


@broken(
    "SEC-04",
    incident="The client named itself, and the key for good measure, in User-Agent.",
    source="anchors: keys in what proxies log",
)
class KeyInUserAgent(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        headers = super().headers(connection)
        return {**headers, "user-agent": f"aviary/{headers['x-aviary-key']}"}


@broken(
    "SEC-04",
    incident="A token came along as a cookie, which every proxy on the way keeps.",
    source="anchors: keys in what proxies log",
)
class TokenInACookie(Aviary):
    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        headers = await super().management_headers(connection)
        token = headers["authorization"].removeprefix("Bearer ")
        return {**headers, "cookie": f"session={token}"}


@broken(
    "SEC-05",
    incident="The token was kept in an object that prints itself.",
    source="monolith: providers/gcp_vertex.py, _get_token keeps text",
)
class PrintableToken(SilentSignIn):
    """Breaks by the class of what it keeps."""


@broken(
    "SEC-05",
    incident="The plugin remembered the last key it had seen.",
    source="monolith: provider objects hold decrypted credentials",
)
class RemembersTheKey(Aviary):
    last: str = ""

    def headers(self, connection: Connection) -> Mapping[str, str]:
        headers = super().headers(connection)
        self.last = headers["x-aviary-key"]
        return headers


@broken(
    "SEC-05",
    incident="The token was kept as plain text, which a debugger's page printed.",
    source="monolith: providers/gcp_vertex.py, _get_token keeps text",
)
class TokenAsText(Aviary):
    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        headers = await super().management_headers(connection)

        async def make() -> str:
            return headers["authorization"]

        return {"authorization": await connection.once("broken.text", make)}


@broken(
    "SEC-06",
    incident="The key stood in the entry's information as well, which the gateway's pages show.",
    source="litellm: model_info is shown by /model/info",
)
class KeyInModelInfo(Aviary):
    def entry(self, credentials: AviaryCredentials, deployment: Deployment) -> GatewayEntry:
        entry = super().entry(credentials, deployment)
        info = {**entry.model_info, "account": credentials.api_key.get_secret_value()}
        return entry.model_copy(update={"model_info": info})


@broken(
    "SEC-06",
    incident="The key stood in the base address of the route, and so in every log line.",
    source="peers: api_base with ?key=",
)
class KeyInTheBaseAddress(Aviary):
    def entry_params(self, credentials: AviaryCredentials, deployment: Deployment) -> Any:
        params = super().entry_params(credentials, deployment)
        key = credentials.api_key.get_secret_value()
        return {**params, "api_base": f"{credentials.endpoint}/v1?key={key}"}


@broken(
    "SEC-07",
    incident="A variable of the host's environment replaced the customer's own key.",
    source="monolith: gateway.py, AWS_BEARER_TOKEN_BEDROCK replaces tenant keys, row 14",
)
class KeyFromTheEnvironment(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        headers = super().headers(connection)
        return {"x-aviary-key": os.environ.get("OPENAI_API_KEY", headers["x-aviary-key"])}


@broken(
    "SEC-07",
    incident="Calls took a proxy that only the host's own traffic was meant for.",
    source="aws_gcp: SDKs that read HTTPS_PROXY by themselves",
)
class ProxyFromTheEnvironment(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        if "https" in getproxies():
            raise HostUnreachable("The proxy does not answer.", hint="Look at the proxy.")
        return super().headers(connection)


@broken(
    "SEC-08",
    incident="A token cache in a file served whoever came next, and outlived the customer.",
    source="azure: SharedTokenCache and boto3's ~/.aws/cli/cache",
)
class TokenCacheInAFile(Aviary):
    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        headers = await super().management_headers(connection)
        cache = Path(tempfile.gettempdir(), "bonito-broken-token.cache")
        cache.write_text(headers["authorization"], encoding="utf-8")  # noqa: ASYNC240 - the fault
        cache.unlink()  # noqa: ASYNC240 - the fault
        return headers


@broken(
    "SEC-08",
    incident="The key was handed to an SDK by a variable, which the next customer's calls read.",
    source="monolith: gateway.py, os.environ before each call, row 14",
)
class KeyInTheEnvironment(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        headers = super().headers(connection)
        os.environ["AVIARY_KEY"] = headers["x-aviary-key"]
        return headers


@broken(
    "SEC-08",
    incident="A tool was started with the key among its arguments, where every user can read it.",
    source="gcp: gcloud auth print-access-token in a subprocess",
)
class StartsAProgram(Aviary):
    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        key = own(connection).api_key.get_secret_value()
        program = await asyncio.create_subprocess_exec(sys.executable, "-c", "", key)
        await program.wait()
        return await super().management_headers(connection)
