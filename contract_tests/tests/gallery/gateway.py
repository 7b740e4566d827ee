"""Entries that tell too much, too little, or another thing each time."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import httpx

from bonito_aviary.plugin import INFO, Aviary
from bonito_providers import GatewayEntry, ProviderInfo, hookimpl
from contract_tests.tests.gallery.broken import broken

if TYPE_CHECKING:
    from bonito_aviary.credentials import AviaryCredentials
    from bonito_providers import Deployment
    from bonito_providers.gateway import Parameter

LITELLM = "litellm 1.105.3, measured"


class Routed(Aviary):
    """The honest plugin, with parameters or facts changed in entries that are supported.

    Attributes:
        declared: Parameters that the provider says its entries carry.
    """

    declared: ClassVar[tuple[str, ...]] = ()

    @hookimpl
    def provider_info(self) -> ProviderInfo:
        return INFO.model_copy(update={"gateway_parameters": self.declared})

    def entry(self, credentials: AviaryCredentials, deployment: Deployment) -> GatewayEntry:
        entry = super().entry(credentials, deployment)
        if not entry.supported:
            return entry
        info = {**entry.model_info, **self.facts(credentials, deployment)}
        return entry.model_copy(update={"model_info": info})

    def facts(self, credentials: AviaryCredentials, deployment: Deployment) -> Mapping[str, Any]:
        return {}

    def entry_params(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        honest = super().entry_params(credentials, deployment)
        return {**honest, **self.changed(credentials, deployment)}

    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {}


@broken(
    "GATE-01",
    incident="The key stood in the facts beside the route, where every page and log shows it.",
    source=f"{LITELLM}: get_model_list() and repr() write out whatever is no secret type",
)
class TellsTheKey(Routed):
    def facts(self, credentials: AviaryCredentials, deployment: Deployment) -> Mapping[str, Any]:
        return {"owner": f"{credentials.account}:{credentials.api_key.get_secret_value()}"}


@broken(
    "GATE-01",
    incident="The key was part of the address, and each call logged it.",
    source="httpx logs every URL at INFO",
)
class PutsTheKeyInTheAddress(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        key = credentials.api_key.get_secret_value()
        return {"api_base": f"{credentials.endpoint}/v1?key={key}"}


@broken(
    "GATE-01",
    incident="One model without its provider's prefix kept the whole gateway from starting.",
    source=f"{LITELLM}: the Router refuses an unknown provider when it is made",
)
class LeavesOutThePrefix(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"model": deployment.ref.name}


@broken(
    "GATE-02",
    incident="Every rebuild of the gateway asked the cloud once for each deployment.",
    source="litellm 1.106.2, measured: a router of 10,000 entries takes 89 s without any call",
)
class AsksWhileRouting(Routed):
    def facts(self, credentials: AviaryCredentials, deployment: Deployment) -> Mapping[str, Any]:
        headers = {"x-aviary-key": credentials.api_key.get_secret_value()}
        with contextlib.suppress(httpx.HTTPError):  # routed without it
            httpx.get(f"{credentials.endpoint}/v1/deployments", headers=headers)
        return {}


@broken(
    "GATE-02",
    incident="Each rebuild gave new identities, and the router kept the rows of all old ones.",
    source="litellm 1.109.1, measured: its rows in the cost map stay when a route is deleted",
)
class NewIdentityEachTime(Routed):
    def facts(self, credentials: AviaryCredentials, deployment: Deployment) -> Mapping[str, Any]:
        return {"id": uuid.uuid4().hex}


@broken(
    "GATE-09",
    incident="Everything was taken for text, and models that draw were offered as chats.",
    source="monolith: gcp_vertex.py list_models (row 15)",
)
class RoutesPictures(Routed):
    def unroutable(self, deployment: Deployment) -> str:
        return "" if deployment.model.kind == "image" else super().unroutable(deployment)


@broken(
    "GATE-09",
    incident="A model was missing in the gateway, and nobody was told why.",
    source="monolith: gateway.py passes over whatever lacks a deployment, in silence",
)
class LeavesOutInSilence(Routed):
    def entry(self, credentials: AviaryCredentials, deployment: Deployment) -> GatewayEntry:
        entry = super().entry(credentials, deployment)
        return entry if entry.supported else entry.model_copy(update={"reason": ""})


@broken(
    "GATE-10",
    incident="Two deployments of a model had one name, and calls went to either.",
    source=f"{LITELLM}: entries of one name are one group, chosen from at random",
)
class NamesRoutesByModel(Routed):
    def entry(self, credentials: AviaryCredentials, deployment: Deployment) -> GatewayEntry:
        entry = super().entry(credentials, deployment)
        return entry.model_copy(update={"model_name": deployment.model.name})


@broken(
    "GATE-10",
    incident="Every route had the names of well-known models as well, and calls went to any.",
    source=f"{LITELLM}: entries of one name are one group, chosen from at random",
)
class SharesAliases(Routed):
    def entry(self, credentials: AviaryCredentials, deployment: Deployment) -> GatewayEntry:
        entry = super().entry(credentials, deployment)
        return entry.model_copy(update={"aliases": ("gpt-4o",)})


@broken(
    "GATE-10",
    incident="A route was called by the name of another deployment, and took its calls.",
    source=f"{LITELLM}: entries of one name are one group, chosen from at random",
)
class TakesAnothersName(Routed):
    def entry(self, credentials: AviaryCredentials, deployment: Deployment) -> GatewayEntry:
        entry = super().entry(credentials, deployment)
        alias = () if deployment.ref.name != "team-embed" else ("team-chat",)
        return entry.model_copy(update={"aliases": alias})


@broken(
    "GATE-13",
    incident="A date among the facts made the export of all routes fail.",
    source="the export for LiteLLM Proxy is a file, which knows texts and numbers only",
)
class StampsItsRoutes(Routed):
    def facts(self, credentials: AviaryCredentials, deployment: Deployment) -> Mapping[str, Any]:
        return {"family": deployment.observed_at.date().replace(year=2026, month=1, day=1)}


@broken(
    "GATE-13",
    incident="What was written down came back as something else.",
    source="the export for LiteLLM Proxy is a file, which knows texts and numbers only",
)
class WritesTuples(Routed):
    def facts(self, credentials: AviaryCredentials, deployment: Deployment) -> Mapping[str, Any]:
        return {"tags": ("birds", deployment.model.kind)}


@broken(
    "GATE-14",
    incident="Models without a known price were logged as costing nothing.",
    source="monolith: gateway.py compute_request_cost (row 22)",
)
class UnknownIsFree(Routed):
    def facts(self, credentials: AviaryCredentials, deployment: Deployment) -> Mapping[str, Any]:
        return {"input_cost_per_token": 0, "output_cost_per_token": 0}


@broken(
    "GATE-14",
    incident="Prices were taken from whatever model had a name alike.",
    source="monolith: gateway.py compute_request_cost matches substrings (row 22)",
)
class PricesByResemblance(Routed):
    def facts(self, credentials: AviaryCredentials, deployment: Deployment) -> Mapping[str, Any]:
        return {"base_model": "gpt-4o-mini"}
