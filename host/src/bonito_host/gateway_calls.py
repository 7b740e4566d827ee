"""Calls through LiteLLM in this process, and what they print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from bonito_host.application import Application
from bonito_host.litellm_adapter import Gateway, Message, load
from bonito_host.output import Output, printable_lines
from bonito_host.process_guard import guard_process
from bonito_providers.gateway import GatewayConfig


def open_gateway(
    application: Application, config: GatewayConfig, redact: Callable[[str], str]
) -> Gateway:
    """Guard the process, load LiteLLM, and return its Router over a configuration."""
    settings = application.settings
    guard_process(
        application.registry,
        trusted_networks=settings.trusted_networks,
        extra_hosts=settings.extra_hosts,
        services=settings.services,
        proxy=settings.proxy,
    )
    application.output.progress("loading LiteLLM …")
    application.output.progress(f"asking through LiteLLM {load()}")
    return Gateway(config, redact=redact)


@dataclass(frozen=True)
class Asking:
    """One route of the gateway, asked on behalf of a person."""

    gateway: Gateway
    route: str
    output: Output

    async def chat(self, prompt: str) -> None:
        """Print the answer."""
        answer = await self.gateway.chat(self.route, _user(prompt))
        self.output.document(asdict(answer))
        self.output.text(printable_lines(answer.text))
        tokens = f"{_known(answer.input_tokens)} tokens in, {_known(answer.output_tokens)} out"
        self.output.progress(f"{answer.model or 'the model'} answered: {tokens}")

    async def stream(self, prompt: str) -> None:
        """Print the answer as it comes; in JSON a line for each piece."""
        async for piece in self.gateway.stream(self.route, _user(prompt)):
            self.output.document({"text": piece})
            self.output.piece(piece)
        self.output.text()

    async def embed(self, text: str) -> None:
        """Print the length of the vector; in JSON the vector itself."""
        answer = await self.gateway.embed(self.route, [text])
        self.output.document(asdict(answer))
        (vector,) = answer.vectors
        self.output.text(f"{len(vector)} dimensions")
        self.output.progress(f"{answer.model or 'the model'} answered")


def _user(prompt: str) -> list[Message]:
    return [{"role": "user", "content": prompt}]


def _known(count: int | None) -> str:
    return "unknown" if count is None else str(count)
