"""The real LiteLLM, with default arguments, under AWS's real host names, in a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from bonito_emulators import Emulation
from bonito_emulators.aws import Account, ApiKey, AWSCloud, User

# Imports LiteLLM in another process.
pytestmark = pytest.mark.slow

SECRET = "Emulated/Secret+For/Tests/Of/LiteLLM/0040"
KEY = "ABSKEmulatedKeyForTestsOfLiteLLM"
PROGRAM = """
import json, os, litellm
litellm.suppress_debug_info = True
keys = {"aws_access_key_id": "AKIAEMULATED00000001", "aws_secret_access_key": os.environ["SECRET"],
        "aws_region_name": "us-east-1"}
ask = {"messages": [{"role": "user", "content": "ping"}], "max_tokens": 8}
nova = "bedrock/converse/amazon.nova-lite-v1:0"
said = []
by_key = {"api_key": os.environ["KEY"], "aws_region_name": "us-east-1"}
for given in ({**keys, "api_key": ""}, by_key):
    said.append(litellm.completion(model=nova, **ask, **given).choices[0].message.content)
    chunks = litellm.completion(model=nova, **ask, **given, stream=True)
    said.append("".join(c.choices[0].delta.content or "" for c in chunks))
vector = litellm.embedding(model="bedrock/amazon.titan-embed-text-v2:0", input=["ping"], **keys)
said.append(len(vector.data[0]["embedding"]))
try:
    litellm.completion(model=nova, **ask, **{**keys, "aws_secret_access_key": "wrong"}, api_key="")
except Exception as error:
    said.append(error.status_code)
print(json.dumps(said), flush=True)
os._exit(0)
"""


def run(emulation: Emulation, **environment: str) -> Any:
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**kept, **emulation.environment(), "SECRET": SECRET, "KEY": KEY, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def cloud() -> AWSCloud:
    user = User("bonito", "AKIAEMULATED00000001", SECRET)
    return AWSCloud([Account("123456789012", users=[user], api_keys=[ApiKey(KEY, "bonito")])])


def test_litellm_chats_streams_and_embeds_with_keys_and_with_an_api_key(
    emulation: Emulation,
) -> None:
    text = "This is amazon.nova-lite-v1:0. You said: ping"
    assert run(emulation) == [text, text, text, text, 8, 403]
    assert emulation.log.violations == []
    assert emulation.log.refused_names == []


def test_an_empty_api_key_keeps_the_hosts_own_out(emulation: Emulation) -> None:
    foreign = "ABSKForeignKeyOfTheHost"
    # The embedding goes without an empty key, which is the trap: it would use the host's.
    with pytest.raises(AssertionError, match=r"Authentication failed|valid"):
        run(emulation, AWS_BEARER_TOKEN_BEDROCK=foreign)
    sent = [request.header("authorization") or "" for request in emulation.log.requests]
    assert [foreign in each for each in sent[:4]] == [False] * 4
    assert foreign in sent[4]
