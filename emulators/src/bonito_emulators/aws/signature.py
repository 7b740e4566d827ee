"""Signature Version 4, as the service computes it.

For every service but S3 the path is encoded once more for signing, so that ``%3A`` on the wire is
``%253A`` in what is signed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from bonito_emulators.aws import errors

if TYPE_CHECKING:
    from bonito_emulators.aws.request import Request

ALGORITHM = "AWS4-HMAC-SHA256"
_FORM = re.compile(
    rf"{ALGORITHM} Credential=(?P<key>[^/]+)/(?P<date>\d{{8}})/(?P<region>[^/]+)/(?P<service>[^/]+)"
    r"/aws4_request, *SignedHeaders=(?P<headers>[^,]+), *Signature=(?P<signature>[0-9a-f]{64})"
)
_TIME = "%Y%m%dT%H%M%SZ"
_SKEW = timedelta(minutes=15)
_ALWAYS_SIGNED = {"host", "x-amz-date"}


@dataclass(frozen=True)
class Signature:
    """What an `Authorization` header says."""

    access_key_id: str
    date: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str

    @classmethod
    def read(cls, request: Request) -> Signature:
        """Reads the header.

        Raises:
            Refusal: it is malformed, or signed for another service or region.
        """
        match = _FORM.fullmatch(request.headers.get("authorization", ""))
        if match is None:
            request.violation("the Authorization header has no known form")
            raise errors.invalid_signature("Authorization header is malformed.")
        found = cls(
            match["key"],
            match["date"],
            match["region"],
            match["service"],
            tuple(match["headers"].split(";")),
            match["signature"],
        )
        service = "sts" if request.service == "sts" else "bedrock"
        if (found.region, found.service) != (request.region, service):
            raise errors.invalid_signature(
                f"Credential should be scoped to a valid region and to {service}."
            )
        return found

    def verify(self, request: Request, secret: str) -> None:
        """Computes the signature anew.

        Raises:
            Refusal: it is another, too old, or leaves out what has to be signed.
        """
        needed = _ALWAYS_SIGNED | {name for name in request.headers if name.startswith("x-amz-")}
        if needed - set(self.headers):
            raise errors.invalid_signature(f"not signed: {sorted(needed - set(self.headers))}")
        moment = _moment(request)
        if abs(datetime.now(UTC) - moment) > _SKEW or moment.strftime("%Y%m%d") != self.date:
            raise errors.invalid_signature("Signature expired.")
        scope = f"{self.date}/{self.region}/{self.service}/aws4_request"
        digest = hashlib.sha256(self._canonical(request).encode()).hexdigest()
        text = "\n".join((ALGORITHM, request.headers["x-amz-date"], scope, digest))
        key = f"AWS4{secret}".encode()
        for part in (self.date, self.region, self.service, "aws4_request"):
            key = _mac(key, part)
        if not hmac.compare_digest(_mac(key, text).hex(), self.signature):
            raise errors.invalid_signature()

    def _canonical(self, request: Request) -> str:
        headers = [f"{name}:{_collapsed(request.headers.get(name, ''))}" for name in self.headers]
        return "\n".join(
            (
                request.method,
                quote(request.path, safe="/"),
                _canonical_query(request.query),
                *headers,
                "",
                ";".join(self.headers),
                hashlib.sha256(request.body).hexdigest(),
            )
        )


def _moment(request: Request) -> datetime:
    try:
        return datetime.strptime(request.headers["x-amz-date"], _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise errors.invalid_signature("x-amz-date is malformed.") from None


def _canonical_query(query: str) -> str:
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    encoded = [(quote(unquote(a), safe=""), quote(unquote(b), safe="")) for a, b in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _collapsed(value: str) -> str:
    return " ".join(value.split())


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
