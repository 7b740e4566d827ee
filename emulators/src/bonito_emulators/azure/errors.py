"""Refusals of the data planes, with the status, headers and bodies the service was seen to send.

The bodies are facts about the service: published documentation and public issue reports, named
beside each. Where no report shows a body, the function says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_RETRY_SECONDS = 7


class Refusal(Exception):
    """An answer other than success; raised anywhere below the routes."""

    def __init__(
        self, status: int, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def _error(status: int, code: str, message: str, **more: object) -> Refusal:
    return Refusal(status, {"error": {"code": code, "message": message, **more}})


def _invalid(message: str, *, parameter: str | None = None, code: str | None = None) -> Refusal:
    """Makes a 400 in the form the OpenAI routes use for the request's own faults."""
    error = {
        "message": message,
        "type": "invalid_request_error",
        "param": parameter,
        "code": code,
    }
    return Refusal(400, {"error": error})


def access_denied() -> Refusal:
    """Wrong key or no key. Source: documentation and many issues."""
    return _error(
        401,
        "401",
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide"
        " a valid key for an active subscription and use a correct regional API endpoint for your"
        " resource.",
    )


def token_refused(audience: str) -> Refusal:
    """A token that is unknown, expired or for another service. Source: zotero-gpt#412."""
    message = (
        "Unauthorized. Access token is missing, invalid, audience is incorrect"
        f" ({audience}), or have expired."
    )
    return Refusal(401, {"statusCode": 401, "message": message})


def permission_denied(principal: str, action: str, operation: str) -> Refusal:
    """A token whose owner has no role for the call. Source: microsoft/ai-agent-evals#43."""
    return _error(
        401,
        "PermissionDenied",
        f"The principal `{principal}` lacks the required data action `{action}` to perform"
        f" `{operation}` operation. For instructions on granting the necessary permissions, see"
        " https://aka.ms/FoundryPermissions.",
    )


def no_subdomain() -> Refusal:
    """A token for a resource without a custom subdomain. Source: azure-sdk-for-net#12813."""
    return _error(400, "BadRequest", "Please provide an authentication key.")


def keys_disabled() -> Refusal:
    """The resource takes no keys at all (`disableLocalAuth`). Source: documentation."""
    return _error(
        403,
        "AuthenticationTypeDisabled",
        "Key based authentication is disabled for this resource.",
    )


def deployment_not_found(*, openai_v1: bool = False) -> Refusal:
    """No deployment of that name, or not yet. Source: many issues."""
    more = {"type": "invalid_request_error", "param": None} if openai_v1 else {}
    return _error(
        404,
        "DeploymentNotFound",
        "The API deployment for this resource does not exist. If you created the deployment within"
        " the last 5 minutes, please wait a moment and try again.",
        **more,
    )


def resource_not_found() -> Refusal:
    """No such path here. Source: documentation and issues."""
    return _error(404, "404", "Resource not found")


def api_not_supported() -> Refusal:
    """The deployment's model is not served on this surface, as Claude on an OpenAI route."""
    return _error(404, "api_not_supported", "Requested API is currently not supported")


def api_version_not_supported() -> Refusal:
    """An api-version the surface does not know, or none. Source: issues."""
    return _error(400, "BadRequest", "API version not supported")


def api_version_not_allowed() -> Refusal:
    """A dated api-version on the v1 surface. Source: pydantic/pydantic-ai#5066."""
    return _error(
        400, "BadRequest", "api-version query parameter is not allowed when using /v1 path"
    )


def unknown_model(name: str) -> Refusal:
    """Deployed, but the router does not know it yet. Source: new-foundry-portal#127."""
    message = f"Unknown model: {name}"
    refusal = _error(400, "unknown_model", message, details=message)
    refusal.headers["x-ms-error-code"] = "unknown_model"
    return refusal


def rate_limited() -> Refusal:
    """The deployment's capacity is used up. Source: openai-dotnet#838 and many issues."""
    refusal = _error(429, "429", f"Rate limit is exceeded. Try again in {_RETRY_SECONDS} seconds.")
    refusal.headers.update(
        {
            "retry-after": str(_RETRY_SECONDS),
            "retry-after-ms": str(_RETRY_SECONDS * 1000),
            "x-ratelimit-reset-tokens": str(_RETRY_SECONDS),
            "x-ratelimit-remaining-tokens": "0",
        }
    )
    return refusal


