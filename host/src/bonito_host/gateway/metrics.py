"""Numbers for Prometheus: no name of a model or caller, which would make one series each."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bonito_host.store.calls import Call

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)


class Metrics:
    """What the gateway counts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._calls = Counter(
            "bonito_gateway_calls",
            "Calls that have ended.",
            ("connection", "kind", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "bonito_gateway_call_seconds",
            "From the request to the last byte.",
            ("kind",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._tokens = Counter(
            "bonito_gateway_tokens",
            "Tokens as the services counted them.",
            ("connection", "direction"),
            registry=self._registry,
        )
        self._cost = Counter(
            "bonito_gateway_cost_usd",
            "Cost at list prices, where it is known.",
            ("connection",),
            registry=self._registry,
        )
        self._unpriced = Counter(
            "bonito_gateway_unpriced_calls",
            "Answered calls whose cost is not known.",
            ("connection",),
            registry=self._registry,
        )
        self._open = Gauge("bonito_gateway_open_calls", "Calls under way.", registry=self._registry)

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Show a number that is read when somebody looks."""
        Gauge(f"bonito_gateway_{name}", meaning, registry=self._registry).set_function(value)

    def begin(self) -> None:
        """Count a call that has come in."""
        self._open.inc()

    def end(self, call: Call) -> None:
        """Count a call that has ended."""
        connection = call.connection or ""
        self._open.dec()
        self._calls.labels(connection, call.kind, str(call.status)).inc()
        self._seconds.labels(call.kind).observe(call.seconds)
        counted = {"input": call.input_tokens, "output": call.output_tokens}
        for direction, tokens in counted.items():
            self._tokens.labels(connection, direction).inc(tokens or 0)
        if call.cost is not None:
            self._cost.labels(connection).inc(call.cost)
        elif call.failure is None:
            self._unpriced.labels(connection).inc()

    def written(self) -> bytes:
        """Return all numbers in Prometheus' text format."""
        return generate_latest(self._registry)
