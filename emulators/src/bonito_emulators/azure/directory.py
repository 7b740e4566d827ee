"""The directory of Entra: tenants, applications, secrets, and the tokens given out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bonito_emulators.azure.clock import Clock
    from bonito_emulators.azure.roles import RoleAssignment

MANAGEMENT = "https://management.azure.com"
COGNITIVE_SERVICES = "https://cognitiveservices.azure.com"
FOUNDRY = "https://ai.azure.com"
MACHINE_LEARNING = "https://ml.azure.com"
AUDIENCES = frozenset({MANAGEMENT, COGNITIVE_SERVICES, FOUNDRY, MACHINE_LEARNING})
_SIGNATURE_BYTES = 256  # as long as RS256 makes it
_SIGNING_KEY = secrets.token_bytes(32)  # of this process, as Entra's is of the world


@dataclass(frozen=True, kw_only=True)
class ClientSecret:
    """A secret of an application; without an end it never expires."""

    value: str = field(repr=False)
    expires: datetime | None = None


@dataclass(kw_only=True)
class Application:
    """An application with its service principal; attributes may be changed at any time."""

    client_id: str
    secrets: list[ClientSecret]
    roles: list[RoleAssignment] = field(default_factory=list)

    @property
    def object_id(self) -> str:
        """The service principal's id, which errors name beside the client's."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, self.client_id))


@dataclass(kw_only=True)
class Tenant:
    """A directory of a customer, known by its id and by its domains."""

    id: str
    domains: tuple[str, ...] = ()
    applications: list[Application] = field(default_factory=list)

    def application(self, client_id: str) -> Application | None:
        """Finds an application."""
        return next((app for app in self.applications if app.client_id == client_id), None)


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    """What a bearer token stands for."""

    value: str = field(repr=False)
    tenant_id: str
    application: Application
    audience: str
    expires: datetime


class Directory:
    """All tenants, and what makes and reads their tokens.

    Attributes:
        token_lifetime: seconds, for tokens still to be given out.
    """

    def __init__(self, tenants: Iterable[Tenant], *, clock: Clock) -> None:
        self.token_lifetime = 3599.0
        self._tenants = list(tenants)
        self._clock = clock

    @property
    def tenants(self) -> list[Tenant]:
        """The tenants, the first being that of subscriptions which name none."""
        return list(self._tenants)

    def tenant(self, name: str) -> Tenant | None:
        """Finds a tenant by id or domain."""
        wanted = name.lower()
        return next((each for each in self._tenants if wanted in {each.id, *each.domains}), None)

    def issue(self, tenant: Tenant, application: Application, *, audience: str) -> AccessToken:
        """Gives out a token: random, and shaped like a JWT so that logs can be searched for it."""
        now = self._clock.now()
        expires = now + timedelta(seconds=self.token_lifetime)
        claims: dict[str, str | int] = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant.id}/",
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int(expires.timestamp()),
            "appid": application.client_id,
            "oid": application.object_id,
            "tid": tenant.id,
            "ver": "1.0",
        }
        return AccessToken(
            value=_json_web_token(claims),
            tenant_id=tenant.id,
            application=application,
            audience=audience,
            expires=expires,
        )

    def token(self, value: str) -> AccessToken | None:
        """Reads the token behind a value, expired ones too.

        As with the real ones its signature decides and nothing is looked up, so one that an
        earlier directory of this process gave out is good wherever its application stands.
        """
        head, _, signature = value.rpartition(".")
        if not value.isascii() or not hmac.compare_digest(signature, _signature(head)):
            return None
        claims = json.loads(base64.urlsafe_b64decode(f"{head.partition('.')[2]}=="))
        tenant = self.tenant(claims["tid"])
        application = tenant.application(claims["appid"]) if tenant is not None else None
        if tenant is None or application is None:
            return None
        return AccessToken(
            value=value,
            tenant_id=tenant.id,
            application=application,
            audience=claims["aud"],
            expires=datetime.fromtimestamp(claims["exp"], UTC),
        )

    def expired(self, token: AccessToken) -> bool:
        """Tells whether a token is past its end."""
        return self._clock.now() >= token.expires


def _json_web_token(claims: dict[str, str | int]) -> str:
    header = {"typ": "JWT", "alg": "RS256", "kid": secrets.token_urlsafe(20)}
    head = ".".join(_base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{head}.{_signature(head)}"


def _signature(head: str) -> str:
    signed = hashlib.shake_256(_SIGNING_KEY + head.encode())
    return _base64url(signed.digest(_SIGNATURE_BYTES))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