def content_filtered() -> Refusal:
    """The prompt was refused. Source: documentation; the wire says `innererror`."""
    safe = {"filtered": False, "severity": "safe"}
    error = {
        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content"
        " management policy. Please modify your prompt and retry. To learn more about our content"
        " filtering policies please read our documentation:"
        " https://go.microsoft.com/fwlink/?linkid=2198766",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {
                "hate": {"filtered": True, "severity": "high"},
                "jailbreak": {"filtered": False, "detected": False},
                "self_harm": safe,
                "sexual": safe,
                "violence": safe,
            },
        },
    }
    return Refusal(400, {"error": error})


def extra_parameters(names: Iterable[str]) -> Refusal:
    """Keys that `/models` does not know, without leave to pass them on.

    Source: the wording that LiteLLM's azure_ai client reads the names from; the envelope is
    taken from public test stubs and not from recorded traffic.
    """
    detail = (
        f"Extra parameters {sorted(names)} are not allowed when extra-parameters is not set or"
        " set to be 'error'. Set extra-parameters to 'pass-through' to pass to the model."
    )
    return Refusal(422, {"detail": detail})


def unrecognized_argument(names: Iterable[str]) -> Refusal:
    """Keys that the OpenAI routes do not know. Source: OpenAI's own API, same code base."""
    return _invalid(f"Unrecognized request argument supplied: {', '.join(sorted(names))}")


def unsupported_parameter(name: str, instead: str | None = None) -> Refusal:
    """A parameter a reasoning model refuses. Source: promptfoo#6153 and many issues."""
    message = f"Unsupported parameter: '{name}' is not supported with this model."
    if instead is not None:
        message += f" Use '{instead}' instead."
    return _invalid(message, parameter=name, code="unsupported_parameter")


def unsupported_value(name: str, value: object) -> Refusal:
    """A value a reasoning model refuses. Source: OpenAI's own API, same code base."""
    return _invalid(
        f"Unsupported value: '{name}' does not support {value} with this model. Only the default"
        " (1) value is supported.",
        parameter=name,
        code="unsupported_value",
    )


def missing_property(name: str) -> Refusal:
    """A body without something required. Source: OpenAI's own API, same code base."""
    return _invalid(f"'{name}' is a required property", parameter=name)


def invalid_value(message: str, *, parameter: str, code: str = "invalid_value") -> Refusal:
    """A body with something of the wrong form; no report shows the exact wording."""
    return _invalid(message, parameter=parameter, code=code)


def only_allowed(name: str, condition: str) -> Refusal:
    """A parameter that makes sense beside another only. Source: OpenAI's API, same code base."""
    message = f"Invalid value for '{name}': '{name}' is only allowed when {condition}."
    return _invalid(message, parameter=name)


def loose_tool_message() -> Refusal:
    """A tool's result that nobody asked for. Source: OpenAI's API, same code base."""
    return _invalid(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message"
        " with 'tool_calls'.",
        parameter="messages",
    )


def unanswered_tool_calls(identities: Iterable[str]) -> Refusal:
    """A tool's result that is missing. Source: OpenAI's API, same code base."""
    return _invalid(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to"
        " each 'tool_call_id'. The following tool_call_ids did not have response messages:"
        f" {', '.join(sorted(identities))}",
        parameter="messages",
    )


def operation_not_supported(operation: str, model: str) -> Refusal:
    """Chat asked of an embedding model or the other way round. Source: issues."""
    return _error(
        400,
        "OperationNotSupported",
        f"The {operation} operation does not work with the specified model, {model}. Please choose"
        " different model and try again.",
    )


def no_model_name() -> Refusal:
    """`/models` was not told which deployment. Source: the same router on GitHub Models."""
    message = "No model specified in request. Please provide a model name in the request body."
    return _error(400, "no_model_name", message, details=message)


def invalid_json() -> Refusal:
    """A body that is no JSON object; no report shows the exact wording."""
    return _error(400, "BadRequest", "The request body is not a valid JSON object.")


def unsupported_media_type() -> Refusal:
    """A body not declared as JSON; no report shows the exact wording."""
    return _error(415, "UnsupportedMediaType", "The content type of the request is not supported.")


def anthropic_invalid(message: str) -> Refusal:
    """A request the Messages API refuses, in its own envelope. Source: Anthropic's API."""
    error = {"type": "invalid_request_error", "message": message}
    return Refusal(400, {"type": "error", "error": error})
