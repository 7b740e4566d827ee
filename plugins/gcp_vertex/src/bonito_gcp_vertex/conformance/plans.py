"""Plans worked out by hand: served models, weights, and what stands under a name already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bonito_contract_tests import Planned
from bonito_gcp_vertex.conformance.asking import adoption, wish
from bonito_gcp_vertex.conformance.changes import (
    accepted,
    at_once,
    disabled,
    licence_withdrawn,
    not_agreed,
    not_shared,
    offered,
    put,
    spreading,
    unpaid,
    without,
)
from bonito_gcp_vertex.conformance.project import (
    CLAUDE,
    FLASH,
    H100,
    L4,
    LARGE,
    LICENSED,
    LLAMA,
    MISTRAL,
    ONE_L4,
    PAID,
    REGION,
    SMALL,
    SONNET,
    restore,
)
from bonito_providers import ActionKind

if TYPE_CHECKING:
    from bonito_emulators.gcp import GoogleCloud

_TERMS, _GRANT = (ActionKind.ACCEPT_TERMS,), (ActionKind.GRANT_PERMISSION,)


_PLANS = (
    Planned(
        name="a served model",
        request=wish(FLASH),
        called=FLASH,
        sku="serverless",
        says=("counting tokens, which is free",),
    ),
    Planned(
        name="a served model that is proved by a call",
        request=wish("google/text-embedding-005"),
        called="google/text-embedding-005",
        version="001",
        sku="serverless",
        region="global",
        says=("one call of one token",),
    ),
    Planned(
        name="a served model whose form nobody documents",
        request=wish("contoso/weather-oracle"),
        sku="serverless",
        says=("not known",),
    ),
    Planned(
        name="a version of a served model",
        request=wish("google/text-embedding-005", version="001", sku="serverless"),
        version="001",
    ),
    Planned(
        name="weights without a wish",
        request=wish("google/gemma3", PAID),
        called="gemma3",
        version="gemma-3-1b-it",
        sku=L4,
        region=REGION,
        says=("quota",),
    ),
    Planned(
        name="a version of weights on the machine that is named first",
        request=wish("google/gemma3", PAID, version="gemma-3-27b-it"),
        called="gemma-3-27b-it",
        version="gemma-3-27b-it",
        sku=H100,
    ),
    Planned(
        name="weights on another machine, under a name",
        request=wish(LARGE, PAID, sku=L4, name="mine"),
        called="mine",
        sku=L4,
    ),
    Planned(
        name="weights with one way to deploy them",
        request=wish(MISTRAL, PAID, LICENSED),
        called="mistral",
        sku=L4,
    ),
    Planned(
        name="weights that nobody agreed to pay for",
        request=wish(SMALL),
        actions=_TERMS,
        says=("billed by the hour", PAID),
    ),
    Planned(
        name="weights under a licence that nobody accepted",
        request=wish(LLAMA, PAID),
        actions=_TERMS,
        says=("licence", LICENSED),
    ),
    Planned(
        name="weights under a licence that was accepted elsewhere",
        request=wish(LLAMA),
        prepare=accepted,
        actions=_TERMS,
        says=(PAID,),
    ),
    Planned(
        name="another machine than stands",
        request=wish(LARGE, PAID, sku=L4, name="mine"),
        prepare=put(LARGE),
        changes=True,
        says=(f"SKU {H100} to {L4}",),
    ),
    Planned(
        name="another version than stands, that nobody agreed to pay for",
        request=wish(SMALL, name="mine"),
        prepare=put(LARGE),
        actions=_TERMS,
        changes=True,
        says=("version gemma-3-27b-it to gemma-3-1b-it",),
    ),
    Planned(
        name="an API that is disabled in between",
        request=wish(FLASH),
        meanwhile=disabled,
    ),
    Planned(
        name="weights under a licence that is withdrawn in between",
        request=wish(LLAMA, PAID),
        prepare=accepted,
        meanwhile=licence_withdrawn,
    ),
    Planned(
        name="a machine that is no more offered in between",
        request=wish(LARGE, PAID),
        sku=H100,
        meanwhile=offered("gemma-3-27b-it", ONE_L4),
    ),
    Planned(
        name="a served model that becomes weights in between",
        request=wish("google/gemini-3.5-flash-lite"),
        meanwhile=offered("gemini-3.5-flash-lite", ONE_L4),
    ),
    Planned(
        name="another machine comes in between",
        request=wish(LARGE, PAID, sku=L4, name="mine"),
        meanwhile=put(LARGE),
    ),
    Planned(
        name="an API that is enabled by consent",
        request=wish(FLASH, "enable_api"),
        prepare=disabled,
        called=FLASH,
        sku="serverless",
    ),
    Planned(
        name="an API that is enabled and not known everywhere yet",
        request=wish(FLASH, "enable_api"),
        prepare=spreading,
    ),
    Planned(
        name="an API that nobody pays for",
        request=wish(FLASH, "enable_api"),
        prepare=at_once(unpaid, disabled),
        met=(ActionKind.ENABLE_IN_CONSOLE,),
    ),
    Planned(
        name="an API that one may not enable",
        request=wish(FLASH, "enable_api"),
        prepare=at_once(disabled, without("serviceusage.services.enable")),
        met=_GRANT,
    ),
    Planned(
        name="a project that nobody pays for",
        request=wish(FLASH),
        prepare=unpaid,
        met=(ActionKind.ENABLE_IN_CONSOLE,),
    ),
    Planned(
        name="a partner's model that nobody has enabled",
        request=wish(CLAUDE),
        prepare=not_agreed,
        met=(ActionKind.ENABLE_IN_CONSOLE,),
    ),
    Planned(
        name="a partner's model that nobody has enabled, adopted",
        request=adoption(CLAUDE),
        prepare=not_agreed,
        met=(ActionKind.ENABLE_IN_CONSOLE,),
    ),
    Planned(
        name="a partner's model for those who share data",
        request=wish(SONNET),
        prepare=not_shared,
        met=(ActionKind.DATA_SHARING,),
    ),
    Planned(
        name="a model that one may not call",
        request=wish(FLASH),
        prepare=without("aiplatform.endpoints.predict"),
        met=_GRANT,
    ),
    Planned(
        name="weights that one may not deploy",
        request=wish(SMALL, PAID, name="mine"),
        prepare=without("aiplatform.endpoints.deploy"),
        met=_GRANT,
    ),
    Planned(
        name="an endpoint that stands, adopted",
        request=adoption("mine"),
        prepare=put(LARGE, owned=False),
        called="mine",
        version="gemma-3-27b-it",
        sku=H100,
        says=("costs nothing",),
    ),
    Planned(
        name="a partner's model, adopted",
        request=adoption(CLAUDE),
        called=CLAUDE,
        sku="serverless",
        says=("one call of one token",),
    ),
    Planned(
        name="an API that is not enabled",
        request=wish(FLASH),
        prepare=disabled,
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
