"""What is pasted as an address means one address, whichever way it is written."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_openai_compatible.endpoint import parse_endpoint
from bonito_openai_compatible.services import SERVICES

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
HOST = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
PORT = st.just("") | st.integers(1, 65535).map(lambda port: f":{port}")
SEGMENT = st.from_regex(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,8}", fullmatch=True)
PATH = st.lists(SEGMENT | st.sampled_from(["v1", "V2", "v1beta", "openai", "models"]), max_size=3)
CALL = st.sampled_from(["", "/chat/completions", "/models", "/embeddings", "/responses"])
SLASHES = st.sampled_from(["", "/", "//"])
SPACE = st.sampled_from(["", " ", "\n", "\t "])
NASTY = ["@", "?", "#", "\\", "%", "/..", "/./", "[", ":", "\u200b", "\u2024", " ", "\0", "//", ";"]
ANYTHING = st.text(max_size=40) | st.lists(
    st.sampled_from(["http", "https", "://", "api.openai.com", "v1", "/", ".", *NASTY]), max_size=9
).map("".join)


def parsed(text: str) -> str | None:
    try:
        return str(parse_endpoint(text))
    except ValueError:
        return None


@given(st.sampled_from(["http", "https"]), HOST, PORT, PATH)
def test_what_an_address_means_means_itself(
    scheme: str, host: str, port: str, path: list[str]
) -> None:
    meant = parsed("/".join([f"{scheme}://{host}{port}", *path]))
    assert meant is None or parsed(meant) == meant


@given(HOST, PORT, PATH, st.tuples(SPACE, CALL, SLASHES, SPACE))
def test_white_space_slashes_capitals_and_the_path_of_a_call_change_nothing(
    host: str, port: str, path: list[str], around: tuple[str, str, str, str]
) -> None:
    before, *after = around
    bare = "/".join([f"https://{host}{port}", *path, "v1"])
    noisy = "/".join([f"HTTPS://{host.upper()}{port}", *path, "V1"])
    assert parsed("".join([before, noisy, *after])) == parsed(bare)


@given(st.sampled_from(["http", "https"]), HOST, PORT, PATH)
def test_elsewhere_an_address_always_ends_with_a_version_or_has_one_before(
    scheme: str, host: str, port: str, path: list[str]
) -> None:
    meant = parsed("/".join([f"{scheme}://{host}{port}", *path]))
    assert meant is None or re.search(r"/v[0-9]+((alpha|beta)[0-9]*)?(/|$)", meant)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
@given(data=st.data())
def test_a_known_service_is_at_its_own_address_or_the_address_is_a_mistake(
    service: object, data: st.DataObject
) -> None:
    (known,) = [each for each in SERVICES if each is service]
    parts = known.path.strip("/").split("/")
    kept = data.draw(st.integers(0, len(parts)))
    call = data.draw(CALL)
    right = "/".join([f"https://{known.host}", *parts[:kept]])
    assert parsed(f"{right}{call}") == known.address
    assert parsed(f"{right}/elsewhere{call}") is None


@given(ANYTHING)
def test_only_plain_addresses_are_accepted_and_every_reader_reads_them_alike(text: str) -> None:
    meant = parsed(text)
    if meant is None:
        return
    one, other = urlsplit(meant), httpx.URL(meant)
    assert re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+", meant)
    assert (one.hostname, one.port, one.path) == (other.host, other.port, other.path)
    assert one.username is None
    assert not {".", ".."} & set(one.path.split("/"))


@given(ANYTHING)
def test_a_refusal_says_why_and_repeats_nothing(text: str) -> None:
    canary = "zq7canary"
    with pytest.raises(ValueError, match=r"^(must|contains|is|has) ") as caught:
        parse_endpoint(f"{text}{canary}@{canary}")
    assert canary not in str(caught.value)
