"""Calls every route of an exported configuration through LiteLLM's Router, as its proxy would."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

from bonito_host.litellm_adapter import load


async def call(router: Any, name: str) -> str:
    if "embedding" in name:
        response = await router.aembedding(model=name, input=["hello"])
        return f"{len(response.data[0]['embedding'])} numbers"
    ask = [{"role": "user", "content": "hello"}]
    response = await router.acompletion(model=name, messages=ask)
    return str(response.choices[0].message.content)


async def main(configuration: dict[str, Any]) -> None:
    load()
    import litellm

    settings = configuration["router_settings"]
    router = litellm.Router(model_list=configuration["model_list"], **settings)
    names = [each["model_name"] for each in configuration["model_list"]]
    answers = {name: await call(router, name) for name in [*names, *settings["model_group_alias"]]}
    print(json.dumps({"answers": answers, "mode": litellm.litellm_mode}))  # noqa: T201 - read by the test


if __name__ == "__main__":
    asyncio.run(main(yaml.safe_load(Path(sys.argv[1]).read_text())))
