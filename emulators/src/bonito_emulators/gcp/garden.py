"""`:deploy`: weights of Model Garden on an endpoint of the customer's own, billed by the hour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from bonito_emulators.gcp import refusals
from bonito_emulators.gcp.projects import Endpoint
from bonito_emulators.gcp.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.gcp.catalogue import PublisherModel
    from bonito_emulators.gcp.vertex import Call

_ENDPOINT_ID = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?|[1-9][0-9]{0,8}")
_MODEL_ID = re.compile(r"[a-z_][a-z0-9_-]{0,62}")
_PUBLISHED = re.compile(r"publishers/([^/]+)/models/([^/@]+@[^/@]+)")
_FIELDS = frozenset(
    {"publisherModelName", "huggingFaceModelId", "modelConfig", "endpointConfig", "deployConfig"}
)


class _Strict(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class MachineSpec(_Strict):
    """A machine."""

    machine_type: str
    accelerator_type: str | None = None
    accelerator_count: int | None = None


class DedicatedResources(_Strict):
    """How many of which machine."""

    machine_spec: MachineSpec
    min_replica_count: int = Field(default=1, ge=1)
    max_replica_count: int | None = None


class DeployConfig(_Strict):
    """What it runs on."""

    dedicated_resources: DedicatedResources | None = None
    fast_tryout_enabled: bool | None = None
    system_labels: dict[str, str] = Field(default_factory=dict)


class EndpointConfig(_Strict):
    """The endpoint that is made; it takes no labels."""

    endpoint_display_name: str = ""
    endpoint_user_id: str = ""
    dedicated_endpoint_disabled: bool = False


class ModelConfig(_Strict):
    """The model that is uploaded."""

    accept_eula: bool = False
    model_display_name: str = ""
    model_user_id: str = ""


class DeployRequest(_Strict):
    """The body of `:deploy`."""

    publisher_model_name: str
    deploy_settings: DeployConfig = Field(default_factory=DeployConfig, alias="deployConfig")
    endpoint_settings: EndpointConfig = Field(
        default_factory=EndpointConfig, alias="endpointConfig"
    )
    # `model_config` is pydantic's own name.
    model_settings: ModelConfig = Field(default_factory=ModelConfig, alias="modelConfig")


def deploy(call: Call) -> Reply:
    """Makes an endpoint, uploads the model and begins to deploy it.

    Raises:
        Refusal: The body, the model, the licence or the ids do not allow it.
    """
    if call.request.method != "POST":
        raise call.request.no_such_route()
    call.request.read_query()
    call.require("aiplatform.endpoints.deploy", "endpoints")
    asked = _read(call)
    model = _model(call, asked)
    machine = _machine(asked, model)
    if model.eula and not asked.model_settings.accept_eula:
        raise refusals.failed_precondition(
            f"The End User License Agreement (EULA) of {asked.publisher_model_name} has not been "
            "accepted."
        )
    endpoint = _endpoint(call, asked, machine)
    project = call.project
    project.endpoints[call.place, endpoint.id] = endpoint
    project.uploaded[call.place, endpoint.model_id] = asked.publisher_model_name
    project.charge("created", endpoint.id, model.name)
    return Reply(operation(call, endpoint))


def operation(call: Call, endpoint: Endpoint) -> dict[str, Any]:
    """Gives the long operation behind an endpoint; a failure stands in a success."""
    parent = call.project.parent(call.place)
    content: dict[str, Any] = {
        "name": f"{parent}/operations/{endpoint.operation}",
        "metadata": {
            "@type": "type.googleapis.com/google.cloud.aiplatform.v1beta1.DeployOperationMetadata",
            "genericMetadata": {"createTime": "2026-11-01T09:00:00Z"},
            "publisherModel": endpoint.publisher_model,
            "destination": parent,
            "projectNumber": call.project.number,
            "modelId": endpoint.model_id,
        },
    }
    if endpoint.state == "deploying":
        return content
    content["done"] = True
    if endpoint.state == "failed" and endpoint.failure is not None:
        return {**content, "error": endpoint.failure.body}
    response = {
        "@type": "type.googleapis.com/google.cloud.aiplatform.v1beta1.DeployResponse",
        "publisherModel": endpoint.publisher_model,
        "endpoint": f"{parent}/endpoints/{endpoint.id}",
        "model": f"{parent}/models/{endpoint.model_id}",
    }
    return {**content, "response": response}


def _read(call: Call) -> DeployRequest:
    body = call.request.json_object(_FIELDS)
    try:
        return DeployRequest.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        call.request.violation(f"the body holds the unknown name {place}")
    raise refusals.invalid(f"{place}: {first['msg']}")


def _model(call: Call, asked: DeployRequest) -> PublisherModel:
    match = _PUBLISHED.fullmatch(asked.publisher_model_name)
    model = call.cloud.catalogue.find(match[1], match[2]) if match else None
    if model is None:
        raise refusals.model_not_found(asked.publisher_model_name)
    if not model.machines or call.place == "global":
        raise refusals.invalid(f"{asked.publisher_model_name} cannot be deployed in {call.place}.")
    return model


def _machine(asked: DeployRequest, model: PublisherModel) -> dict[str, Any]:
    given = asked.deploy_settings.dedicated_resources
    if given is None:
        return model.machines[0].spec
    spec = given.machine_spec.model_dump(by_alias=True, exclude_none=True)
    if spec not in [machine.spec for machine in model.machines]:
        raise refusals.invalid(f"The machine {spec} is not supported for {model.resource}.")
    return spec


def _endpoint(call: Call, asked: DeployRequest, machine: dict[str, Any]) -> Endpoint:
    identity = asked.endpoint_settings.endpoint_user_id
    model_id = asked.model_settings.model_user_id
    if not _ENDPOINT_ID.fullmatch(identity) or not _MODEL_ID.fullmatch(model_id):
        call.request.violation("ids were left to chance: the deployment could not be found again")
        raise refusals.invalid("Invalid endpoint_user_id or model_user_id.")
    parent = f"projects/{call.project.id}/locations/{call.place}"
    if (call.place, identity) in call.project.endpoints:
        raise refusals.already_exists(f"{parent}/endpoints/{identity}")
    if (call.place, model_id) in call.project.uploaded:
        raise refusals.already_exists(f"{parent}/models/{model_id}")
    count = sum(each.what == "created" for each in call.project.bill)
    made = Endpoint(
        id=identity,
        location=call.place,
        publisher_model=asked.publisher_model_name,
        machine=machine,
        display_name=asked.endpoint_settings.endpoint_display_name,
        model_id=model_id,
        operation=f"{7_000_000_000_000_000_000 + count}",
        looks=call.cloud.deploy_looks,
        failure=call.cloud.deploy_failure,
    )
    if not made.looks and made.failure is None:
        made.finish()
    return made
