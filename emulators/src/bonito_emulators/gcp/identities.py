"""Service accounts with real keys, and the tokens that were handed out to them."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import itertools
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

if TYPE_CHECKING:
    from collections.abc import Iterable

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_ALGORITHM = "RS256"


@functools.cache
def _key(name: str, size: int) -> rsa.RSAPrivateKey:
    """Makes a key once in a process, since that takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


@dataclass(eq=False)
class ServiceAccount:
    """An identity of a project.

    Attributes:
        name: The first part of its address.
        project: The project it belongs to; the one that its calls are counted on.
        key_size: Bits of its key: 2048 as the console makes them, or 1024, which IAM makes where
            it is asked to (`ServiceAccountKeyAlgorithm`). Clients check a key whenever they read
            it, which takes seven times longer for the larger one.
        denied: Permissions that its roles do not hold; all others they do.
        deleted: Whether it is gone.
    """

    name: str
    project: str
    key_size: int = 2048
    denied: set[str] = field(default_factory=set)
    deleted: bool = False

    @property
    def email(self) -> str:
        """Its address, which tokens are asked for in the name of."""
        return f"{self.name}@{self.project}.iam.gserviceaccount.com"

    @property
    def key_id(self) -> str:
        """The id of its key."""
        return hashlib.sha256(self._pem("right").encode()).hexdigest()[:40]

    def key_file(self, *, wrong: bool = False) -> dict[str, str]:
        """Gives the JSON file that the console hands out, or one whose key is another's."""
        return {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": self.key_id,
            "private_key": self._pem("wrong" if wrong else "right"),
            "client_email": self.email,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": TOKEN_URI,
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "universe_domain": "googleapis.com",
        }

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Tells whether a signature was made with its key."""
        public = self._key("right").public_key()
        try:
            public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def _key(self, which: str) -> rsa.RSAPrivateKey:
        return _key(f"{self.email}/{which}", self.key_size)

    def _pem(self, which: str) -> str:
        return (
            self._key(which)
            .private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            .decode()
        )


def service_account(project: str, name: str = "bonito", *, key_size: int = 2048) -> ServiceAccount:
    """Makes a service account; one of the same name has the same key in this process."""
    return ServiceAccount(name=name, project=project, key_size=key_size)


class Identities:
    """Who may ask for tokens, and which tokens are accepted.

    As with the real service, a token outlives whoever fetched it: another emulation of this
    process accepts it too, for clients that keep theirs.

    Attributes:
        lifetime: Seconds that a token is said to live.
    """

    def __init__(self, accounts: Iterable[ServiceAccount]) -> None:
        self.accounts = list(accounts)
        self.lifetime = 3599
        self._oldest = 0

    def account(self, email: str) -> ServiceAccount | None:
        """Finds an account by its address."""
        return next((each for each in self.accounts if each.email == email), None)

    def issue(self, account: ServiceAccount) -> str:
        """Makes a token for an account."""
        number = next(_numbers)
        return f"ya29.c.{number:08x}{_seal(account.email, number)}"

    def behind(self, token: str | None) -> ServiceAccount | None:
        """Finds who a token was given to."""
        match = _TOKEN.fullmatch(token or "")
        number = int(match[1], 16) if match else -1
        if match is None or number < self._oldest:
            return None
        for account in self.accounts:
            if not account.deleted and match[2] == _seal(account.email, number):
                return account
        return None

    def expire(self) -> None:
        """Accepts no token any more that was handed out so far."""
        self._oldest = next(_numbers)


_TOKEN = re.compile(r"ya29\.c\.([0-9a-f]{8})([0-9a-f]{64})")
_numbers = itertools.count(1)
_secret = secrets.token_bytes(32)


def _seal(email: str, number: int) -> str:
    return hmac.new(_secret, f"{email}/{number}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Assertion:
    """A JWT, taken apart; nothing of it is verified yet."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    @property
    def algorithm_fits(self) -> bool:
        """Whether it is signed in the one way that the token endpoint takes."""
        return self.header.get("alg") == _ALGORITHM

    @classmethod
    def read(cls, text: str) -> Assertion | None:
        """Takes a JWT apart; None where it is none."""
        signed, _, signature = text.rpartition(".")
        try:
            header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
            raw = _decoded(signature)
        except ValueError:
            return None
        if not isinstance(header, dict) or not isinstance(claims, dict):
            return None
        return cls(header=header, claims=claims, signed=signed.encode(), signature=raw)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
