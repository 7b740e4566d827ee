"""The real LiteLLM as a program: a call on each line that comes in, its outcome on one going out.

Any interpreter that has LiteLLM runs this file by its path, so it imports nothing of the suite.
All the suite knows of LiteLLM's interface is here. Secrets come in by stdin and nowhere else, and
the program ends when whoever started it does.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

SECONDS = 25.0
"""How long one call may take; the emulated clouds answer at once."""
_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "openai._base_client")


def main() -> None:
    """Answer calls until stdin ends."""
    written = _own_stdout()
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    import litellm
    from litellm._version import version

    litellm.suppress_debug_info = True
    # It would fetch tokenisers of models it knows by name, to count what the service counts.
    litellm.disable_hf_tokenizer_download = True
    _say(written, {"litellm": version})
    asyncio.run(_serve(written))
    written.flush()
    os._exit(0)  # LiteLLM's threads and handlers have nothing to finish


def _own_stdout() -> IO[str]:
    """Return stdout, and lead whatever LiteLLM prints elsewhere."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


def _say(written: IO[str], what: dict[str, Any]) -> None:
    written.write(json.dumps(what) + "\n")
    written.flush()


async def _serve(written: IO[str]) -> None:
    """Read a line, call, write a line; one event loop for all, since clients belong to one."""
    routers: dict[str, Any] = {}
    while line := await asyncio.to_thread(sys.stdin.readline):
        call = json.loads(line)
        try:
            async with asyncio.timeout(SECONDS):
                with _lent(call.get("lent") or {}, routers) as known:
                    router = _router(known, call["entry"])
                    said = await _asked(router, call["entry"]["model_name"], call)
        except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
            said = {"error": _described(error)}
        _say(written, said)


@contextmanager
def _lent(variables: dict[str, str], routers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Set variables for one call; clients read them when made, so none is kept across it."""
    if not variables:
        yield routers
        return
    import litellm

    litellm.in_memory_llm_clients_cache.flush_cache()
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield {}
    finally:
        os.environ.clear()
        os.environ.update(before)
        litellm.in_memory_llm_clients_cache.flush_cache()


def _router(routers: dict[str, Any], entry: dict[str, Any]) -> Any:  # noqa: ANN401 - LiteLLM's own
    """Return the router of an entry; each leaves traces in the process, so one is kept."""
    import litellm

    key = json.dumps(entry, sort_keys=True)
    if key not in routers:
        routers[key] = litellm.Router(
            model_list=[entry], num_retries=0, disable_cooldowns=True, timeout=SECONDS
        )
    return routers[key]


# The Router is LiteLLM's own class, and this file names none before LiteLLM is imported.
async def _asked(router: Any, model: str, call: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    question = call["question"]
    if call["operation"] == "embedding":
        reply = await router.aembedding(model=model, **question)
        return {"answer": {"dimensions": [len(item["embedding"]) for item in reply.data]}}
    if call["operation"] == "stream":
        return {"answer": await _streamed(await router.acompletion(model=model, **question))}
    choice = (await router.acompletion(model=model, **question)).choices[0]
    calls = choice.message.tool_calls or ()
    return {
        "answer": {
            "text": choice.message.content or "",
            "tools": [[each.function.name, each.function.arguments] for each in calls],
            "finish_reason": choice.finish_reason,
        }
    }


async def _streamed(chunks: Any) -> dict[str, Any]:  # noqa: ANN401 - LiteLLM's own
    words, finish = [], None
    async for chunk in chunks:
        for choice in chunk.choices:
            finish = choice.finish_reason or finish
            words += [choice.delta.content] if choice.delta.content else []
    return {"text": "".join(words), "pieces": len(words), "finish_reason": finish}


def _described(error: Exception) -> dict[str, Any]:
    status = getattr(error, "status_code", None)
    return {
        "kind": type(error).__name__,
        "status": int(status) if status is not None else None,
        "message": str(error),
    }


if __name__ == "__main__":
    main()
