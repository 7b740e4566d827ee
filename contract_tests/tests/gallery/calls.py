"""Plugins that call models in the wrong way, or do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_aviary.plugin import Aviary
from bonito_providers.errors import DeploymentNotFound, ModelNotFound, ProviderError
from bonito_providers.invocation import Invocation
from contract_tests.tests.gallery.broken import broken

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment
    from bonito_providers.invocation import InvocationRequest


@broken(
    "CALL-01",
    incident="Tokens of answers whose form was not known were counted as zero.",
    source="monolith: providers/aws_bedrock.py, Mistral tokens 0, row 11",
)
class TokensAreZero(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        answer = await super().invoke(connection, deployment, request)
        return answer.model_copy(update={"input_tokens": 0, "output_tokens": 0})


@broken(
    "CALL-01",
    incident="Tokens read and tokens written were swapped, and billed at each other's price.",
    source="anchors: wrong usage sums survive every peer's suite",
)
class TokensAreSwapped(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        answer = await super().invoke(connection, deployment, request)
        counts = {"input_tokens": answer.output_tokens, "output_tokens": answer.input_tokens}
        return answer.model_copy(update=counts)


@broken(
    "CALL-01",
    incident="The answer's text was lost on the way, the call counted as good.",
    source="monolith: services/deployment_service.py, the body of a probe is not read",
)
class TextIsLost(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        answer = await super().invoke(connection, deployment, request)
        return answer if answer.text is None else answer.model_copy(update={"text": "It works."})


@broken(
    "CALL-01",
    incident="Whatever was asked, the model was only greeted.",
    source="monolith: services/deployment_service.py, the probe in the place of the question",
)
class AsksSomethingElse(Aviary):
    def question(self, deployment: Deployment, request: InvocationRequest) -> Mapping[str, Any]:
        return super().question(deployment, request.model_copy(update={"prompt": "Hi."}))


@broken(
    "CALL-02",
    incident="Every embedding was said to have the length of one vendor's.",
    source="peers: dimensions written into code",
)
class DimensionsByHeart(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        answer = await super().invoke(connection, deployment, request)
        return (
            answer if answer.dimensions is None else answer.model_copy(update={"dimensions": 1536})
        )


@broken(
    "CALL-02",
    incident="The number of vectors was given for their length.",
    source="anchors: off by one level of nesting",
)
class CountsVectors(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        answer = await super().invoke(connection, deployment, request)
        return answer if answer.dimensions is None else answer.model_copy(update={"dimensions": 1})


@broken(
    "CALL-03",
    incident="Before each call the whole account was listed.",
    source="monolith: providers/aws_bedrock.py, calls that look everything up first, row 3",
)
class LooksUpBeforeEachCall(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        await self.deployments(connection)
        return await super().invoke(connection, deployment, request)


@broken(
    "CALL-04",
    incident="A probe set no limit, and a talkative model wrote pages for it.",
    source="aws_gcp: a probe wants maxTokens=1, section 2.2",
)
class NoLimit(Aviary):
    def question(self, deployment: Deployment, request: InvocationRequest) -> Mapping[str, Any]:
        asked = super().question(deployment, request)
        return {name: value for name, value in asked.items() if name != "max_tokens"}


@broken(
    "CALL-05",
    incident="A deployment that was gone was reported as a model that does not exist.",
    source="azure: DeploymentNotFound and the model's 404 told apart by code only",
)
class GoneIsAnUnknownModel(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        if not isinstance(error, DeploymentNotFound):
            return error
        return ModelNotFound(error.message, status=error.status, code=error.code)


@broken(
    "CALL-06",
    incident="A deployment was declared working, whatever the call to it had said.",
    source="monolith: services/deployment_service.py, deploy_gcp always active, row 17",
)
class AlwaysWorks(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        try:
            return await super().invoke(connection, deployment, request)
        except ProviderError:
            return Invocation(text="", surface="openai_v1")


@broken(
    "CALL-07",
    incident="Asked for an embedding, the plugin chatted, and said that all went well.",
    source="monolith: providers/gcp_vertex.py, embeddings offered as chat, row 15",
)
class AlwaysChats(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        kind = deployment.model.kind or request.kind
        return await super().invoke(
            connection, deployment, request.model_copy(update={"kind": kind})
        )
