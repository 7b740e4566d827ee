"""What tests of Entra and ARM share: an application that may do everything, and a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bonito_emulators.azure import (
    COGNITIVE_SERVICES_USER,
    CONTRIBUTOR,
    DEFAULT_SUBSCRIPTION,
    DEFAULT_TENANT,
    Application,
    AzureCloud,
    ClientSecret,
    RoleAssignment,
    Tenant,
)

if TYPE_CHECKING:
    import httpx

LOGIN = "https://login.microsoftonline.com"
CLIENT = "11111111-2222-4333-8444-555555555555"
SECRET = "the~secret~of~the~application"
SCOPE = f"/subscriptions/{DEFAULT_SUBSCRIPTION}"
GROUP = f"{SCOPE}/resourceGroups/rg-ai"
PROVIDER = "/providers/Microsoft.CognitiveServices"
ACCOUNT = f"{GROUP}{PROVIDER}/accounts/acme"
LOCATION = f"{SCOPE}{PROVIDER}/locations/swedencentral"
VERSION = "2025-09-01"
PREVIEW = "2025-10-01-preview"
PROVIDER_DATA = {"organizationName": "Acme", "countryCode": "SE", "industry": "technology"}


def tenant() -> Tenant:
    application = Application(
        client_id=CLIENT,
        secrets=[ClientSecret(value=SECRET)],
        roles=[
            RoleAssignment(role=CONTRIBUTOR, scope=SCOPE),
            RoleAssignment(role=COGNITIVE_SERVICES_USER, scope=SCOPE),
        ],
    )
    return Tenant(id=DEFAULT_TENANT, domains=("acme.example",), applications=[application])


def application(cloud: AzureCloud) -> Application:
    """The one application, to be changed."""
    return cloud.directory.tenants[0].applications[0]


def token(cloud: AzureCloud, audience: str = "https://management.azure.com") -> str:
    """A token as Entra would give it out."""
    [first] = cloud.directory.tenants
    return cloud.directory.issue(first, application(cloud), audience=audience).value


def order(model: str, *, capacity: object = 1, **more: Any) -> dict[str, Any]:
    """The body of a PUT: `format/name/version`, on GlobalStandard unless told otherwise."""
    format, name, version = model.split("/")
    sku = {"name": more.pop("sku", "GlobalStandard"), "capacity": capacity}
    tags = {"tags": more.pop("tags")} if "tags" in more else {}
    properties = {"model": {"format": format, "name": name, "version": version}, **more}
    return {"sku": sku, "properties": properties, **tags}


class Arm:
    """Calls ARM with a token and an api-version."""

    def __init__(self, client: httpx.Client, cloud: AzureCloud) -> None:
        self.client = client
        self._cloud = cloud
        self.headers: dict[str, str] = {}
        self.sign_in()

    def sign_in(self) -> None:
        """Takes a new token."""
        self.headers["authorization"] = f"Bearer {token(self._cloud)}"

    def __call__(
        self, method: str, path: str, *, version: str | None = VERSION, **more: Any
    ) -> httpx.Response:
        query = "" if version is None else "?" + urlencode({"api-version": version})
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.request(method, path + query, headers=headers, **more)

    def put(self, name: str, body: dict[str, Any], *, version: str = VERSION) -> httpx.Response:
        return self("PUT", f"{ACCOUNT}/deployments/{name}", json=body, version=version)

    def deployment(self, name: str) -> httpx.Response:
        return self("GET", f"{ACCOUNT}/deployments/{name}")

    def follow(self, url: str) -> httpx.Response:
        """Follows an address that was given out, exactly as it is."""
        return self.client.get(url, headers=self.headers)


def error(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]
