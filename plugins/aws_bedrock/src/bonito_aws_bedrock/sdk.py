"""The SDK of one connection: its threads, and what its calls are signed with."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal

from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ParamValidationError
from pydantic import SecretStr

from bonito_aws_bedrock import wire
from bonito_aws_bedrock.session import CurrentCredentials, client_of
from bonito_aws_bedrock.signin import Signin
from bonito_aws_bedrock.transport import Exchange
from bonito_providers.errors import MalformedAnswer, ProviderError

if TYPE_CHECKING:
    from bonito_aws_bedrock.credentials import BedrockCredentials
    from bonito_aws_bedrock.regions import Service
    from bonito_providers.connection import Connection


Who = Literal["access_key", "role", "api_key"]


class Toolkit:
    """Threads and calls of one connection, ended by `close`.

    Attributes:
        signin: Who the requests are signed as.
    """

    def __init__(self, connection: Connection, threads: ThreadPoolExecutor) -> None:
        given = wire.own(connection)
        self._connection = connection
        self._region = given.region
        self._threads = threads
        self._under_way: set[Exchange] = set()
        base = _keys(given)
        self.signin = Signin(connection, self, base)
        self._signs: Who = "role" if self.signin.assumed else "access_key" if base else "api_key"
        self._authentication: Mapping[Who, CurrentCredentials | SecretStr | None] = {
            "access_key": base,
            "role": self.signin.assumed,
            "api_key": given.api_key,
        }

    async def close(self) -> None:
        """Give up what is under way and let the threads end."""
        for exchange in tuple(self._under_way):
            await exchange.give_up()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def run(
        self,
        service: Service,
        operation: str,
        parameters: Mapping[str, object],
        *,
        who: Who | None = None,
    ) -> Mapping[str, Any]:
        """Return the parsed answer of one operation.

        Args:
            service: Whose operation.
            operation: As the service model names it.
            parameters: Its members.
            who: What to authenticate with; None is what the connection signs with.

        Raises:
            ProviderError: As `wire.call`.
        """
        signs = self._authentication[who or self._signs]
        idempotent = wire.may_repeat(operation)
        exchange = Exchange(self._connection, idempotent=idempotent, signs=signs)
        self._under_way.add(exchange)

        def work() -> Mapping[str, Any]:
            exchange.enter()
            client = client_of(service, self._region, bearer=isinstance(signs, SecretStr))
            return _made(client, operation, parameters)

        try:
            return await wire.in_thread(self._threads, work)
        except asyncio.CancelledError:
            await exchange.give_up()
            raise
        finally:
            self._under_way.discard(exchange)


def _made(client: Any, operation: str, parameters: Mapping[str, object]) -> Mapping[str, Any]:  # noqa: ANN401 - botocore has no types
    """Make a call and return its parsed answer, in the thread that waits for it."""
    failure: ProviderError
    try:
        answer: Mapping[str, Any] = client._make_api_call(operation, dict(parameters))  # noqa: SLF001 - what each generated method calls
    except ProviderError:
        raise
    except ParamValidationError as error:
        failure = wire.refused_parameters(error)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        failure = _unreadable(operation, error)
    except Exception as error:
        if not type(error).__module__.startswith("botocore"):
            raise
        failure = _unreadable(operation, error)
    else:
        return answer
    # Raised outside the handler: the causes hold requests, and requests hold keys.
    raise failure


def _keys(given: BedrockCredentials) -> CurrentCredentials | None:
    if given.access_key_id is None or given.secret_access_key is None:
        return None
    token = given.session_token.get_secret_value() if given.session_token else None
    secret = given.secret_access_key.get_secret_value()
    return CurrentCredentials(ReadOnlyCredentials(given.access_key_id, secret, token, None))


def _unreadable(operation: str, error: Exception) -> MalformedAnswer:
    return MalformedAnswer(
        f"The answer to {operation} cannot be read ({type(error).__name__}).",
        hint="Try again; if it stays, the service has changed: report it.",
    )
