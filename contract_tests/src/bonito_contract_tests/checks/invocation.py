"""CALL: one short call to a model, straight at the provider."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from bonito_contract_tests import untouched
from bonito_contract_tests.check import Family, Level
from bonito_contract_tests.exercises import attempt, callable_in
from bonito_contract_tests.interceptions import Altered
from bonito_contract_tests.json_reading import json_of, leaves_in, members_in, vectors_in
from bonito_contract_tests.outcomes import must_raise, outcome_under
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Action, Fault, Reset, Respond
from bonito_providers import Capability, Invocation, InvocationRequest
from bonito_providers.errors import DeploymentNotFound, RequestError
from bonito_providers.waiting import verify

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Connection, Deployment

CALLS = Family("CALL", "Calling models")

_PROMPT = "Count the words of this sentence, and no others."
_TOKENS = 7
_KINDS = ("chat", "embedding")


@CALLS.check(
    1,
    rule="A chat asks what the request asks, and gives the text the service answered, the surface "
    "that was used, and the tokens as the service counted them; where nothing in the cloud chats "
    "there is nothing to ask.",
    mend="Send `request.prompt` as it is; read text and usage from the answer; what it does not "
    "say is None.",
    needs=(Capability.INVOKE,),
)
async def a_chat_gives_what_the_service_answered(bench: Bench) -> None:
    for when, answer, said in await _answers(bench, "chat"):
        texts = [each for each in leaves_in(said) if isinstance(each, str)]
        must(
            answer.text is not None and any(answer.text in each for each in texts),
            seen=f"{when}: the text {answer.text!r} is nowhere in the answer",
            expected="the text of the answer",
        )
        must(
            answer.dimensions is None,
            seen=f"{when}: a chat of {answer.dimensions} dimensions",
            expected="dimensions None",
        )
        _must_be_accounted(answer, said, when=when)


@CALLS.check(
    2,
    rule="An embedding is of the request's text, and gives the length of the vector the service "
    "answered, no text, and the tokens as the service counted them; where nothing in the cloud "
    "embeds there is nothing to ask.",
    mend="Send `request.prompt` as it is; count the numbers of the first vector; what the answer "
    "does not say is None.",
    needs=(Capability.INVOKE,),
)
async def an_embedding_gives_its_length(bench: Bench) -> None:
    for when, answer, said in await _answers(bench, "embedding"):
        lengths = sorted({len(each) for each in vectors_in(said)})
        must(
            answer.dimensions is not None and (answer.dimensions in lengths or not lengths),
            seen=f"{when}: {answer.dimensions} dimensions; the answer's vectors have {lengths}",
            expected="the length of a vector of the answer",
        )
        must(answer.text is None, seen=f"{when}: an embedding with a text", expected="text None")
        _must_be_accounted(answer, said, when=when)


def _must_be_accounted(answer: Invocation, said: Any, *, when: str) -> None:  # noqa: ANN401 - JSON
    must(answer.surface, seen=f"{when}: no surface", expected="the name of the surface used")
    for name, words in (("input_tokens", _INPUT), ("output_tokens", _OUTPUT)):
        counted = getattr(answer, name)
        known = _counts(said, words)
        must(
            counted in (known or (None, *leaves_in(said))),
            seen=f"{when}: {name} is {counted!r}; the service counted {known or 'nothing'}",
            expected="the service's own count, or None where it has none",
        )


@CALLS.check(
    3,
    rule="A call is one request to the service, and creates nothing.",
    mend="Look nothing up on the way to the model: the deployment says where it is.",
    needs=(Capability.INVOKE,),
)
async def a_call_is_one_request(bench: Bench) -> None:
    standing = dict(bench.harness.standing(bench.cloud))
    async with each_callable(bench) as found:
        for access, connection, deployment in found:
            request = call_of(deployment)
            await bench.provider.invoke_model(connection, deployment, request)
            seen = len(bench.wire)
            await bench.provider.invoke_model(connection, deployment, request)
            sent = [f"{each.method} {each.path}" for each in bench.wire[seen:]]
            must(
                len(sent) == 1,
                seen=f"calling {deployment.ref.name} with {access.name} sent {sent}",
                expected="one request",
            )
    now = bench.harness.standing(bench.cloud)
    must(
        now == standing,
        seen=f"calls left {sorted(now)} in the cloud, before there was {sorted(standing)}",
        expected="nothing created, changed or removed",
    )


@CALLS.check(
    4,
    level=Level.SHOULD,
    rule="A chat asks the service for no more tokens than the request allows, since the customer "
    "pays for them.",
    mend="Send `request.max_tokens` as the limit the service knows.",
    needs=(Capability.INVOKE,),
)
async def a_chat_is_limited(bench: Bench) -> None:
    async with each_callable(bench, "chat") as found:
        for _, connection, deployment in found:
            seen = len(bench.wire)
            await bench.provider.invoke_model(connection, deployment, call_of(deployment))
            body = json_of(bench.wire[-1].body) if len(bench.wire) > seen else None
            limits = _counts(body, _LIMIT)
            must(
                limits and max(limits) <= _TOKENS,
                seen=f"{deployment.ref.name} was asked with the limits {limits}",
                expected=f"a limit of {_TOKENS} tokens",
            )


@CALLS.check(
    5,
    rule="A deployment that is gone, or never was where nobody can delete, is DeploymentNotFound "
    "when it is called.",
    mend="Map the data plane's answer for an unknown deployment to DeploymentNotFound.",
    needs=(Capability.INVOKE,),
)
async def a_deployment_that_is_gone_is_not_found(bench: Bench) -> None:
    async with each_callable(bench) as found:
        for access, connection, deployment in found:
            if not bench.remove_outside(deployment.ref.name):
                deployment = _of_nobody(bench, deployment)  # noqa: PLW2901 - stands for it from here
            request = call_of(deployment)
            call = partial(bench.provider.invoke_model, deployment=deployment, request=request)
            outcome = await attempt(call, connection)
            when = f"{deployment.ref.name} removed, then called with {access.name}"
            must_raise(outcome, DeploymentNotFound, when=when)


def _of_nobody(bench: Bench, deployment: Deployment) -> Deployment:
    """Return the same deployment under a name that nothing has."""
    ref = deployment.ref.model_copy(update={"name": bench.harness.names[0]})
    return deployment.model_copy(update={"ref": ref})


@CALLS.check(
    6,
    rule="A call that fails is raised, so that only a call that succeeded proves a deployment.",
    mend="Return an Invocation from an answer that has one, and from nothing else.",
    needs=(Capability.INVOKE,),
)
async def only_a_call_that_succeeded_proves_a_deployment(bench: Bench) -> None:
    failing: list[tuple[str, Action]] = [
        *((str(status), Respond(status)) for status in (400, 401, 403, 404, 429, 500)),
        ("a page of HTML", Respond(200, {"content-type": "text/html"}, b"<html>Hello</html>")),
        ("an object without an answer", Respond(200, {}, {"object": "list"})),
        ("an answer without a choice", Altered(_without_rows)),
        ("a reset", Reset()),
    ]
    async with each_callable(bench) as found:
        # One of each kind: how an answer is read differs by nothing else.
        for _, connection, deployment in {each[2].model.kind: each for each in found}.values():
            proved = await verify(connection, deployment)
            must(
                proved.verified is True,
                seen=f"{deployment.ref.name} answers, and is {proved.verified}: "
                f"{proved.verified_reason}",
                expected="verified",
            )
            for name, action in failing:
                proof = partial(verify, deployment=deployment)
                outcome = await outcome_under(bench, action, proof, connection)
                _must_be_unproved(outcome, when=f"{name} from {deployment.ref.name}")


def _must_be_unproved(outcome: object, *, when: str) -> None:
    verified = getattr(outcome, "verified", None)
    must(
        verified is False and getattr(outcome, "verified_reason", ""),
        seen=f"{when}: verified is {verified!r}",
        expected="verified False, with the reason",
    )


@CALLS.check(
    7,
    rule="Asking a model for what its kind does not do is a RequestError, never an answer made up.",
    mend="Pass the service's refusal on, or raise InvalidRequest where there is no such call.",
    needs=(Capability.INVOKE,),
)
async def another_kind_of_question_is_refused(bench: Bench) -> None:
    async with each_callable(bench) as found:
        for access, connection, deployment in found:
            kind = deployment.model.kind
            other = next(each for each in _KINDS if each != kind)
            request = InvocationRequest.model_validate({"kind": other})
            call = partial(bench.provider.invoke_model, deployment=deployment, request=request)
            outcome = await attempt(call, connection)
            when = f"{deployment.ref.name} ({kind}) asked as {other}, {access.name}"
            must_raise(outcome, RequestError, when=when)


@asynccontextmanager
async def each_callable(
    bench: Bench, *kinds: str
) -> AsyncIterator[list[tuple[Access, Connection, Deployment]]]:
    """Give each deployment that can be called, with a connection of each access that can call it.

    An access has one connection, unused at first, so that its first call finds nothing ready.
    None is right only of a single kind, where the cloud holds none of it.

    Raises:
        Violation: There is none.
    """
    found: list[tuple[Access, Deployment]] = []
    for access in bench.accesses_for(Capability.INVOKE):
        if Capability.LIST_DEPLOYMENTS not in bench.capabilities(access):
            continue
        listed = await untouched.listed(bench, access)
        unlisted = await _unlisted(bench, access)
        callable_ones = [
            each for kind in kinds or _KINDS for each in callable_in([*listed, *unlisted], kind)
        ]
        found += [(access, each) for each in callable_ones]
    standing = bench.harness.standing(bench.cloud).values()
    there = {each.kind for each in standing if each.ready}
    if not found and (not kinds or there.intersection(kinds)):
        raise Violation(
            f"no deployment of kind {' or '.join(kinds or _KINDS)} is listed as ready",
            expected="one in the fresh cloud, and READY in the listing",
        )
    async with AsyncExitStack() as opened:
        connections = {
            access.name: await opened.enter_async_context(bench.connect(access))
            for access in bench.accesses_for(Capability.INVOKE)
        }
        yield [(access, connections[access.name], each) for access, each in found]


async def _unlisted(bench: Bench, access: Access) -> Sequence[Deployment]:
    """Return what answers although no listing shows it, as that access adopts it."""
    if Capability.ADOPT not in bench.capabilities(access):
        return ()
    standing = bench.harness.standing(bench.cloud)
    names = [name for name, each in standing.items() if each.ready and not each.listed]
    return [await untouched.adopted(bench, access, name) for name in names]


async def _answers(bench: Bench, kind: str) -> list[tuple[str, Invocation, Any]]:
    """Call each deployment of a kind; return what the plugin and what the service said."""
    answers: list[tuple[str, Invocation, Any]] = []
    async with each_callable(bench, kind) as found:
        for access, connection, deployment in found:
            when = f"{deployment.ref.name} with {access.name}"
            answers.append((when, *await _answer(bench, connection, deployment, when=when)))
    return answers


async def _answer(
    bench: Bench, connection: Connection, deployment: Deployment, *, when: str
) -> tuple[Invocation, Any]:
    said: list[Any] = []

    def overhear(document: Any) -> Any:  # noqa: ANN401 - JSON
        said.append(document)
        return document

    bench.faults.add(Fault(action=Altered(overhear), times=None))
    seen = len(bench.wire)
    answer = await bench.provider.invoke_model(connection, deployment, call_of(deployment))
    bench.faults.clear()
    must(
        any(_PROMPT in each.body.decode("utf-8", "replace") for each in bench.wire[seen:]),
        seen=f"{when}: the request's prompt is in no body that was sent",
        expected="the prompt, as it is",
    )
    if not said:
        raise Violation(f"{when}: an answer, and the service gave none", expected="a call")
    return answer, said[-1]


def call_of(deployment: Deployment) -> InvocationRequest:
    """Return a short question of the deployment's kind."""
    asked = {"kind": deployment.model.kind, "prompt": _PROMPT, "max_tokens": _TOKENS}
    return InvocationRequest.model_validate(asked)


_INPUT = ("prompt", "input")
_OUTPUT = ("completion", "output", "candidates")
_LIMIT = ("max",)


def _counts(document: Any, words: tuple[str, ...]) -> list[int]:  # noqa: ANN401 - JSON
    """Return the numbers of tokens whose name begins with one of the words: ``prompt_tokens``."""
    return [
        value
        for name, value in members_in(document)
        if "token" in name.lower() and name.lower().startswith(words) and type(value) is int
    ]


def _without_rows(document: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(document, list):
        return []
    if not isinstance(document, Mapping):
        return document
    return {name: _without_rows(each) for name, each in document.items()}
