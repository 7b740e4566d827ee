"""Plans worked out by hand: served models, weights, and what stands under a name already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bonito_contract_tests import Planned
from bonito_emulators.gcp import Machine
from bonito_gcp_vertex.conformance.project import REGION, restore
from bonito_providers import ActionKind, DeploymentRequest
from bonito_providers.errors import Conflict, InvalidRequest, ModelNotFound

if TYPE_CHECKING:
    from bonito_emulators.gcp import GoogleCloud

_L4 = Machine("g2-standard-12", "NVIDIA_L4", 1)
L4, H100 = "g2-standard-12:1xNVIDIA_L4", "a3-highgpu-2g:2xNVIDIA_H100_80GB"
SMALL, LARGE = "google/gemma3@gemma-3-1b-it", "google/gemma3@gemma-3-27b-it"
LLAMA, MISTRAL = "meta/llama3-3@llama-3.3-70b-instruct", "mistral-ai/mistral"
FLASH = "google/gemini-3.8-flash"
PAID, LICENSED = "hourly_billing", "model_licence"
CLAUDE, SONNET = "anthropic/claude-opus-5", "anthropic/claude-sonnet-4-5@20250929"
_TERMS, _GRANT = (ActionKind.ACCEPT_TERMS,), (ActionKind.GRANT_PERMISSION,)


def _wish(model: str, *consents: str, **wishes: Any) -> DeploymentRequest:  # noqa: ANN401 - fields
    return DeploymentRequest(model=model, consents=frozenset(consents), **wishes)


def _put(model: str, name: str = "mine", *, owned: bool = True) -> Any:  # noqa: ANN401 - a change
    publisher, _, rest = model.partition("/")
    published = f"publishers/{publisher}/models/{rest}"

    def put(cloud: GoogleCloud) -> None:
        cloud.put_endpoint(name, published, location=REGION, owned=owned)

    return put


def _accepted(cloud: GoogleCloud) -> None:
    cloud.project.licences.add("publishers/meta/models/llama3-3")


def _disabled(cloud: GoogleCloud) -> None:
    cloud.project.api_enabled, cloud.project.enabling_looks = False, 2


def _spreading(cloud: GoogleCloud) -> None:
    cloud.project.enabling_asked, cloud.project.spreading_looks = True, 2


def _licence_withdrawn(cloud: GoogleCloud) -> None:
    cloud.project.licences.clear()


def _offered(model: str, *machines: Machine) -> Any:  # noqa: ANN401 - a change
    """Let the catalogue name other machines for a model, or any at all."""

    def offer(cloud: GoogleCloud) -> None:
        cloud.catalogue.models = [
            replace(each, machines=machines) if model in (each.name, each.version) else each
            for each in cloud.catalogue.models
        ]

    return offer


def _unpaid(cloud: GoogleCloud) -> None:
    cloud.project.billed = False


def _unpaid_and_disabled(cloud: GoogleCloud) -> None:
    _unpaid(cloud)
    _disabled(cloud)


def _not_agreed(cloud: GoogleCloud) -> None:
    cloud.project.enabled_partners.clear()


def _not_shared(cloud: GoogleCloud) -> None:
    cloud.project.shares_data_with.clear()


def _without(*permissions: str) -> Any:  # noqa: ANN401 - a change
    def deny(cloud: GoogleCloud) -> None:
        cloud.identities.accounts[0].denied.update(permissions)

    return deny


def _disabled_by_others(cloud: GoogleCloud) -> None:
    _disabled(cloud)
    _without("serviceusage.services.enable")(cloud)


_PLANS = (
    Planned(
        name="a served model",
        request=_wish(FLASH),
        called=FLASH,
        sku="serverless",
        says=("counting tokens, which is free",),
    ),
    Planned(
        name="a served model that is proved by a call",
        request=_wish("google/text-embedding-005"),
        called="google/text-embedding-005",
        version="001",
        sku="serverless",
        region="global",
        says=("one call of one token",),
    ),
    Planned(
        name="a served model whose form nobody documents",
        request=_wish("contoso/weather-oracle"),
        sku="serverless",
        says=("not known",),
    ),
    Planned(
        name="a version of a served model",
        request=_wish("google/text-embedding-005", version="001", sku="serverless"),
        version="001",
    ),
    Planned(
        name="a version that there is not",
        request=_wish("google/text-embedding-005", version="002"),
        refused=ModelNotFound,
        says=("no version 002", "001"),
    ),
    Planned(
        name="a name near one that there is",
        request=_wish("google/gemini-3.8-flush"),
        refused=ModelNotFound,
        says=("google/gemini-3.8-flash",),
    ),
    Planned(
        name="two versions at once",
        request=_wish(SMALL, version="gemma-3-27b-it"),
        refused=ModelNotFound,
        says=("gemma-3-27b-it", "List the models"),
    ),
    Planned(
        name="a served model under another name",
        request=_wish(FLASH, name="mine"),
        refused=InvalidRequest,
        says=(FLASH, "Leave the name out"),
    ),
    Planned(
        name="a served model on a machine",
        request=_wish(FLASH, sku=L4),
        refused=InvalidRequest,
        says=("serverless",),
    ),
    Planned(
        name="weights without a wish",
        request=_wish("google/gemma3", PAID),
        called="gemma3",
        version="gemma-3-1b-it",
        sku=L4,
        region=REGION,
        says=("quota",),
    ),
    Planned(
        name="a version of weights on the machine that is named first",
        request=_wish("google/gemma3", PAID, version="gemma-3-27b-it"),
        called="gemma-3-27b-it",
        version="gemma-3-27b-it",
        sku=H100,
    ),
    Planned(
        name="weights on another machine, under a name",
        request=_wish(LARGE, PAID, sku=L4, name="mine"),
        called="mine",
        sku=L4,
    ),
    Planned(
        name="weights with one way to deploy them",
        request=_wish(MISTRAL, PAID, LICENSED),
        called="mistral",
        sku=L4,
    ),
    Planned(
        name="weights on a machine that they do not run on",
        request=_wish(SMALL, PAID, sku=H100),
        refused=InvalidRequest,
        says=(L4,),
    ),
    Planned(
        name="weights under a name that is none",
        request=_wish(SMALL, PAID, name="Mine_"),
        refused=InvalidRequest,
        says=("letters",),
    ),
    Planned(
        name="a capacity",
        request=_wish(SMALL, PAID, capacity=2),
        refused=InvalidRequest,
        says=("capacity",),
    ),
    Planned(
        name="weights that nobody agreed to pay for",
        request=_wish(SMALL),
        actions=_TERMS,
        says=("billed by the hour", PAID),
    ),
    Planned(
        name="weights under a licence that nobody accepted",
        request=_wish(LLAMA, PAID),
        actions=_TERMS,
        says=("licence", LICENSED),
    ),
    Planned(
        name="weights under a licence that was accepted elsewhere",
        request=_wish(LLAMA),
        prepare=_accepted,
        actions=_TERMS,
        says=(PAID,),
    ),
    Planned(
        name="another machine than stands",
        request=_wish(LARGE, PAID, sku=L4, name="mine"),
        prepare=_put(LARGE),
        changes=True,
        says=(f"SKU {H100} to {L4}",),
    ),
    Planned(
        name="another version than stands, that nobody agreed to pay for",
        request=_wish(SMALL, name="mine"),
        prepare=_put(LARGE),
        actions=_TERMS,
        changes=True,
        says=("version gemma-3-27b-it to gemma-3-1b-it",),
    ),
    Planned(
        name="another model than stands",
        request=_wish(SMALL, PAID, name="mine"),
        prepare=_put(LLAMA, owned=False),
        refused=Conflict,
        says=("llama3-3", "another name"),
    ),
    Planned(
        name="an API that is disabled in between",
        request=_wish(FLASH),
        meanwhile=_disabled,
    ),
    Planned(
        name="weights under a licence that is withdrawn in between",
        request=_wish(LLAMA, PAID),
        prepare=_accepted,
        meanwhile=_licence_withdrawn,
    ),
    Planned(
        name="a machine that is no more offered in between",
        request=_wish(LARGE, PAID),
        sku=H100,
        meanwhile=_offered("gemma-3-27b-it", _L4),
    ),
    Planned(
        name="a served model that becomes weights in between",
        request=_wish("google/gemini-3.5-flash-lite"),
        meanwhile=_offered("gemini-3.5-flash-lite", _L4),
    ),
    Planned(
        name="another machine comes in between",
        request=_wish(LARGE, PAID, sku=L4, name="mine"),
        meanwhile=_put(LARGE),
    ),
    Planned(
        name="an API that is enabled by consent",
        request=_wish(FLASH, "enable_api"),
        prepare=_disabled,
        called=FLASH,
        sku="serverless",
    ),
    Planned(
        name="an API that is enabled and not known everywhere yet",
        request=_wish(FLASH, "enable_api"),
        prepare=_spreading,
    ),
    Planned(
        name="an API that nobody pays for",
        request=_wish(FLASH, "enable_api"),
        prepare=_unpaid_and_disabled,
        met=(ActionKind.ENABLE_IN_CONSOLE,),
    ),
    Planned(
        name="an API that one may not enable",
        request=_wish(FLASH, "enable_api"),
        prepare=_disabled_by_others,
        met=_GRANT,
    ),
    Planned(
        name="a project that nobody pays for",
        request=_wish(FLASH),
        prepare=_unpaid,
        met=(ActionKind.ENABLE_IN_CONSOLE,),
    ),
    Planned(
        name="a partner's model that nobody has enabled",
        request=_wish(CLAUDE),
        prepare=_not_agreed,
        met=(ActionKind.ENABLE_IN_CONSOLE,),
    ),
    Planned(
        name="a partner's model that nobody has enabled, adopted",
        request=DeploymentRequest(name=CLAUDE, adopt=True),
        prepare=_not_agreed,
        met=(ActionKind.ENABLE_IN_CONSOLE,),
    ),
    Planned(
        name="a partner's model for those who share data",
        request=_wish(SONNET),
        prepare=_not_shared,
        met=(ActionKind.DATA_SHARING,),
    ),
    Planned(
        name="a model that one may not call",
        request=_wish(FLASH),
        prepare=_without("aiplatform.endpoints.predict"),
        met=_GRANT,
    ),
    Planned(
        name="weights that one may not deploy",
        request=_wish(SMALL, PAID, name="mine"),
        prepare=_without("aiplatform.endpoints.deploy"),
        met=_GRANT,
    ),
    Planned(
        name="an endpoint that stands, adopted",
        request=DeploymentRequest(name="mine", adopt=True),
        prepare=_put(LARGE, owned=False),
        called="mine",
        version="gemma-3-27b-it",
        sku=H100,
        says=("costs nothing",),
    ),
    Planned(
        name="a partner's model, adopted",
        request=DeploymentRequest(name=CLAUDE, adopt=True),
        called=CLAUDE,
        sku="serverless",
        says=("one call of one token",),
    ),
    Planned(
        name="an API that is not enabled",
        request=_wish(FLASH),
        prepare=_disabled,
        called=FLASH,
        actions=(ActionKind.ENABLE_API,),
        says=("enable_api", "catalogue cannot be read yet"),
    ),
)


def _from_anew(case: Planned) -> Planned:
    """Let a case begin with the project as it was: several may share one."""
    change = case.prepare
    if change is None:
        return case

    def prepare(cloud: GoogleCloud) -> None:
        restore(cloud)
        change(cloud)

    return replace(case, prepare=prepare)


PLANS = tuple(map(_from_anew, _PLANS))
