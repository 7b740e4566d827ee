"""TOLD: what an author worked out by hand for situations that only that cloud knows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python

from bonito_contract_tests.check import Family
from bonito_contract_tests.situations import NOTHING, Scene
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_providers.errors import BonitoError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.situations import Situation, Told
    from bonito_providers import Connection

TELLING = Family("TOLD", "What is told in situations of the cloud's own")
_CARRIED = ("message", "hint", "status", "code", "request_id", "retry_after", "actions", "problems")
"""What a refusal may carry."""


@TELLING.check(
    1,
    rule="In each situation that its author worked out by hand from the service's documentation, "
    "a plugin tells what is true there, asks for no more than that takes, or refuses with the "
    "class and the words that help.",
    mend="Read what the service answers there as its documentation says, and mend the plugin; "
    "mend the harness only where the documentation says otherwise.",
)
async def situations_are_told_as_worked_out(bench: Bench) -> None:
    for situation in bench.harness.situations:
        _must_demand(situation)
        bench.renew()
        if situation.prepare is not None:
            situation.prepare(bench.cloud)
        access = bench.access(situation.access)
        async with bench.connect(access, **situation.fields) as connection:
            for told in situation.told:
                await _must_be_told(bench, connection, situation, told)


def _must_demand(situation: Situation) -> None:
    """Refuse what would pass whatever the plugin does.

    Raises:
        HarnessError: Nothing is asked, or nothing is demanded of what is told.
    """
    if not situation.told:
        raise HarnessError(
            f"{situation.name}: asks nothing; add what is told there, or leave it out"
        )
    for told in situation.told:
        demands = (told.tells, told.says, told.unsaid, told.refused)
        if not any(demands) and told.sends is None:
            raise HarnessError(
                f"{situation.name}, {told.name}: demands nothing; say what it must come to"
            )


async def _must_be_told(
    bench: Bench, connection: Connection, situation: Situation, told: Told
) -> None:
    what = f"{situation.name}, {told.name}"
    seen = len(bench.wire)
    answer = await _answer(_scene(bench, connection), told, what)
    document = _document(answer)
    for path, expected in told.tells.items():
        there = _at(document, path, what)
        wanted = expected if expected is NOTHING else to_jsonable_python(expected)
        must(_same(there, wanted), seen=f"{what}: {path} is {there!r}", expected=f"{wanted!r}")
    _must_say(what, told, json.dumps(document, ensure_ascii=False))
    sent = [f"{each.method} {each.path}" for each in bench.wire[seen:]]
    must(
        told.sends is None or sent == list(told.sends),
        seen=f"{what}: it sent {sent}",
        expected=f"{list(told.sends or ())}",
    )


def _scene(bench: Bench, connection: Connection) -> Scene:
    seen = len(bench.wire)
    return Scene(
        provider=bench.provider,
        connection=connection,
        cloud=bench.cloud,
        faults=bench.faults,
        wire=lambda: bench.wire[seen:],
        clock=bench.clock,
    )


async def _answer(scene: Scene, told: Told, what: str) -> object:
    """Return the answer, or the refusal where there is rightly one."""
    try:
        answer: object = await told.ask(scene)
    except BonitoError as error:
        if told.refused is None:
            raise
        must(
            type(error) is told.refused,
            seen=f"{what}: it is refused with {type(error).__name__}: {error}",
            expected=told.refused.__name__,
        )
        return error
    if told.refused is not None:
        raise Violation(f"{what}: it is answered", expected=told.refused.__name__)
    return answer


def _document(answer: object) -> Any:  # noqa: ANN401 - any JSON
    """Return an answer as JSON, secrets masked; of a refusal, what it carries."""
    if not isinstance(answer, BonitoError):
        return to_jsonable_python(answer, fallback=str)
    carried = {name: getattr(answer, name, None) for name in _CARRIED}
    return to_jsonable_python(carried, fallback=str)


def _at(document: Any, path: str, what: str) -> Any:  # noqa: ANN401 - any JSON
    """Return what stands at a path, or NOTHING; what it leads through must be there.

    Raises:
        Violation: It is not, so that nothing could stand there whatever the plugin tells.
    """
    way, there = "", document
    for step in path.split("."):
        must(
            isinstance(there, dict) or (isinstance(there, list) and step.isdecimal()),
            seen=f"{what}: {way or 'the answer'} is {there!r}",
            expected=f"something that may have {step!r} in it",
        )
        there = _member(there, step)
        way = f"{way}.{step}".removeprefix(".")
    return there


def _member(there: dict[str, Any] | list[Any], step: str) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(there, dict):
        return there.get(step, NOTHING)
    return there[int(step)] if int(step) < len(there) else NOTHING


def _same(there: object, wanted: object) -> bool:
    return there == wanted and isinstance(there, bool) is isinstance(wanted, bool)


def _must_say(what: str, told: Told, text: str) -> None:
    for wanted in told.says:
        must(
            _escaped(wanted) in text,
            seen=f"{what}: it says {text!r}",
            expected=f"a text with {wanted!r}",
        )
    for idle in told.unsaid:
        must(
            _escaped(idle) not in text,
            seen=f"{what}: it says {text!r}",
            expected=f"no {idle!r} in it",
        )


def _escaped(words: str) -> str:
    """Return words as they stand in a text of a JSON document, which escapes quotes and breaks."""
    return json.dumps(words, ensure_ascii=False)[1:-1]
