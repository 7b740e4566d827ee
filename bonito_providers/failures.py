"""Failures of the network, named as errors of this package."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpcore

from bonito_providers.errors import HostUnreachable, ProviderError, ServiceUnavailable

NETWORK_FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)
"""Everything httpcore raises."""

_REACH = "Check the endpoint's spelling, then the network, firewall and proxy."
_PROXY_AUTHENTICATION = "The proxy wants a user name and a password: http://name:password@proxy…"
_AGAIN = "Try again in a moment; the service's status page tells of known trouble."


def named_failure(error: Exception, host: str) -> ProviderError:
    """Return the error of this package that stands for a failure of httpcore.

    Args:
        error: One of `NETWORK_FAILURES`.
        host: The host that was called, for the text.
    """
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return HostUnreachable(
            f"{host} showed a certificate that is not trusted.",
            hint="Something between here and the service intercepts TLS, or SSL_CERT_FILE names "
            "the wrong trust anchors.",
        )
    if isinstance(error, httpcore.ConnectTimeout):
        return HostUnreachable(f"{host} did not take a connection in time.", hint=_REACH)
    if isinstance(error, httpcore.ProxyError):
        status = str(error).partition(" ")[0]
        told = f" (it answered {status})" if status.isdecimal() else ""
        hint = _PROXY_AUTHENTICATION if status == "407" else _REACH
        return HostUnreachable(f"The proxy made no connection to {host}{told}.", hint=hint)
    if isinstance(error, httpcore.ConnectError):
        return HostUnreachable(f"No connection to {host} could be made.", hint=_REACH)
    if isinstance(error, httpcore.TimeoutException):
        return ServiceUnavailable(f"{host} stopped answering.", hint=_AGAIN)
    return ServiceUnavailable(f"{host} broke the connection off.", hint=_AGAIN)


def no_such_name(host: str) -> HostUnreachable:
    """Return the error for a name that leads nowhere."""
    return HostUnreachable(
        f"The name {host} does not resolve: there is no such resource, or no network.",
        hint="Check the endpoint's spelling, character by character.",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
