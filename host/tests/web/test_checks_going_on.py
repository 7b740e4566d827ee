"""A check shows each item when it is known: to a reader of the page, without scripts, and the API.

The cloud answers the first request of each check here and keeps all others waiting, so what is
read meanwhile was sent before the check went on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bonito_emulators import Emulation
from bonito_emulators.azure import AzureCloud
from host.tests.conftest import ENDPOINT, KEY
from host.tests.holding import Held
from host.tests.web.serving import Browser, Site, serving

# Serves in a process of its own.
pytestmark = pytest.mark.slow

FIRST = "/openai/v1/models"
FIELDS = {"azure_mode": "foundry", "endpoint": ENDPOINT, "api_key": KEY}
FORM = {
    "service": "azure_foundry",
    **{f"azure_foundry.{name}": FIELDS[name] for name in ("endpoint", "api_key")},
}
EVENTS = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
def site(
    emulation: tuple[Emulation, AzureCloud], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    started, _ = emulation
    folder: Path = tmp_path_factory.mktemp("going-on")
    variables = {**started.environment(), "BONITO_PROXY": started.proxy_url}
    with serving(folder, "--store", str(folder / "store.db"), variables=variables) as serves:
        yield serves


@pytest.fixture(scope="module")
def api(site: Site) -> Iterator[httpx.Client]:
    with site.programme() as client:
        yield client


@pytest.fixture(scope="module")
def visitor(site: Site) -> Browser:
    return site.browser()


@contextmanager
def holding(cloud: AzureCloud) -> Iterator[Held]:
    held = Held(FIRST)
    cloud.faults.add(held.fault)
    try:
        yield held
    finally:
        held.go.set()
        cloud.faults.clear()


@contextmanager
def read_of(
    client: httpx.Client, path: str, **options: object
) -> Iterator[tuple[httpx.Response, Iterator[str]]]:
    with client.stream("POST", path, **options) as answer:  # type: ignore[arg-type] # as httpx takes them
        yield answer, answer.iter_text()


def read_until(pieces: Iterator[str], text: str) -> str:
    read = ""
    while text not in read:
        read += next(pieces)
    return read


def told(text: str) -> list[tuple[str, object]]:
    blocks = re.findall(r"^event: (\w+)\ndata: (.*)$", text, flags=re.MULTILINE)
    return [(kind, json.loads(data)) for kind, data in blocks]


def connected(api: httpx.Client, id: str) -> bool:
    return api.get(f"/api/connections/{id}").status_code == 200


def test_the_api_tells_the_first_item_before_the_second_question_is_answered(
    api: httpx.Client, cloud: AzureCloud
) -> None:
    body = {"cloud": "azure", "fields": FIELDS, "id": "events"}
    with (
        holding(cloud) as held,
        read_of(api, "/api/connections", json=body, headers=EVENTS) as (answer, pieces),
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        text = read_until(pieces, '"name":"authenticate"')
        assert [kind for kind, _ in told(text)] == ["item", "item"]
        assert held.waits
        assert not connected(api, "events")
        held.go.set()
        text += "".join(pieces)
    *items, (kind, document) = told(text)
    assert kind == "end"
    assert isinstance(document, dict)
    assert document["saved"] is True
    assert [item for _, item in items] == document["report"]["items"]
    assert connected(api, "events")
    again = api.post("/api/connections/events/check", headers=EVENTS)
    assert [kind for kind, _ in told(again.text)][-2:] == ["item", "end"]
    changed = api.put("/api/connections/events", json={"fields": FIELDS}, headers=EVENTS)
    assert told(changed.text)[-1][0] == "end"


def test_without_asking_for_events_the_api_answers_as_a_document(api: httpx.Client) -> None:
    body = {"cloud": "azure", "fields": FIELDS, "id": "document"}
    made = api.post("/api/connections", json=body, headers={"accept": "application/json, */*"})
    assert (made.status_code, made.json()["saved"]) == (201, True)
    assert api.post("/api/connections/document/check").json()["items"]


def test_what_is_wrong_before_a_check_is_said_by_the_status(api: httpx.Client) -> None:
    body = {"cloud": "azure", "fields": {**FIELDS, "endpoint": ""}}
    assert api.post("/api/connections", json=body, headers=EVENTS).status_code == 422
    assert api.post("/api/connections/nobody/check", headers=EVENTS).status_code == 404


def test_refused_credentials_end_in_a_document_that_says_so(api: httpx.Client) -> None:
    body = {"cloud": "azure", "fields": {**FIELDS, "api_key": "0" * 32}, "id": "refused"}
    answer = api.post("/api/connections", json=body, headers=EVENTS)
    kind, document = told(answer.text)[-1]
    assert kind == "end"
    assert isinstance(document, dict)
    assert document["saved"] is False
    assert "0" * 32 not in answer.text
    assert not connected(api, "refused")


def test_the_page_shows_the_first_item_before_the_second_question_is_answered(
    api: httpx.Client, visitor: Browser, cloud: AzureCloud
) -> None:
    fields = {"csrf": visitor.csrf, **FORM, "id": "page"}
    with (
        holding(cloud) as held,
        read_of(visitor.client, "/connect/azure", data=fields) as (answer, pieces),
    ):
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        text = read_until(pieces, "<strong>Authenticate</strong>")
        assert "List deployments" not in text
        assert "http-equiv" not in text
        assert held.waits
        held.go.set()
        text += "".join(pieces)
    assert text.index("List deployments") < text.index("Surface /models")
    assert '<meta http-equiv="refresh" content="0; url=/connections/page?new=yes">' in text
    assert '<a href="/connections/page?new=yes">' in text
    assert text.rstrip().endswith("</html>")
    assert "what is still to come" not in text
    assert connected(api, "page")
    assert KEY not in text


def test_the_pages_beginning_comes_before_the_first_question_is_answered(
    visitor: Browser, cloud: AzureCloud
) -> None:
    held = Held("/nothing")
    cloud.faults.add(held.fault)
    fields = {"csrf": visitor.csrf, **FORM, "id": "beginning"}
    with read_of(visitor.client, "/connect/azure", data=fields) as (_, pieces):
        text = read_until(pieces, "The service is being asked.")
        assert "Reach the endpoint" not in text
        assert held.waits
        held.go.set()
        text += "".join(pieces)
    assert "Reach the endpoint" in text


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "<!-- what is still to come -->"])
def test_what_somebody_typed_is_escaped_in_a_page_that_grows(visitor: Browser, words: str) -> None:
    wrong = {**FORM, "azure_foundry.api_key": "0" * 32}
    answer = visitor.post("/connect/azure", **wrong, **{"azure_foundry.tenant_id": words})
    assert words not in answer.text


def test_refused_credentials_end_in_the_form_and_are_not_stored(
    api: httpx.Client, visitor: Browser
) -> None:
    wrong = "wrong-key-0123456789abcdef"
    answer = visitor.post(
        "/connect/azure", **{**FORM, "azure_foundry.api_key": wrong, "id": "form"}
    )
    assert "Nothing was stored" in answer.text
    assert answer.text.count("data-focus") == 1
    assert ENDPOINT in answer.text.partition("Nothing was stored")[2]
    assert wrong not in answer.text
    assert answer.text.rstrip().endswith("</html>")
    assert not connected(api, "form")
    # Its form is whole: what is mended in it goes through.
    assert visitor.post("/connect/azure", **FORM, id="form").url.path == "/connections/form"


def test_a_name_that_is_taken_is_said_before_anything_is_asked(visitor: Browser) -> None:
    visitor.post("/connect/azure", **FORM, id="taken")
    answer = visitor.post("/connect/azure", **FORM, id="taken")
    assert answer.status_code == 422
    assert "What the check finds" not in answer.text


def test_a_connection_is_changed_and_checked_again_by_pages_that_grow(
    visitor: Browser, cloud: AzureCloud
) -> None:
    visitor.post("/connect/azure", **FORM, id="kept")
    for path, fields in (
        ("/connections/kept/check", {}),
        ("/connections/kept/edit", {"azure_foundry.endpoint": ENDPOINT}),
    ):
        data = {"csrf": visitor.csrf, **fields}
        with (
            holding(cloud) as held,
            read_of(visitor.client, path, data=data) as (_, pieces),
        ):
            text = read_until(pieces, "<strong>Authenticate</strong>")
            assert held.waits
            held.go.set()
            text += "".join(pieces)
        assert 'url=/connections/kept">' in text
    wrong = visitor.post(
        "/connections/kept/edit",
        **{"azure_foundry.endpoint": ENDPOINT, "azure_foundry.api_key": "0" * 32},
    )
    assert "Nothing was changed" in wrong.text
    assert visitor.get("/connections/kept").status_code == 200


@pytest.mark.parametrize("how", ["page", "api"])
def test_a_check_ends_when_who_reads_it_leaves(
    api: httpx.Client, visitor: Browser, cloud: AzureCloud, how: str
) -> None:
    id = f"left-{how}"
    with holding(cloud) as held:
        if how == "page":
            data = {"csrf": visitor.csrf, **FORM, "id": id}
            with read_of(visitor.client, "/connect/azure", data=data) as (_, pieces):
                read_until(pieces, "<strong>Authenticate</strong>")
        else:
            body = {"cloud": "azure", "fields": FIELDS, "id": id}
            with read_of(api, "/api/connections", json=body, headers=EVENTS) as (_, pieces):
                read_until(pieces, '"name":"authenticate"')
        # Neither answered nor given up by the cloud: it was the host that hung up.
        assert held.sees_its_client_leave()
    assert not connected(api, id)


def test_a_page_that_grows_is_for_the_operators_own_forms_only(visitor: Browser) -> None:
    answer = visitor.client.post("/connect/azure", data={"csrf": "old", **FORM})
    assert answer.status_code == 403
    assert "What the check finds" not in answer.text


def test_a_name_that_is_taken_meanwhile_ends_the_page_with_what_is_wrong(
    api: httpx.Client, visitor: Browser, cloud: AzureCloud
) -> None:
    fields = {"csrf": visitor.csrf, **FORM, "id": "raced"}
    body = {"cloud": "azure", "fields": FIELDS, "id": "raced"}
    with (
        holding(cloud) as held,
        read_of(visitor.client, "/connect/azure", data=fields) as (_, page),
        read_of(api, "/api/connections", json=body, headers=EVENTS) as (_, pieces),
    ):
        text = read_until(page, "<strong>Authenticate</strong>")
        read_until(pieces, '"name":"authenticate"')
        held.go.set()
        text += "".join(page)
        said = told("".join(pieces))
    # One of the two came first, whichever; the other says so at its end.
    refused = "Nothing was stored" in text
    assert ('http-equiv="refresh"' in text) is not refused
    assert said[-1][0] == ("end" if refused else "error")
    assert text.rstrip().endswith("</html>")


def test_a_connection_that_goes_while_it_is_checked_ends_the_page_with_that(
    api: httpx.Client, visitor: Browser, cloud: AzureCloud
) -> None:
    visitor.post("/connect/azure", **FORM, id="going")
    data = {"csrf": visitor.csrf}
    with (
        holding(cloud) as held,
        read_of(visitor.client, "/connections/going/check", data=data) as (_, pieces),
    ):
        text = read_until(pieces, "<strong>Authenticate</strong>")
        assert api.delete("/api/connections/going").status_code == 204
        held.go.set()
        text += "".join(pieces)
    assert "It could not be checked" in text
    assert 'http-equiv="refresh"' not in text
