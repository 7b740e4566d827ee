"""All this host knows of LiteLLM's interface, which changes between its minor releases.

`process_guard.guard_process` comes first: it removes the variables LiteLLM would read in place of
missing parameters, and closes the ways out that LiteLLM leaves open.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from bonito_host.gateway_errors import REPORT, named_failure
from bonito_providers.errors import BonitoError, MalformedAnswer, ProviderError
from bonito_providers.gateway import GatewayConfig
from bonito_providers.redaction import redact_logs

_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "openai._base_client")
_TIMEOUT = 120.0

Message = Mapping[str, Any]
"""A message as the OpenAI interface has it: ``role`` and ``content``."""


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """A tool the model wants called, with its arguments as the JSON text it wrote."""

    name: str
    arguments: str


@dataclass(frozen=True, kw_only=True)
class ChatAnswer:
    """One answer, whole.

    Attributes:
        text: What the model said; empty where it called tools instead.
        tool_calls: What it wants called.
        model: The model as the service names it.
        finish_reason: Why it stopped.
        input_tokens: As the service counted them.
        output_tokens: As the service counted them.
    """

    text: str
    tool_calls: tuple[ToolCall, ...]
    model: str | None
    finish_reason: str | None
    input_tokens: int | None
    output_tokens: int | None


@dataclass(frozen=True, kw_only=True)
class EmbeddingAnswer:
    """The vectors of the texts, in their order."""

    vectors: tuple[tuple[float, ...], ...]
    model: str | None
    input_tokens: int | None


class LiteLLMMissing(BonitoError):
    """The host was installed without its gateway."""


def load() -> str:
    """Import LiteLLM, quiet and alone with its own files, and return its version.

    It would fetch its price list from the internet, read ``.env`` in the working directory, and
    take switches such as ``SSL_VERIFY=False`` from the environment.

    Raises:
        LiteLLMMissing: It is not installed.
    """
    for name in [each for each in os.environ if each.startswith("LITELLM_")]:
        del os.environ[name]
    os.environ.pop("SSL_VERIFY", None)
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    for name in _LOGGERS:
        # Its handlers are there until the import is over.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        import litellm
    except ModuleNotFoundError as error:
        if error.name != "litellm":
            raise
        raise LiteLLMMissing(
            "LiteLLM is not installed, and calls through the gateway are its work.",
            hint="Try: pip install 'bonito-host[gateway]'",
        ) from None
    from litellm._version import version

    # A call that is interrupted leaves coroutines of LiteLLM behind; nobody has to know.
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    litellm.suppress_debug_info = True
    litellm.drop_params = False
    # Streaming would ask a model hub for a tokenizer, to count what the service counts itself.
    litellm.disable_hf_tokenizer_download = True
    _take_over_logs()
    _require_gate()
    return str(version)


def _take_over_logs() -> None:
    # Its own handlers write to stderr past every filter; its errors are raised as well as logged.
    wanted = logging.getLogger("bonito_host").isEnabledFor(logging.INFO)
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET if wanted else logging.CRITICAL)
    redact_logs(*_LOGGERS)


def _require_gate() -> None:
    """Make sure that the clients LiteLLM uses are the ones the request gate stands in front of.

    Raises:
        RuntimeError: They are others, as in releases that have moved on from httpx.
    """
    import httpx
    import openai
    from litellm.llms.custom_httpx import http_handler

    same = http_handler.httpx is httpx and issubclass(
        openai.DefaultAsyncHttpxClient, httpx.AsyncClient
    )
    if not same:
        message = "this LiteLLM sends by other clients than httpx: redirects cannot be forbidden"
        raise RuntimeError(message)


class Gateway:
    """LiteLLM's Router over a configuration. A process keeps one: each leaves global traces.

    Args:
        config: The routes.
        redact: Hides the secrets of all connections in the configuration.
    """

    def __init__(self, config: GatewayConfig, *, redact: Callable[[str], str]) -> None:
        import litellm

        self._redact = redact
        self._router = litellm.Router(
            model_list=[_without_rest(each) for each in config.to_litellm()],
            model_group_alias=dict(config.aliases),
            # Retries belong to the caller; failover goes by the order of a group's members.
            num_retries=0,
            timeout=_TIMEOUT,
        )

    async def chat(
        self,
        model: str,
        messages: Sequence[Message],
        *,
        tools: Sequence[Mapping[str, Any]] = (),
        max_tokens: int | None = None,
    ) -> ChatAnswer:
        """Ask for one answer.

        Raises:
            ProviderError: The class says what the caller can do about it.
        """
        options = _options(tools=list(tools), max_tokens=max_tokens)
        failure: ProviderError
        try:
            response = await self._router.acompletion(model, list(messages), **options)
            return self._read_chat(response)
        except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
            failure = named_failure(error, redact=self._redact)
        raise failure

    async def stream(
        self, model: str, messages: Sequence[Message], *, max_tokens: int | None = None
    ) -> AsyncIterator[str]:
        """Ask for one answer and yield its text as it comes.

        Raises:
            ProviderError: As `chat`; also after some of the text has come.
        """
        options = _options(stream=True, max_tokens=max_tokens)
        failure: ProviderError | None = None
        said, finish = False, None
        try:
            async for chunk in await self._router.acompletion(model, list(messages), **options):
                for choice in chunk.choices:
                    finish = choice.finish_reason or finish
                    if choice.delta.content:
                        said = True
                        yield self._redact(choice.delta.content)
        except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
            failure = named_failure(error, redact=self._redact)
        if failure is None and not said and finish in {None, "stop"}:
            # LiteLLM takes a page of a proxy, or any JSON, for a stream without a word.
            failure = MalformedAnswer(
                "The stream ended without an answer.", hint=REPORT, operation="gateway"
            )
        if failure is not None:
            raise failure

    async def embed(self, model: str, texts: Sequence[str]) -> EmbeddingAnswer:
        """Ask for the vectors of texts.

        Raises:
            ProviderError: As `chat`.
        """
        failure: ProviderError
        try:
            response = await self._router.aembedding(model=model, input=list(texts))
            return EmbeddingAnswer(
                vectors=tuple(tuple(item["embedding"]) for item in response.data),
                model=response.model,
                input_tokens=getattr(response.usage, "prompt_tokens", None),
            )
        except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
            failure = named_failure(error, redact=self._redact)
        raise failure

    async def aclose(self) -> None:
        """Close the clients LiteLLM has opened."""
        import litellm

        await litellm.close_litellm_async_clients()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def _read_chat(self, response: Any) -> ChatAnswer:  # noqa: ANN401 - LiteLLM's own
        choice = response.choices[0]
        calls = choice.message.tool_calls or ()
        return ChatAnswer(
            text=self._redact(choice.message.content or ""),
            tool_calls=tuple(
                ToolCall(name=call.function.name or "", arguments=call.function.arguments)
                for call in calls
            ),
            model=response.model,
            finish_reason=choice.finish_reason,
            input_tokens=getattr(response.usage, "prompt_tokens", None),
            output_tokens=getattr(response.usage, "completion_tokens", None),
        )


def _without_rest(item: dict[str, Any]) -> dict[str, Any]:
    """Return a `model_list` item that no failure hides from the next call, unless it has others.

    After a 429 LiteLLM leaves a member of a group alone for as long as Retry-After says, or five
    seconds, so that not every call asks in vain first. A route of its own has nothing to fall
    back on.
    """
    if "order" in item["litellm_params"]:
        return item
    return {**item, "model_info": {**item["model_info"], "cooldown_time": 0}}


def _options(**given: object) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value}
