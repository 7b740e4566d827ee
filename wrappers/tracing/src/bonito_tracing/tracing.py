"""The wrapper: one span around each call to a provider.

It uses OpenTelemetry's API alone: the host, or ``opentelemetry-instrument``, configures the SDK,
and without one nothing is recorded and next to nothing is done.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from bonito_providers.errors import BonitoError
from bonito_tracing.attributes import of_call, of_error, of_result, span_name

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider

    from bonito_providers import Call, Proceed


async def around_call(call: Call, proceed: Proceed) -> object:
    """Trace a call with the tracer provider of the process: the entry point."""
    return await Tracing().around_call(call, proceed)


@dataclass(frozen=True)
class Tracing:
    """Traces calls.

    Attributes:
        tracer_provider: Where spans go; None is what the process has configured by then.
    """

    tracer_provider: TracerProvider | None = None

    async def around_call(self, call: Call, proceed: Proceed) -> object:
        """Return or raise what the call does, and record it in a span.

        Spans of what happens inside, such as HTTP requests that another instrumentation traces,
        become its children. A cancellation is recorded as such and is no error.
        """
        tracer = trace.get_tracer("bonito_tracing", tracer_provider=self.tracer_provider)
        with tracer.start_as_current_span(
            span_name(call),
            kind=SpanKind.CLIENT,
            # Recorded exceptions carry tracebacks; what failed is told by attributes instead.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            if not span.is_recording():
                return await proceed()
            span.set_attributes(of_call(call))
            return await _recorded(span, proceed)


async def _recorded(span: Span, proceed: Proceed) -> object:
    try:
        result = await proceed()
    except asyncio.CancelledError:
        span.set_attribute("bonito.cancelled", True)  # noqa: FBT003 - OpenTelemetry's signature
        raise
    except Exception as error:
        span.set_attributes(of_error(error))
        # The core has hidden every secret in its own errors; nobody has in another one's text.
        said = error.message if isinstance(error, BonitoError) else None
        span.set_status(Status(StatusCode.ERROR, said))
        raise
    span.set_attributes(of_result(result))
    return result
