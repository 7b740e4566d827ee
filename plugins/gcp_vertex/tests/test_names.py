"""Names and ids: whatever a model is called, its endpoint's name is one that may be had."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bonito_gcp_vertex.names import (
    MODEL_PREFIX,
    ModelId,
    endpoint_name,
    is_endpoint_name,
    is_served,
    read_model_id,
    served_name,
)
from bonito_gcp_vertex.rows import PublisherRow

PARTS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}", fullmatch=True)
# What ModelGardenService.Deploy documents of `endpoint_user_id` and `model_user_id`.
ENDPOINT_ID = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
MODEL_ID = re.compile(r"[a-z_][a-z0-9_-]{0,62}")


@given(model=PARTS, version=st.none() | PARTS)
def test_an_endpoint_gets_a_name_that_google_takes_for_it_and_its_model(
    model: str, version: str | None
) -> None:
    name = endpoint_name(ModelId("google", model, version))
    assert is_endpoint_name(name)
    assert ENDPOINT_ID.fullmatch(name)
    assert MODEL_ID.fullmatch(f"{MODEL_PREFIX}{name}")


@given(st.text(max_size=80))
def test_what_may_be_an_endpoints_name_is_never_a_served_models(text: str) -> None:
    if is_endpoint_name(text):
        assert ENDPOINT_ID.fullmatch(text)
        assert not is_served(text)


@given(publisher=st.sampled_from(["google", "deepseek-ai"]), model=PARTS, version=st.none() | PARTS)
def test_an_id_is_read_as_it_is_listed(publisher: str, model: str, version: str | None) -> None:
    row = PublisherRow.model_validate(
        {"name": f"publishers/{publisher}/models/{model}", "versionId": version}
    )
    named = read_model_id(row.id)
    assert named == ModelId(publisher, model, None if version == "default" else version)
    assert served_name(row) == f"{publisher}/{model}"


@given(st.text(max_size=60) | st.sampled_from(["a/b/c", "../x", "google/../evil", "a@b/c", "a/b@"]))
def test_no_id_leads_to_another_path(text: str) -> None:
    named = read_model_id(text)
    if named is not None:
        assert not {"/", "?", "#", "%"} & set(f"{named.publisher}{named.model}{named.version}")
        assert ".." not in (named.publisher, named.model)


def test_a_dated_version_of_claude_is_called_by_it() -> None:
    row = PublisherRow.model_validate(
        {"name": "publishers/anthropic/models/claude-a", "versionId": "20250929"}
    )
    assert served_name(row) == "anthropic/claude-a@20250929"
