"""The catalogue as it may be shown, read and unread, whole and in part; and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import deployments, instead, meeting, models, picked
from bonito_emulators.gcp import PublisherModel
from bonito_gcp_vertex.conformance.asking import SIGNING_IN, after, looking, queries
from bonito_gcp_vertex.conformance.changes import in_one_page, put
from bonito_gcp_vertex.conformance.faults import CIRCLE, FLASH_ROW, catalogue
from bonito_gcp_vertex.conformance.project import CATALOGUE, EVERY_MODEL, FLASH, H100, LLAMA, SMALL
from bonito_providers import State
from bonito_providers.errors import MalformedAnswer

if TYPE_CHECKING:
    from bonito_emulators.gcp import GoogleCloud


def _two_versions(cloud: GoogleCloud) -> None:
    second = PublisherModel(
        publisher="google", name="text-embedding-005", version="002", surface="predict"
    )
    cloud.catalogue.models.append(second)


_EMBEDDING = "google/text-embedding-005"
_MODELS = Situation(
    name="the catalogue",
    prepare=put(SMALL),
    told=(
        Told(
            name="how it is asked",
            ask=queries(models),
            tells={
                # Of Google's own SDK: all versions, and none of the thousands of Hugging Face's.
                "1": "listAllVersions=true&filter=is_hf_wildcard%28false%29&pageSize=100",
                "2": "listAllVersions=true&filter=is_hf_wildcard%28false%29&pageSize=100"
                "&pageToken=page-12",
            },
        ),
        Told(
            name="what it tells",
            ask=after(in_one_page, models),
            tells={"complete": True},
            says=(
                "Model Garden's catalogue of all publishers",
                "neither where a model is served nor",
            ),
        ),
        Told(
            name="models of all kinds",
            ask=picked(
                models,
                theirs=LLAMA,
                own=SMALL,
                dated="anthropic/claude-sonnet-4-5@20250929",
                unknown="contoso/weather-oracle@001",
            ),
            tells={
                "theirs.name": "llama3-3",
                "theirs.format": "meta",
                "theirs.version": "llama-3.3-70b-instruct",
                "theirs.publisher": "Meta",
                "theirs.sold_by": None,
                "theirs.terms_needed": True,
                "theirs.kind": "chat",
                "theirs.lifecycle": "GA",
                "theirs.skus.0.name": H100,
                "theirs.deployed_as": [],
                "theirs.price_key": None,
                "own.sold_by": "first_party",
                "own.terms_needed": None,
                "own.deployed_as": ["mine", "our-gemma", "team-gemma"],
                "dated.publisher": "Anthropic",
                "dated.sold_by": "partner",
                "dated.terms_needed": True,
                "dated.skus.0.name": "serverless",
                "dated.price_key": "vertex_ai/claude-sonnet-4-5",
                "dated.canonical_name": "claude-sonnet-4-5",
                "unknown.publisher": "contoso",
                "unknown.kind": None,
                "unknown.sold_by": None,
                "unknown.terms_needed": None,
            },
        ),
        Told(
            name="two versions of one that is served",
            ask=after(
                _two_versions,
                picked(models, first=f"{_EMBEDDING}@001", second=f"{_EMBEDDING}@002"),
            ),
            tells={"first.deployed_as": [_EMBEDDING], "second.deployed_as": [_EMBEDDING]},
        ),
        Told(
            name="the version that is callable",
            ask=picked(deployments, it=_EMBEDDING),
            tells={"it.model.version": "001"},
        ),
        Told(
            name="the version that answers",
            ask=looking(_EMBEDDING),
            tells={"model.version": "001"},
        ),
        Told(
            name="rows that cannot be read",
            ask=meeting(
                picked(models),
                catalogue(
                    FLASH_ROW,
                    {"name": "publishers/google", "publisherModelTemplate": "template"},
                    {"publisherModelTemplate": "template"},
                    {"name": "a\nname"},
                    {"name": " "},
                    {"name": 7},
                    {"name": "x" * 101},
                    "text",
                    {"name": "publishers/google/models/gemini-4", "versionId": 7},
                ),
            ),
            tells={
                "names": [FLASH],
                "complete": True,
                "skipped.0.id": "publishers/google",
                "skipped.1.id": "template",
                "skipped.2.id": "(no name)",
                "skipped.3.id": "(no name)",
                "skipped.4.id": "(no name)",
                "skipped.5.id": "x" * 100,
                "skipped.6.id": "(no name)",
                "skipped.7.id": "publishers/google/models/gemini-4",
            },
            says=("The row cannot be read: name: ", "the row: ", "versionId: "),
        ),
        Told(
            name="a row that comes twice",
            ask=meeting(
                picked(models, it=FLASH),
                catalogue({**FLASH_ROW, "launchStage": "GA"}, FLASH_ROW),
            ),
            tells={"it.lifecycle": "GA", "it.version": None},
        ),
        Told(
            name="pages that lead in a circle",
            ask=meeting(models, catalogue(FLASH_ROW, nextPageToken="again")),
            tells={"complete": False, "notes.0": CIRCLE, "items.0.id": FLASH},
        ),
        Told(
            name="pages that lead nowhere",
            ask=meeting(models, catalogue(FLASH_ROW, nextPageToken=7)),
            tells={"complete": False, "notes.0": CIRCLE},
        ),
        Told(
            name="a catalogue that is empty",
            ask=meeting(models, instead({}, path=EVERY_MODEL)),
            says=("no list under 'publisherModels'", "report it"),
            refused=MalformedAnswer,
        ),
        Told(
            name="a last page that is empty",
            ask=meeting(
                picked(models),
                instead({"publisherModels": [FLASH_ROW], "nextPageToken": "two"}, path=EVERY_MODEL),
                instead({}, path=EVERY_MODEL),
            ),
            tells={"names": [FLASH], "complete": True},
        ),
        Told(
            name="a page of something else",
            ask=meeting(models, instead({"models": []}, path=EVERY_MODEL)),
            refused=MalformedAnswer,
        ),
    ),
)

CATALOGUES = (
    _MODELS,
    Situation(
        name="tokens as the service may give them",
        told=(
            Told(
                name="one without a text",
                ask=meeting(
                    models, instead({"access_token": "", "expires_in": 3599}, path="/token")
                ),
                tells={"status": 200},
                says=("oauth2.googleapis.com answered 200", "access_token", "report it"),
                refused=MalformedAnswer,
            ),
            Told(
                name="one that is over",
                ask=meeting(
                    models, instead({"access_token": "ya29.x", "expires_in": 0}, path="/token")
                ),
                refused=MalformedAnswer,
            ),
            Told(
                name="one of a second",
                ask=meeting(
                    looking(FLASH),
                    instead({"access_token": "y", "expires_in": 1}, path="/token"),
                    instead({**FLASH_ROW}, path=f"{CATALOGUE}/google"),
                ),
                tells={"state": State.READY},
                sends=(SIGNING_IN, f"GET {CATALOGUE}/google/models/gemini-3.8-flash"),
            ),
        ),
    ),
)
