"""botocore that knows only what it is told: no environment, no files, no instance role.

Left to itself botocore fills what is missing from the host's variables, profiles and metadata
service, and prefers ``AWS_BEARER_TOKEN_BEDROCK`` to access keys that were passed (measured with
1.44.5): one customer would be served with the host's own rights.

boto3's clients are botocore's; the resources that boto3 adds do not exist for Bedrock.

A client takes milliseconds to make and works out its service's shapes as it is used, so there is
one for each host. It belongs to no customer: who signs is a matter of the call under way.
"""

from __future__ import annotations

import functools
from pathlib import Path
from threading import Lock
from typing import Any

import botocore
from botocore.config import Config
from botocore.configprovider import ConfigValueStore, ConstantProvider
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import Loader
from botocore.parsers import ResponseParserFactory
from botocore.session import Session
from botocore.tokens import FrozenAuthToken

from bonito_aws_bedrock.regions import Service, host
from bonito_aws_bedrock.transport import before_send, signing_key, signing_token
from bonito_providers.redaction import redact_logs

# Each of them writes headers or what is signed at DEBUG.
redact_logs(
    "botocore.auth",
    "botocore.endpoint",
    "botocore.hooks",
    "botocore.parsers",
    "botocore.session",
    "botocore.client",
    "botocore.regions",
)

CLIENTS = 64
"""Hosts whose clients are kept, of two ways to authenticate each; those used last."""
_making = Lock()


class CurrentCredentials(Credentials):  # type: ignore[misc]  # botocore has no types
    """Credentials that may be exchanged while clients hold on to them.

    Attributes:
        frozen: What the next request is signed with.
    """

    def __init__(self, frozen: ReadOnlyCredentials) -> None:
        super().__init__(frozen.access_key, frozen.secret_key, frozen.token, method="explicit")
        self.frozen = frozen

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the credentials of this moment."""
        return self.frozen


class _Given:
    """A component of botocore that hands out what was given instead of looking around."""

    def __init__(self, value: object) -> None:
        self._value = value

    def load_credentials(self) -> object:
        """Return it as credentials."""
        return self._value

    def load_token(self, **_: object) -> object:
        """Return it as a token."""
        return self._value


class _KeyOfTheCall(Credentials):  # type: ignore[misc]  # botocore has no types
    """Stands for the access key of whichever call a client is asked to sign."""

    def __init__(self) -> None:
        super().__init__("", "", method="explicit")

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the key of the call under way."""
        return signing_key()


class _TokenOfTheCall:
    """Stands for the Bedrock API key of whichever call a client is asked to sign."""

    def get_frozen_token(self) -> FrozenAuthToken:
        """Return the token of the call under way."""
        return FrozenAuthToken(signing_token())


def client_of(service: Service, region: str, *, bearer: bool) -> Any:  # noqa: ANN401 - botocore has no types
    """Return the client for one host, which holds no secret: each call brings what it signs with.

    Its own retries are off, since the connection has some.

    Args:
        service: Whose client.
        region: Where.
        bearer: Whether an API key is sent, instead of signing with an access key.
    """
    with _making:
        return _client(service, region, bearer)


@functools.lru_cache(maxsize=CLIENTS)
def _client(service: Service, region: str, bearer: bool) -> Any:  # noqa: ANN401, FBT001 - botocore has no types; a key of the cache
    return _session().create_client(
        service,
        region_name=region,
        endpoint_url=f"https://{host(service, region)}",
        config=Config(
            signature_version="bearer" if bearer else "v4",
            retries={"mode": "standard", "total_max_attempts": 1},
            ignore_configured_endpoint_urls=True,
            proxies={},
            user_agent="bonito-providers",
        ),
    )


def _session() -> Any:  # noqa: ANN401 - botocore has no types
    session = Session(event_hooks=_events(), include_builtin_handlers=False)
    defaults = {name: row[2] for name, row in session.session_var_map.items()}
    defaults |= {"config_file": None, "credentials_file": None, "profile": None}
    store = ConfigValueStore({name: ConstantProvider(value) for name, value in defaults.items()})
    session.register_component("config_store", store)
    session.register_component("data_loader", _loader())
    session.register_component("event_emitter", _events())
    session.register_component("response_parser_factory", _parsers())
    session.register_component("credential_provider", _Given(_KeyOfTheCall()))
    session.register_component("token_provider", _Given(_TokenOfTheCall()))
    session._config = {"profiles": {}}  # noqa: SLF001 - else it reads the files in the home directory
    return session


# What follows is of no customer: it is made once, and each client copies what it changes.


@functools.cache
def _loader() -> Any:  # noqa: ANN401 - botocore has no types
    """Return the descriptions of the services, read once; none from the home directory."""
    data = Path(botocore.__file__).parent / "data"
    return Loader(extra_search_paths=[str(data)], include_default_search_paths=False)


@functools.cache
def _events() -> HierarchicalEmitter:
    """Return the one handler there is: the one that sends.

    botocore's own are left out. They are for other services, put a random token into writes, which
    are found by their names here, and read the variables of a function the host may run in.
    """
    events = HierarchicalEmitter()
    events.register("before-send", before_send)
    return events


@functools.cache
def _parsers() -> ResponseParserFactory:
    """Return parsers that leave times as written: rows read them, many times faster."""
    parsers = ResponseParserFactory()
    parsers.set_parser_defaults(timestamp_parser=str)
    return parsers
