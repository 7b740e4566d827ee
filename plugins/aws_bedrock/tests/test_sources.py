"""By which id a model is called: always one that the API returned, by the policy that was given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_aws_bedrock.credentials import BedrockCredentials
from bonito_aws_bedrock.rows import ModelRow, ProfileRow
from bonito_aws_bedrock.sources import SCOPES, permitted, sources_of
from bonito_emulators.aws import bundled_catalogue
from plugins.aws_bedrock.tests.resources import API_KEY, NUMBER, REGION, REGIONS

CATALOGUE = bundled_catalogue()
OWN = f"arn:aws:bedrock:{REGION}:{NUMBER}"
PLACES = ("eu-west-1", "eu-central-1", "us-east-1", "")


def credentials(**fields: str) -> BedrockCredentials:
    return BedrockCredentials.model_validate({"region": REGION, "api_key": API_KEY, **fields})


def model(identity: str = "acme.bird-v1:0", types: tuple[str, ...] = ("ON_DEMAND",)) -> ModelRow:
    return ModelRow.model_validate(
        {
            "modelId": identity,
            "modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/{identity}",
            "inferenceTypesSupported": types,
        }
    )


def profile(
    identity: str, *places: str, of: str = "acme.bird-v1:0", status: str = "ACTIVE"
) -> ProfileRow:
    return ProfileRow.model_validate(
        {
            "inferenceProfileId": identity,
            "inferenceProfileArn": f"{OWN}:inference-profile/{identity}",
            "inferenceProfileName": identity.replace(".", " "),
            "models": [
                {"modelArn": f"arn:aws:bedrock:{each}::foundation-model/{of}"} for each in places
            ],
            "status": status,
            "type": "SYSTEM_DEFINED",
        }
    )


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("prefer", SCOPES)
def test_the_id_of_every_model_in_every_region_is_one_the_api_returned(
    region: str, prefer: str
) -> None:
    rows = [ModelRow.model_validate(each.shown(region)) for each in CATALOGUE.models_of(region)]
    profiles = [ProfileRow.model_validate(e) for e in CATALOGUE.profiles_of(region, NUMBER)]
    returned = {row.id for row in rows if "ON_DEMAND" in (row.types or ())}
    returned |= {each.id for each in profiles}
    policy = credentials(region=region, prefer=prefer)
    for row in rows:
        chosen = permitted(sources_of(row, profiles, region=region), policy)[:1]
        assert {each.id for each in chosen} <= returned
        assert chosen or "ON_DEMAND" not in (row.types or ())


@given(
    types=st.sets(st.sampled_from(["ON_DEMAND", "INFERENCE_PROFILE", "PROVISIONED", "NEW"])),
    routes=st.lists(
        st.tuples(
            st.sampled_from(["zz.acme.bird-v1:0", "bird", "global.acme.bird-v1:0", "x"]),
            st.sets(st.sampled_from(PLACES), min_size=1),
            st.sampled_from(["acme.bird-v1:0", "acme.bird-v1", "acme.bird-v1:0:24k"]),
            st.sampled_from(["ACTIVE", "RETIRED"]),
        ),
        max_size=5,
    ),
    prefer=st.sampled_from(SCOPES),
    allowed=st.sets(st.sampled_from(PLACES[:3])),
)
def test_what_is_chosen_was_returned_is_active_and_stays_where_it_may_go(
    types: set[str],
    routes: list[tuple[str, set[str], str, str]],
    prefer: str,
    allowed: set[str],
) -> None:
    row = model(types=tuple(types))
    profiles = [profile(name, *where, of=of, status=state) for name, where, of, state in routes]
    fields = {"prefer": prefer} | (
        {"allowed_regions": ",".join(sorted(allowed))} if allowed else {}
    )
    found = permitted(sources_of(row, profiles, region=REGION), credentials(**fields))
    active = {(e.id, e.arn) for e in profiles if e.status == "ACTIVE" and e.model == row.id}
    for source in found:
        assert (source.id, source.arn) in active | {(row.id, row.arn)}
        assert not allowed or source.regions <= allowed
        assert source.id != row.id or "ON_DEMAND" in types
    scopes = [each.scope for each in found]
    assert scopes == sorted(scopes, key=(prefer, *(e for e in SCOPES if e != prefer)).index)


def test_of_several_geographies_the_narrowest_is_chosen_then_the_first_by_name() -> None:
    wide = profile("apac.acme.bird-v1:0", "ap-northeast-1", "ap-south-1", "ap-southeast-1")
    narrow = profile("jp.acme.bird-v1:0", "ap-northeast-1", "ap-northeast-3")
    other = profile("au.acme.bird-v1:0", "ap-southeast-2", "ap-southeast-4")
    found = sources_of(model(types=()), [wide, narrow, other], region=REGION)
    assert [each.id for each in found] == [other.id, narrow.id, wide.id]


def test_a_profile_of_a_longer_id_is_not_taken_for_the_models() -> None:
    assert not sources_of(
        model("acme.bird-v1"), [profile("eu.acme.bird-v1:0", "eu-west-1")], region=REGION
    )[1:]
