"""LiteLLM's Router, one for the life of the process, filled by need and changed in place.

With `litellm_adapter`, the only module that knows LiteLLM's interface. Building a Router of ten
thousand routes takes minutes, adding one a few milliseconds; so a route comes in with the first
call to its name. Everything happens on the event loop's thread and without awaiting, so that no
call sees a change half made, and a call under way keeps the route it has.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Any

from bonito_host.gateway import answers
from bonito_host.gateway.answers import Answer
from bonito_host.gateway.table import identity
from bonito_host.gateway.ways import Way
from bonito_host.gateway_errors import REPORT, named_failure
from bonito_providers.errors import MalformedAnswer, ProviderError
from bonito_providers.gateway import ConfigDiff, RoutableDeployment

_log = logging.getLogger(__name__)
_TIMEOUT = 600.0
"""Seconds a call may take, streams included."""
_SAID = (
    "content",
    "reasoning_content",
    "reasoning",
    "thinking_blocks",
    "tool_calls",
    "function_call",
    "refusal",
    "audio",
)
"""By any of these a model says something; services name its thoughts as they like."""


class LiveRouter:
    """Routes calls through LiteLLM; `litellm_adapter.load` comes first."""

    def __init__(self) -> None:
        import litellm

        self._router = litellm.Router(
            model_list=[],
            # Retries belong to the caller; the routes of a group are tried in their order all the
            # same, and a route that failed is not hidden from the next call.
            num_retries=0,
            disable_cooldowns=True,
            timeout=_TIMEOUT,
        )
        for callbacks in (litellm.success_callback, litellm._async_success_callback):  # noqa: SLF001 - it has no other name
            # They count successes for cooldowns, which are off, at a tenth of what a call costs.
            litellm.logging_callback_manager.remove_callback_from_list_by_object(
                callbacks, self._router
            )
        self._loaded: dict[str, str] = {}

    @property
    def loaded(self) -> int:
        """How many routes LiteLLM holds."""
        return len(self._loaded)

    def ensure(self, routes: Iterable[RoutableDeployment]) -> None:
        """Put in the routes of a name that are not there yet.

        Raises:
            ProviderError: LiteLLM refuses one of them.
        """
        for route in routes:
            if identity(route) not in self._loaded:
                self._put(route)

    def apply(self, change: ConfigDiff) -> None:
        """Change what has been put in; the rest comes by need."""
        for route in change.removed:
            self._drop(identity(route))
        for route in change.changed:
            if identity(route) in self._loaded:
                self._drop(identity(route))
                self._put_if_accepted(route)
        names = set(self._loaded.values())
        for route in change.added:
            if route.entry.model_name in names:
                self._put_if_accepted(route)

    async def chat(self, way: Way, body: Mapping[str, Any]) -> Answer:
        """Ask for one answer.

        Raises:
            ProviderError: The class says what the caller can do about it.
        """
        failure: ProviderError
        try:
            response = await self._router.acompletion(model=way.name, **body)
            return answers.read(response, model=way.asked, redact=way.redact)
        except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
            failure = _failure(error, way)
        raise failure

    async def stream(self, way: Way, body: Mapping[str, Any]) -> AsyncGenerator[Answer, None]:
        """Ask for one answer and yield its pieces as they come.

        Raises:
            ProviderError: As `chat`; also after some pieces have come.
        """
        failure: ProviderError | None = None
        held: list[Answer] = []
        said = False
        try:
            response = await self._router.acompletion(model=way.name, stream=True, **body)
            async for chunk in response:
                held.append(answers.read(chunk, model=way.asked, redact=way.redact))
                # Until something is said, it may turn out to be no answer at all.
                said = said or _says_something(held[-1].document)
                while said and held:
                    yield held.pop(0)
        except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
            failure = _failure(error, way)
        if failure is None and not said:
            # LiteLLM takes a page of a proxy, or any JSON, for a stream without a word.
            failure = MalformedAnswer(
                "The stream ended without an answer.", hint=REPORT, operation="gateway"
            )
        if failure is not None:
            raise failure

    async def embed(self, way: Way, body: Mapping[str, Any]) -> Answer:
        """Ask for the vectors of texts.

        Raises:
            ProviderError: As `chat`.
        """
        failure: ProviderError
        try:
            response = await self._router.aembedding(model=way.name, **body)
            return answers.read(response, model=way.asked, redact=way.redact)
        except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
            failure = _failure(error, way)
        raise failure

    async def aclose(self) -> None:
        """Close the clients LiteLLM has opened."""
        import litellm

        await litellm.close_litellm_async_clients()

    def _put(self, route: RoutableDeployment) -> None:
        from litellm.types.router import Deployment

        failure: ProviderError
        try:
            self._router.add_deployment(Deployment(**route.entry.to_litellm()))
        except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
            failure = named_failure(error, redact=_nothing_of)
        else:
            self._loaded[identity(route)] = route.entry.model_name
            return
        raise failure

    def _put_if_accepted(self, route: RoutableDeployment) -> None:
        try:
            self._put(route)
        except ProviderError:
            # The next call to its name tries again, and tells its caller.
            _log.warning("LiteLLM refuses the route %s", route.entry.model_name)

    def _drop(self, id: str) -> None:
        if self._loaded.pop(id, None) is not None:
            self._router.delete_deployment(id)


def _failure(error: Exception, way: Way) -> ProviderError:
    # LiteLLM notes on its exceptions which route failed; of a group's, the last.
    way.failed(getattr(error, "failed_deployment_id", None))
    return named_failure(error, redact=way.redact)


def _says_something(document: Mapping[str, Any]) -> bool:
    for choice in document.get("choices", ()):
        delta = choice.get("delta") or {}
        if any(delta.get(field) for field in _SAID):
            return True
        if choice.get("finish_reason") not in (None, "stop"):
            return True
    return False


def _nothing_of(_text: str) -> str:
    # What LiteLLM says of an entry it refuses may quote the entry, key included.
    return "LiteLLM refuses the route to this deployment."
