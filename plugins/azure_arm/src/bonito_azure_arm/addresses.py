"""Whether an address that a service named is its own, so that a secret may go there."""

from __future__ import annotations

from bonito_providers.errors import HostRefused


def require_own(url: str, host: str) -> None:
    """Let an address pass that is that very host's, by TLS on its usual port.

    Services name further addresses themselves (`nextLink`, `token_endpoint`,
    `Azure-AsyncOperation`). The network's guard lets through every host of the provider, and
    anybody can have a resource there, so tokens and secrets are bound to one host each.

    Args:
        url: As it would be asked.
        host: The only one the call's token or secret is for, in lower case.

    Raises:
        HostRefused: It is another's, or no address.
    """
    import httpx

    # Read by the client that would send it, so that no two readings of it can differ.
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        own = False
    else:
        own = (parsed.scheme, parsed.raw_host, parsed.port, parsed.userinfo) == (
            "https",
            host.encode(),
            None,
            b"",
        )
    if not own:
        raise HostRefused(
            f"An address was named that is not of {host}.",
            hint="Nothing was sent there: the credentials would travel along.",
        )
