"""Answers are bounded in size and memory, compressed or not."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import httpcore
import httpx
import pytest

from bonito_emulators import Fault, Respond, Truncate
from bonito_providers import Connection
from bonito_providers.bodies import CappedBody
from bonito_providers.errors import MalformedAnswer, ServiceUnavailable
from bonito_providers.network import LARGEST_ANSWER
from tests.toy_service import HOST, KEY, ToyService

pytestmark = pytest.mark.anyio
URL = f"https://{HOST}/v1/models"
TEXT = b'{"models": ["parrot-1"]}' * 50


def bomb(size: int) -> bytes:
    """Return gzip that grows to that many zeros, made without holding them."""
    packer = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    block = bytes(1024 * 1024)
    packed = b"".join(packer.compress(block) for _ in range(size // len(block)))
    return packed + packer.flush()


async def answer(
    connection: Connection, toy: ToyService, body: bytes, coding: str | None = None
) -> httpx.Response:
    headers = {"content-encoding": coding} if coding else {}
    toy.faults.add(Fault(action=Respond(200, headers, body)))
    return await connection.http.get(URL, headers={"x-toy-key": KEY})


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
    ],
    # Names of our own: gzip writes the time into what it packs, and workers must agree on names.
    ids=["none", "identity", "gzip", "x-gzip", "GZIP", "deflate"],
)
async def test_an_answer_is_read_in_the_codings_services_use(
    coding: str | None, body: bytes, connection: Connection, toy: ToyService
) -> None:
    response = await answer(connection, toy, body, coding)
    assert response.content == TEXT
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("coding", [None, "gzip"])
async def test_an_answer_of_the_largest_size_is_read_and_one_byte_more_is_refused(
    coding: str | None, connection: Connection, toy: ToyService
) -> None:
    largest = bytes(LARGEST_ANSWER)
    pack = gzip.compress if coding else bytes
    response = await answer(connection, toy, pack(largest), coding)
    assert len(response.content) == LARGEST_ANSWER
    with pytest.raises(MalformedAnswer, match=f"{HOST} answered with more than 32 MB"):
        await answer(connection, toy, pack(largest + b"x"), coding)


async def test_a_small_answer_that_grows_without_end_is_refused(
    connection: Connection, toy: ToyService
) -> None:
    packed = bomb(8 * LARGEST_ANSWER)
    assert len(packed) < LARGEST_ANSWER / 100
    with pytest.raises(MalformedAnswer, match="more than 32 MB"):
        await answer(connection, toy, packed, "gzip")


async def test_what_would_grow_is_never_held_in_memory_even_from_a_single_chunk() -> None:
    size, limit = 64 * 1024 * 1024, 1024 * 1024
    incoming = httpcore.Response(200, headers={"content-encoding": "gzip"}, content=bomb(size))
    body = CappedBody(incoming, HOST, limit=limit)
    tracemalloc.start()
    try:
        with pytest.raises(MalformedAnswer, match="more than 1 MB"):
            _ = [len(piece) async for piece in body]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * limit


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress"])
async def test_a_coding_nobody_asked_for_is_refused_by_name(
    coding: str, connection: Connection, toy: ToyService
) -> None:
    with pytest.raises(MalformedAnswer, match="the content coding"):
        await answer(connection, toy, TEXT, coding)


@pytest.mark.parametrize(
    "body", [TEXT, gzip.compress(TEXT)[:10] + TEXT], ids=["plain text", "a header, then text"]
)
async def test_a_damaged_compressed_answer_is_malformed(
    body: bytes, connection: Connection, toy: ToyService
) -> None:
    with pytest.raises(MalformedAnswer, match="a damaged compressed body"):
        await answer(connection, toy, body, "gzip")


async def test_a_compressed_answer_that_ends_too_early_is_malformed(
    connection: Connection, toy: ToyService
) -> None:
    with pytest.raises(MalformedAnswer, match="ends too early"):
        await answer(connection, toy, gzip.compress(TEXT)[:-12], "gzip")


@pytest.mark.parametrize("status", [200, 202, 304])
async def test_an_empty_answer_is_empty_whatever_its_coding(
    status: int, connection: Connection, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Respond(status, {"content-encoding": "gzip"})))
    response = await connection.http.get(URL)
    assert (response.status_code, response.content) == (status, b"")


async def test_a_connection_lost_within_an_answer_is_an_unavailable_service(
    connection: Connection, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Truncate(after_bytes=3)))
    with pytest.raises(ServiceUnavailable) as caught:
        await connection.http.get(URL, headers={"x-toy-key": KEY})
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_after_an_answer_that_was_refused_the_client_goes_on(
    connection: Connection, toy: ToyService
) -> None:
    for _ in range(3):
        with pytest.raises(MalformedAnswer):
            await answer(connection, toy, TEXT, "br")
    assert (await answer(connection, toy, TEXT)).content == TEXT
