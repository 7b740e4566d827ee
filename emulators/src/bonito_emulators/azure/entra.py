"""`login.microsoftonline.com`: what azure-identity asks of it, and nothing more."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl

from starlette.responses import JSONResponse, Response

from bonito_emulators.azure.directory import AUDIENCES, Application, Tenant
from bonito_emulators.azure.entra_errors import EntraErrors
from bonito_emulators.azure.errors import Refusal, resource_not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_emulators.azure.request import Request
    from bonito_emulators.azure.state import State

HOST = "login.microsoftonline.com"
_FORM = "application/x-www-form-urlencoded"
_KNOWN = frozenset({"client_id", "client_info", "client_secret", "grant_type", "scope"})
_DEFAULT = "/.default"


@dataclass(frozen=True, kw_only=True)
class _Call:
    """One request, with what is needed to answer it."""

    state: State
    request: Request
    errors: EntraErrors


def answer(state: State, request: Request) -> Response:
    """Serves one request to the host."""
    correlation = request.headers.get("client-request-id")
    errors = EntraErrors(now=state.clock.now(), correlation=correlation)
    try:
        response = _route(_Call(state=state, request=request, errors=errors))
    except Refusal as refusal:
        response = JSONResponse(refusal.body, status_code=refusal.status)
    response.headers["x-ms-request-id"] = f"00000000-0000-4000-9000-{request.exchange.sequence:012}"
    response.headers["cache-control"] = "no-store, no-cache"
    response.headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    response.headers["x-content-type-options"] = "nosniff"
    return response


def _route(call: _Call) -> Response:
    method, path = call.request.method, call.request.path
    if method == "GET" and path == "/common/discovery/instance":
        return _instances(call)
    configuration = re.fullmatch(r"/([^/]+)/v2\.0/\.well-known/openid-configuration", path)
    if method == "GET" and configuration:
        return _configuration(call, configuration[1])
    token = re.fullmatch(r"/([^/]+)/oauth2/v2\.0/token", path)
    if method == "POST" and token:
        return _token(call, token[1])
    call.request.violation("the service has no such path")
    raise resource_not_found()


def _instances(call: _Call) -> Response:
    """Says which hosts are of the same cloud, to clients that do not know theirs."""
    given = dict(parse_qsl(call.request.query))
    if not given.get("authorization_endpoint", "").startswith(f"https://{HOST}/"):
        call.request.violation("another host's authorization endpoint was asked about")
    tenant_discovery = f"https://{HOST}/common/v2.0/.well-known/openid-configuration"
    network = {
        "preferred_network": HOST,
        "preferred_cache": "login.windows.net",
        "aliases": [HOST, "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    }
    return JSONResponse(
        {
            "tenant_discovery_endpoint": tenant_discovery,
            "api-version": given.get("api-version", "1.1"),
            "metadata": [network],
        }
    )


def _configuration(call: _Call, name: str) -> Response:
    tenant = call.state.directory.tenant(name)
    if tenant is None:
        raise call.errors.tenant_not_found(name, discovery=True)
    base = f"https://{HOST}/{tenant.id}"
    return JSONResponse(
        {
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
        }
    )


def _token(call: _Call, name: str) -> Response:
    form = _form(call)
    tenant = call.state.directory.tenant(name)
    if tenant is None:
        raise call.errors.tenant_not_found(name)
    for required in ("grant_type", "client_id"):
        if not form.get(required):
            raise call.errors.missing_parameter(required)
    if form["grant_type"] != "client_credentials":
        call.request.violation(f"the grant {form['grant_type']!r} is not emulated")
        raise call.errors.unsupported_grant(form["grant_type"])
    audience = _audience(call, form, tenant)
    application = _application(call, form, tenant)
    token = call.state.directory.issue(tenant, application, audience=audience)
    lifetime = int(call.state.directory.token_lifetime)
    return JSONResponse(
        {
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": token.value,
        }
    )


def _form(call: _Call) -> Mapping[str, str]:
    if call.request.content_type != _FORM:
        call.request.violation(f"the content type is {call.request.content_type!r}")
        raise call.errors.missing_parameter("grant_type")
    values = parse_qs(call.request.body.decode("latin-1"), keep_blank_values=True)
    for unknown in sorted(values.keys() - _KNOWN):
        call.request.violation(f"the form parameter {unknown!r} is unknown here")
    if doubled := sorted(name for name, given in values.items() if len(given) > 1):
        call.request.violation(f"the form gives {', '.join(doubled)} more than once")
        raise call.errors.missing_parameter(doubled[0])
    return {name: given[0] for name, given in values.items()}


def _audience(call: _Call, form: Mapping[str, str], tenant: Tenant) -> str:
    scope = form.get("scope", "")
    if not scope:
        raise call.errors.missing_parameter("scope")
    if " " in scope or not scope.endswith(_DEFAULT):
        raise call.errors.invalid_scope(scope)
    audience = scope.removesuffix(_DEFAULT)
    if audience not in AUDIENCES:
        raise call.errors.resource_not_found(audience, tenant.id)
    return audience


def _application(call: _Call, form: Mapping[str, str], tenant: Tenant) -> Application:
    application = tenant.application(form["client_id"])
    if application is None:
        raise call.errors.application_not_found(form["client_id"], tenant.id)
    if not form.get("client_secret"):
        raise call.errors.missing_credential()
    given = form["client_secret"].encode()
    known = [each for each in application.secrets if _same(each.value, given)]
    if not known:
        raise call.errors.wrong_secret(application.client_id)
    now = call.state.clock.now()
    if not any(each.expires is None or now < each.expires for each in known):
        raise call.errors.expired_secret(application.client_id)
    return application


def _same(value: str, given: bytes) -> bool:
    return secrets.compare_digest(value.encode(), given)
