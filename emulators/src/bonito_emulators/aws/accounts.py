"""Customers of the emulated cloud, and who may act for them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bonito_emulators.aws.holdings import Charge, Profile, Throughput


@dataclass
class User:
    """An IAM user with one access key.

    Attributes:
        denied: IAM actions that no policy allows.
    """

    name: str
    access_key_id: str
    secret_access_key: str
    denied: set[str] = field(default_factory=set)


@dataclass
class ApiKey:
    """A Bedrock API key, which acts for a user; a short-term one holds in one region only."""

    value: str
    user: str
    region: str | None = None
    expired: bool = False


@dataclass
class Role:
    """A role that users of any account may assume who know its external id."""

    name: str
    external_id: str
    denied: set[str] = field(default_factory=set)

    def arn(self, account: Account) -> str:
        """Gives its full name."""
        return f"arn:aws:iam::{account.id}:role/{self.name}"


@dataclass(frozen=True)
class Session:
    """Temporary credentials of a role.

    The token says all there is to know and is sealed, as with the real service: what was handed
    out before a cloud was put up anew is still good.
    """

    role_arn: str
    name: str
    expires: datetime

    @classmethod
    def read(cls, token: str) -> Session | None:
        """Opens a token; gives None for one that was not handed out here."""
        content, _, seal = token.rpartition(".")
        if not hmac.compare_digest(seal.encode(), _sealed(content).encode()):
            return None
        role_arn, name, expires = json.loads(base64.urlsafe_b64decode(content))
        return cls(role_arn, name, datetime.fromisoformat(expires))

    @property
    def token(self) -> str:
        """What is sent along with each request."""
        content = json.dumps([self.role_arn, self.name, self.expires.isoformat()])
        encoded = base64.urlsafe_b64encode(content.encode()).decode()
        return f"{encoded}.{_sealed(encoded)}"

    @property
    def access_key_id(self) -> str:
        """The key's public part."""
        return f"ASIA{_sealed(f'id {self.token}')[:16].upper()}"

    @property
    def secret_access_key(self) -> str:
        """What requests are signed with."""
        return _sealed(f"secret {self.token}")


def _sealed(text: str) -> str:
    return hmac.new(b"bonito emulators", text.encode(), hashlib.sha256).hexdigest()


@dataclass
class Account:
    """One customer.

    Attributes:
        agreements: model to the state of its agreement; what is absent has none yet.
        pending_looks: how many looks find a new agreement pending.
        use_case: the form that was sent, once for the account.
        model_units: how many units of provisioned throughput AWS support has granted.
        restricted: models that the account may not call although they are available.
    """

    id: str
    users: list[User] = field(default_factory=list)
    api_keys: list[ApiKey] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    throughputs: list[Throughput] = field(default_factory=list)
    agreements: dict[str, str] = field(default_factory=dict)
    pending_looks: int = 0
    pending: dict[str, int] = field(default_factory=dict)
    use_case: bytes | None = None
    model_units: int = 2
    restricted: set[str] = field(default_factory=set)
    bill: list[Charge] = field(default_factory=list)

    def agreement(self, model: str) -> str:
        """Gives the state of a model's agreement; looks are how time passes."""
        if self.pending.get(model, 0) > 0:
            self.pending[model] -= 1
            return "PENDING"
        return self.agreements.get(model, "NOT_AVAILABLE")

    def agree(self, model: str) -> None:
        """Accepts an offer; the subscription comes into force after some looks."""
        self.agreements[model] = "AVAILABLE"
        self.pending[model] = self.pending_looks
