"""`oauth2.googleapis.com`: a signed assertion for an access token, and nothing more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from bonito_emulators.gcp import refusals
from bonito_emulators.gcp.identities import TOKEN_URI, Assertion
from bonito_emulators.gcp.request import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_emulators.gcp.identities import Identities, ServiceAccount
    from bonito_emulators.gcp.request import Request

HOST = "oauth2.googleapis.com"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_FORM = "application/x-www-form-urlencoded"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_LONGEST = 3600
_SKEW = 300
_KNOWN = frozenset({"grant_type", "assertion"})


def answer(identities: Identities, request: Request) -> Reply:
    """Hands out a token to an account that proves itself by its key.

    Raises:
        Refusal: The form, the assertion or its signature is not as documented.
    """
    if (request.method, request.path) != ("POST", "/token"):
        raise request.no_such_route()
    request.read_query()
    form = _form(request)
    if form.get("grant_type") != _GRANT:
        request.violation(f"the grant {form.get('grant_type')!r} is not emulated")
        raise refusals.invalid_request(
            f"Invalid grant_type: {form.get('grant_type')}", error="unsupported_grant_type"
        )
    assertion = Assertion.read(form.get("assertion", ""))
    if assertion is None:
        raise refusals.invalid_grant("Bad Request")
    account = _proved(identities, assertion)
    _refuse_claims(request, assertion.claims)
    return Reply(
        {
            "access_token": identities.issue(account),
            "expires_in": identities.lifetime,
            "token_type": "Bearer",
        },
        headers={"cache-control": "no-cache, no-store, max-age=0, must-revalidate"},
    )


def _form(request: Request) -> Mapping[str, str]:
    if request.content_type != _FORM:
        request.violation(f"the form was declared as {request.content_type or 'nothing'}")
    if "authorization" in request.headers:
        request.violation("a credential was sent that the token endpoint does not take")
    form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
    if unknown := sorted(form.keys() - _KNOWN):
        request.violation(f"the form holds {', '.join(unknown)}")
    return form


def _proved(identities: Identities, assertion: Assertion) -> ServiceAccount:
    account = identities.account(str(assertion.claims.get("iss")))
    if account is None or account.deleted:
        raise refusals.invalid_grant("Invalid grant: account not found")
    signed = assertion.algorithm_fits and account.verifies(assertion.signed, assertion.signature)
    if not signed or assertion.header.get("kid") != account.key_id:
        raise refusals.invalid_grant("Invalid JWT Signature.")
    return account


def _refuse_claims(request: Request, claims: Mapping[str, object]) -> None:
    # google-auth names this audience whatever the file's `token_uri` is.
    if claims.get("aud") != TOKEN_URI:
        raise refusals.invalid_grant("Invalid JWT: Failed audience check.")
    issued, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(ends, int) or ends - issued > _LONGEST:
        raise refusals.invalid_grant(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
            "timeframe. Check your iat and exp values in the JWT claim."
        )
    if ends < time.time() - _SKEW or issued > time.time() + _SKEW:
        raise refusals.invalid_grant("Invalid JWT: Token must be a short-lived token.")
    if claims.get("scope") != _SCOPE:
        request.violation(f"the scope {claims.get('scope')!r} is not what Vertex AI needs")
        raise refusals.invalid_request("Invalid OAuth scope.", error="invalid_scope")
