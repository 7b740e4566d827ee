"""By which id a model is called: always one that the API returned, by the policy that was given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_aws_bedrock import catalogue, wire
from bonito_aws_bedrock.credentials import BedrockCredentials
from bonito_aws_bedrock.rows import ModelRow, ProfileRow
from bonito_aws_bedrock.sources import SCOPES, permitted, sources_of
from bonito_emulators.aws import Account, bundled_catalogue
from bonito_providers.errors import ModelNotFound
from plugins.aws_bedrock.tests.resources import API_KEY, BY_KEYS, NUMBER, REGION, REGIONS, Connect

CATALOGUE = bundled_catalogue()
OWN = f"arn:aws:bedrock:{REGION}:{NUMBER}"
PLACES = ("eu-west-1", "eu-central-1", "us-east-1", "")


def credentials(**fields: str | None) -> BedrockCredentials:
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
@pytest.mark.parametrize("residency", ["anywhere", "the region", "the geography"])
def test_the_id_of_every_model_in_every_region_is_one_the_api_returned(
    region: str, prefer: str, residency: str
) -> None:
    rows = [ModelRow.model_validate(each.shown(region)) for each in CATALOGUE.models_of(region)]
    profiles = [ProfileRow.model_validate(e) for e in CATALOGUE.profiles_of(region, NUMBER)]
    returned = {row.id for row in rows if "ON_DEMAND" in (row.types or ())}
    returned |= {each.id for each in profiles}
    around = next(each for each in CATALOGUE.geographies.values() if region in each)
    allowed = {"anywhere": (), "the region": (region,), "the geography": around}[residency]
    policy = credentials(region=region, prefer=prefer, allowed_regions=",".join(allowed) or None)
    for row in rows:
        every = sources_of(row, profiles, region=region)
        chosen = permitted(every, policy)[:1]
        assert {each.id for each in chosen} <= returned
        assert chosen or "ON_DEMAND" not in (row.types or ())
        for each in chosen:
            assert not allowed or each.regions <= set(allowed)
            fitting = {e.scope for e in every if not allowed or e.regions <= set(allowed)}
            assert each.scope == prefer or prefer not in fitting


@pytest.mark.anyio
@pytest.mark.parametrize("region", REGIONS)
async def test_the_chosen_id_of_every_model_that_chats_answers_in_its_region(
    connect: Connect, account: Account, region: str
) -> None:
    account.use_case = b"{}"
    async with connect(**{**BY_KEYS, "region": region}) as connection:
        policy = wire.own(connection)
        profiles = (await catalogue.service_profiles(connection)).rows
        called = 0
        for row in (await catalogue.models(connection)).rows:
            chats = "TEXT" in (row.outputs or ()) and "rerank" not in row.id
            found = permitted(sources_of(row, profiles, region=region), policy)
            if not found or not chats or row.lifecycle.status == "LEGACY":
                continue
            await wire.call(
                connection,
                "bedrock-runtime",
                "Converse",
                modelId=found[0].id,
                messages=[{"role": "user", "content": [{"text": "ping"}]}],
            )
            called += 1
    assert called > 15


@pytest.mark.anyio
async def test_an_id_made_from_a_prefix_would_be_refused_elsewhere(connect: Connect) -> None:
    async with connect(**{**BY_KEYS, "region": "ap-northeast-1"}) as connection:
        listed = {row.id for row in (await catalogue.models(connection)).rows}
        assert "amazon.nova-2-lite-v1:0" in listed
        with pytest.raises(ModelNotFound):
            await wire.call(
                connection,
                "bedrock-runtime",
                "Converse",
                modelId="us.amazon.nova-2-lite-v1:0",
                messages=[{"role": "user", "content": [{"text": "ping"}]}],
            )


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
