"""Plugins that say the wrong thing about what went wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from bonito_aviary.plugin import Aviary
from bonito_aviary.wire import Rows
from bonito_providers.answers import json_list, json_object
from bonito_providers.deployment import Deployment, State
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    InvalidRequest,
    MalformedAnswer,
    ProviderError,
    RequestError,
)
from bonito_providers.invocation import Invocation
from contract_tests.tests.gallery.broken import broken

if TYPE_CHECKING:
    import httpx

    from bonito_aviary.rows import DeploymentRow
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeploymentRef
    from bonito_providers.invocation import InvocationRequest

MONOLITH_VERTEX = "monolith: providers/gcp_vertex.py, non-200 becomes an empty list"


@broken(
    "ERR-01",
    incident="Every refusal became 'failed to activate'; the service's code was thrown away.",
    source="monolith: services/model_activation.py, except Exception",
)
class CodesThrownAway(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        error.code = None
        return error


@broken(
    "ERR-01",
    incident="A prompt that the content policy refused was shown as a malformed request.",
    source="peers: gateways that map every 400 to one class",
)
class ContentFilterAsBadRequest(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        if not isinstance(error, ContentFiltered):
            return error
        return InvalidRequest(error.message, status=error.status, code=error.code)


@broken(
    "ERR-01",
    incident="The pause that came with a 429 was read and then not passed on.",
    source="monolith: KNOWN-ISSUES 28, throttled calls repeated at once",
)
class PauseForgotten(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        error.retry_after = None
        return error


@broken(
    "ERR-02",
    incident="The error body of a proxy was no object, and the error handler crashed on it.",
    source="azure-core: errors built from the body's members without looking",
)
class TrustsTheErrorBody(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        said = response.json()["error"]["message"]
        error = super().refusal(connection, response)
        error.message = str(said)[:200]
        return error


@broken(
    "ERR-02",
    incident="A 503 with a page of HTML was reported as a defect of the service's JSON.",
    source="the toy provider of this project, which read a refusal's body as an object",
)
class PagesAreDefects(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        json_object(response)
        return super().refusal(connection, response)


@broken(
    "ERR-02",
    incident="An outage of the service was shown as a wrong key, and the key was rotated.",
    source="monolith: onboarding, every failed validation is 'invalid credentials'",
)
class OutagesAreWrongKeys(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        if not response.is_server_error:
            return error
        return CredentialsRejected(error.message, hint="Check the key.", status=error.status)


@broken(
    "ERR-02",
    incident="A refused listing came back as an account without deployments.",
    source=MONOLITH_VERTEX,
)
class RefusedIsEmpty(Aviary):
    async def deployment_rows(self, connection: Connection) -> Rows:
        try:
            return await super().deployment_rows(connection)
        except RequestError:
            return Rows(())


@broken(
    "ERR-02",
    incident="A proxy's 'not found' page made a running deployment vanish from the inventory.",
    source="monolith: services/model_activation.py, 404 taken for an answer about the model",
)
class AnyNotFoundIsAbsence(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        try:
            return await super().get(connection, ref)
        except RequestError as error:
            if error.status != 404:
                raise
            return self.bare(connection, ref, State.ABSENT)


@broken(
    "ERR-03",
    incident="A listing without its list was read as an empty one, and called complete.",
    source=MONOLITH_VERTEX,
)
class MissingListIsEmpty(Aviary):
    async def pages(self, connection: Connection, first: str) -> Rows:
        response = await self.manage(connection, "GET", first)
        page = json_object(response)
        rows = page.get("items")
        following = page.get("next")
        more = await self.pages(connection, following) if isinstance(following, str) else Rows(())
        return Rows((*(rows if isinstance(rows, list) else ()), *more.items))


@broken(
    "ERR-03",
    incident="A captive portal's page was taken for an answer of the model.",
    source="monolith: services/deployment_service.py, any 200 is 'access verified'",
)
class AnySuccessIsAnAnswer(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        try:
            return await super().invoke(connection, deployment, request)
        except MalformedAnswer:
            return Invocation(text="", surface="openai_v1")


@broken(
    "ERR-03",
    incident="A deployment that could not be read was taken for one that is gone.",
    source="the abandoned spike: cached or unreadable get answers as absence",
)
class UnreadableIsAbsent(Aviary):
    async def find(self, connection: Connection, name: str) -> DeploymentRow | None:
        try:
            return await super().find(connection, name)
        except MalformedAnswer:
            return None


@broken(
    "ERR-12",
    incident="A gateway's page of HTML filled the error message on the customer's screen.",
    source="monolith: api routes answer with the text of the upstream's body",
)
class RawBodyInTheText(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        error.message = f"Aviary said: {response.text}"
        return error


@broken(
    "ERR-12",
    incident="A message of sixty kilobytes was passed on as it was.",
    source="peers: error dialogs with the whole response",
)
class WholeMessageInTheText(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        try:
            error.message = f"Aviary said: {response.json()['error']['message']}"
        except (ValueError, RecursionError, TypeError, KeyError):
            return error
        return error


@broken(
    "ERR-13",
    incident="The only text of a refusal was the service's code.",
    source="peers: the Foundry portal's opaque 715-123420",
)
class CodeForAText(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        error.message = str(error.status)
        return error


@broken(
    "ERR-13",
    incident="A missing role was reported without saying who can give it.",
    source="monolith: validate_credentials of a correct service account, row 19",
)
class NothingToDo(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        error.hint = ""
        return error


@broken(
    "ERR-14",
    incident="A row without a name crashed the whole listing.",
    source="monolith: KNOWN-ISSUES 25, KeyError on every synchronisation",
)
class TrustsRows(Aviary):
    async def pages(self, connection: Connection, first: str) -> Rows:
        rows = await super().pages(connection, first)
        return Rows(tuple(sorted(rows.items, key=_name)), rows.note)


@broken(
    "ERR-14",
    incident="A list where text was expected crashed reading the state.",
    source="peers: fields that became lists in a minor release",
)
class TrustsTypes(Aviary):
    async def listed(self, connection: Connection, path: str) -> tuple[Any, ...]:
        response = await self.call(connection, "GET", path)
        rows = json_list(json_object(response), "data", response)
        return tuple(
            json.loads(json.dumps(row)) | {"seen": row["id" if "id" in row else "name"] + "!"}
            for row in rows
            if row
        )


def _name(row: Any) -> str:
    return cast("str", row.get("name", "")).lower()
