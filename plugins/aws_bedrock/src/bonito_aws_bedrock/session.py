"""botocore that knows only what it is told: no environment, no files, no instance role.

Left to itself botocore fills what is missing from the host's variables, profiles and metadata
service, and prefers ``AWS_BEARER_TOKEN_BEDROCK`` to access keys that were passed (measured with
1.44.5): one customer would be served with the host's own rights.

boto3's clients are botocore's; the resources that boto3 adds do not exist for Bedrock.
"""

from __future__ import annotations

import functools
from pathlib import Path
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
from pydantic import SecretStr

from bonito_aws_bedrock.regions import Service, host
from bonito_aws_bedrock.transport import before_send
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


class _BearerToken:
    """A Bedrock API key in the form botocore signs with."""

    def __init__(self, value: SecretStr) -> None:
        self._value = value

    def get_frozen_token(self) -> FrozenAuthToken:
        """Return the token."""
        return FrozenAuthToken(self._value.get_secret_value())


def client_of(
    service: Service,
    region: str,
    *,
    credentials: CurrentCredentials | None = None,
    bearer: SecretStr | None = None,
) -> Any:  # noqa: ANN401 - botocore has no types
    """Return a client for one host that authenticates with exactly this.

    Its own retries are off, since the connection has some.

    Args:
        service: Whose client.
        region: Where.
        credentials: What requests are signed with.
        bearer: The API key that is sent instead.
    """
    return _session(credentials, bearer).create_client(
        service,
        region_name=region,
        endpoint_url=f"https://{host(service, region)}",
        config=Config(
            signature_version="v4" if bearer is None else "bearer",
            retries={"mode": "standard", "total_max_attempts": 1},
            ignore_configured_endpoint_urls=True,
            proxies={},
            user_agent="bonito-providers",
        ),
    )


def _session(credentials: CurrentCredentials | None, bearer: SecretStr | None) -> Any:  # noqa: ANN401 - botocore has no types
    session = Session(event_hooks=_events(), include_builtin_handlers=False)
    defaults = {name: row[2] for name, row in session.session_var_map.items()}
    defaults |= {"config_file": None, "credentials_file": None, "profile": None}
    store = ConfigValueStore({name: ConstantProvider(value) for name, value in defaults.items()})
    session.register_component("config_store", store)
    session.register_component("data_loader", _loader())
    session.register_component("event_emitter", _events())
    session.register_component("response_parser_factory", _parsers())
    session.register_component("credential_provider", _Given(credentials))
    token = None if bearer is None else _BearerToken(bearer)
    session.register_component("token_provider", _Given(token))
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
