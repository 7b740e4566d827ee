"""Calls to published models: which model, whether the project may call it, and by which verb."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bonito_emulators.gcp import anthropic, embeddings, gemini, openai_chat, refusals

if TYPE_CHECKING:
    from bonito_emulators.gcp.catalogue import PublisherModel
    from bonito_emulators.gcp.request import Reply
    from bonito_emulators.gcp.vertex import Call

_PATH = re.compile(r"/publishers/([^/]+)/models/([^/:]+)(?::([a-zA-Z]+))?")
_VERBS = {
    "gemini": frozenset({"generateContent", "streamGenerateContent", "countTokens"}),
    "embed": frozenset({"embedContent", "countTokens"}),
    "predict": frozenset({"predict", "countTokens"}),
    "anthropic": frozenset({"rawPredict", "streamRawPredict"}),
    "mistral": frozenset({"rawPredict", "streamRawPredict"}),
    "openai": frozenset[str](),
    "none": frozenset[str](),
}


def answer(call: Call) -> Reply:
    """Answers a call to a model of a publisher.

    Raises:
        Refusal: The model or verb is unknown, or something has to be agreed to first.
    """
    match = _PATH.fullmatch(call.rest)
    if match is None or match[3] is None:
        raise call.request.no_such_route()
    publisher, name, verb = match[1], match[2], match[3]
    if verb in ("fetchPublisherModelConfig", "setPublisherModelConfig"):
        return _configuration(call, publisher, verb)
    if call.request.method != "POST":
        raise call.request.no_such_route()
    model = admitted(call, publisher, name)
    if verb not in _VERBS[model.surface]:
        call.request.violation(f"{publisher}/{name} is not called by {verb}")
        raise refusals.invalid(f"{model.resource} does not support {verb}.")
    return _served(call, model, verb)


def _served(call: Call, model: PublisherModel, verb: str) -> Reply:
    if verb == "countTokens":
        return gemini.count(call, model)
    if model.surface == "gemini":
        return gemini.generate(call, model, stream=verb == "streamGenerateContent")
    if model.surface in ("embed", "predict"):
        return embeddings.answer(call, model)
    stream = verb == "streamRawPredict"
    if model.surface == "anthropic":
        return anthropic.messages(call, model, stream=stream)
    return openai_chat.raw(call, model, stream=stream)


def admitted(call: Call, publisher: str, name: str) -> PublisherModel:
    """Gives the model that is called, if the project may call it here.

    Raises:
        Refusal: It is unknown or not served here, or needs a role or an agreement first.
    """
    place = f"projects/{call.project.id}/locations/{call.place}"
    resource = f"{place}/publishers/{publisher}/models/{name}"
    call.require("aiplatform.endpoints.predict", f"publishers/{publisher}/models/{name}")
    model = call.cloud.catalogue.find(publisher, name)
    served = model is not None and (model.locations is None or call.place in model.locations)
    if model is None or not served or model.machines:
        raise refusals.model_not_found(resource)
    if model.terms and publisher not in call.project.enabled_partners:
        raise refusals.partner_not_enabled(call.project.id, resource)
    if model.data_sharing and publisher not in call.project.shares_data_with:
        raise refusals.data_sharing_needed(publisher)
    return model


def _configuration(call: Call, publisher: str, verb: str) -> Reply:
    from bonito_emulators.gcp.request import Reply

    wanted = "GET" if verb.startswith("fetch") else "POST"
    if call.request.method != wanted or call.version != "v1beta1":
        raise call.request.no_such_route()
    if wanted == "POST":
        body = call.request.json_object(frozenset({"publisherModelConfig"}))
        given = body.get("publisherModelConfig") or {}
        if str(given.get("dataSharingEnabledProvider", "")).lower() == publisher:
            call.project.shares_data_with.add(publisher)
    shares = publisher in call.project.shares_data_with
    return Reply({"dataSharingEnabledProvider": publisher.upper()} if shares else {})
