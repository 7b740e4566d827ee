"""Routes by which calls lead elsewhere, carry too much, or are not what LiteLLM makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bonito_aviary.plugin import INFO
from bonito_providers import ProviderInfo, hookimpl
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.gateway import LITELLM, Routed

if TYPE_CHECKING:
    from bonito_aviary.credentials import AviaryCredentials
    from bonito_providers import Deployment
    from bonito_providers.gateway import Parameter


@broken(
    "GATE-03",
    incident="The address lacked the part that the interface begins with, so nothing was found.",
    source="BerriAI/litellm#8200: the base of one service completed in another's way",
)
class LeavesOutThePath(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"api_base": credentials.endpoint}


@broken(
    "GATE-03",
    incident="The address was handed on as people paste it, and LiteLLM doubled its end.",
    source=f"{LITELLM}: a base that ends in /openai/v1 gets its path twice",
)
class HandsOnWhatWasPasted(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"api_base": f"{credentials.endpoint}/v1/chat/completions"}


@broken(
    "GATE-03",
    incident="Calls named the model where the service knows deployments.",
    source="monolith: gateway.py never routes to what was purchased (row 8)",
)
class RoutesToTheModel(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"model": f"openai/{deployment.model.name}"}


@broken(
    "GATE-03",
    incident="A prefix of another service sent the key in another header to another path.",
    source=f"{LITELLM}: azure/ sends api-key to /openai/deployments",
)
class TakesAnothersPrefix(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"model": f"azure/{deployment.ref.name}", "api_version": "2024-10-21"}


@broken(
    "GATE-04",
    incident="Streams were whole answers cut into pieces afterwards; nobody saw a word earlier.",
    source=f"{LITELLM}: fake_stream",
)
class PretendsToStream(Routed):
    declared = ("fake_stream",)

    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"fake_stream": True}


@broken(
    "GATE-05",
    incident="Chat worked and every call with tools failed, which a smoke test did not show.",
    source="litellm 1.106.2, measured: every call with tools= raises",
)
class CannotTakeTools(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        if deployment.model.kind != "chat":
            return {}
        return {"model": f"perplexity/{deployment.ref.name}"}


@broken(
    "GATE-06",
    incident="Embeddings went by the chat's prefix, where LiteLLM builds another address.",
    source=f"{LITELLM}: azure_ai/ embeddings send no version and another header than chat",
)
class EmbedsByTheChatsPrefix(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        if deployment.model.kind != "embedding":
            return {}
        return {"model": f"azure_ai/{deployment.ref.name}", "api_base": credentials.endpoint}


@broken(
    "GATE-07",
    incident="Answers came from the gateway itself, and the service was never asked.",
    source="monolith: deployment_service.py deploy_gcp: always success, no call (row 17)",
)
class AnswersBeforehand(Routed):
    declared = ("mock_response",)

    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"mock_response": "Hello."}


@broken(
    "GATE-07",
    incident="Tools arrived and none was ever called, by a setting in the route.",
    source=f"{LITELLM}: OpenAI's own parameters in litellm_params become every call's default",
)
class ForbidsToCallTools(Routed):
    declared = ("tool_choice",)

    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"tool_choice": "none"} if deployment.model.kind == "chat" else {}


@broken(
    "GATE-08",
    incident="A parameter meant for the host was sent to the service with every call.",
    source=f"{LITELLM}: parameters it does not know are copied into the body",
)
class SendsItsOwnParameters(Routed):
    declared = ("aviary_account",)

    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"aviary_account": credentials.account}


@broken(
    "GATE-08",
    incident="A token given as a parameter of its own was sent in the body of every call.",
    source=f"{LITELLM}: azure_ad_token is copied into the body",
)
class SendsATokenInTheBody(Routed):
    declared = ("azure_ad_token",)

    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"azure_ad_token": credentials.api_key}


@broken(
    "GATE-08",
    incident="The key was sent a second time in a header that services write into their logs.",
    source=f"{LITELLM}: organization becomes the header openai-organization",
)
class SendsTheKeyTwice(Routed):
    declared = ("organization",)

    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"organization": credentials.api_key}


@broken(
    "GATE-16",
    incident="The operator's organisation and project went to every customer's service.",
    source="openai 2.x: OPENAI_ORG_ID and OPENAI_PROJECT_ID become headers",
)
class LeavesVariablesStanding(Routed):
    @hookimpl
    def provider_info(self) -> ProviderInfo:
        names = ("OPENAI_API_BASE", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORGANIZATION")
        return INFO.model_copy(update={"environment": names})


@broken(
    "GATE-11",
    incident="The first customer's key was kept for an address and used for the next one's calls.",
    source="monolith: tenants with a key alone share one cache key",
)
class KeepsTheFirstKey(Routed):
    def __init__(self) -> None:
        self._keys: dict[str, Parameter] = {}

    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"api_key": self._keys.setdefault(credentials.host, credentials.api_key)}


@broken(
    "GATE-12",
    incident="Calls, and the key with them, went to a host that is not the provider's.",
    source=f"{LITELLM}: the key goes to whatever api_base names",
)
class RoutesThroughARelay(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"api_base": f"https://relay.example/{credentials.account}/v1"}


@broken(
    "GATE-12",
    incident="The key went over the network in clear.",
    source=f"{LITELLM}: any api_base is called as it is written",
)
class RoutesInClear(Routed):
    def changed(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        return {"api_base": f"http://{credentials.host}/v1"}


@broken(
    "GATE-15",
    incident="A deployment that somebody called after another family lost its calls with tools.",
    source=f"{LITELLM}: path and parameters follow the deployment's name",
)
class TrustsNames(Routed):
    def unroutable(self, deployment: Deployment) -> str:
        renamed = deployment.ref.model_copy(update={"name": "plain"})
        return super().unroutable(deployment.model_copy(update={"ref": renamed}))
