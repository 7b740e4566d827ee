"""Who asks: by a signature, or by a Bedrock API key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bonito_emulators.aws import errors
from bonito_emulators.aws.accounts import Session
from bonito_emulators.aws.signature import Signature

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bonito_emulators.aws.accounts import Account, User
    from bonito_emulators.aws.request import Request

_BEARER = "Bearer "


@dataclass(frozen=True)
class Principal:
    """Who asks, and what no policy allows them."""

    account: Account
    arn: str
    denied: Collection[str]

    def require(self, action: str, resource: str = "*") -> None:
        """Goes on only if the action is allowed.

        Raises:
            Refusal: no policy allows it.
        """
        if action in self.denied:
            raise errors.denied(self.arn, action, resource)


def authenticate(accounts: Iterable[Account], request: Request) -> Principal:
    """Tells who asks.

    Raises:
        Refusal: nobody the cloud knows.
    """
    authorization = request.headers.get("authorization", "")
    if not authorization:
        raise errors.missing_token()
    if authorization.startswith(_BEARER):
        if request.service == "sts":
            request.violation("a Bedrock API key was sent to STS")
            raise errors.missing_token()
        return _by_api_key(accounts, request, authorization.removeprefix(_BEARER))
    return _by_signature(accounts, request)


def _by_api_key(accounts: Iterable[Account], request: Request, value: str) -> Principal:
    for account in accounts:
        for key in account.api_keys:
            if key.value == value and not key.expired and key.region in (None, request.region):
                user = next(each for each in account.users if each.name == key.user)
                return _user(account, user)
    raise errors.invalid_api_key()


def _by_signature(accounts: Iterable[Account], request: Request) -> Principal:
    signature = Signature.read(request)
    token = request.headers.get("x-amz-security-token")
    for account in accounts:
        for user in account.users:
            if user.access_key_id == signature.access_key_id and token is None:
                signature.verify(request, user.secret_access_key)
                return _user(account, user)
    session = Session.read(token) if token is not None else None
    if session is None or session.access_key_id != signature.access_key_id:
        raise errors.unrecognized_client()
    if session.expires <= datetime.now(UTC):
        raise errors.expired_token()
    signature.verify(request, session.secret_access_key)
    return _role(accounts, session)


def _role(accounts: Iterable[Account], session: Session) -> Principal:
    for account in accounts:
        for role in account.roles:
            if role.arn(account) == session.role_arn:
                arn = f"arn:aws:sts::{account.id}:assumed-role/{role.name}/{session.name}"
                return Principal(account, arn, role.denied)
    raise errors.unrecognized_client()


def _user(account: Account, user: User) -> Principal:
    return Principal(account, f"arn:aws:iam::{account.id}:user/{user.name}", user.denied)
