"""A check tells its items one by one, to whom it is told for, and never more than it reports."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_providers import Call, CheckItem, Connection, CredentialReport, Proceed, Verdict
from bonito_providers.errors import CredentialsRejected, PluginError
from tests.core.plugins import CANARY, connected
from tests.virtual_time import START

pytestmark = pytest.mark.anyio

Check = Callable[[Connection], Awaitable[CredentialReport]]


def item(name: str, reason: str = "") -> CheckItem:
    return CheckItem(name=name, title=name, verdict=Verdict.PASSED, reason=reason)


REACH, KEY, LIST = item("reach"), item("authenticate"), item("list_models")


def report(*items: CheckItem) -> CredentialReport:
    return CredentialReport(items=items, observed_at=START)


def telling(*told: CheckItem, reported: tuple[CheckItem, ...] = (REACH, KEY, LIST)) -> Check:
    async def check_credentials(connection: Connection) -> CredentialReport:
        connection.tell(*told)
        return report(*reported)

    return check_credentials


async def heard_of(check: Check) -> list[CheckItem]:
    heard: list[CheckItem] = []
    async with connected(check_credentials=check) as connection:
        await connection.provider.check_credentials(connection, progress=heard.append)
    return heard


async def test_an_item_is_heard_before_the_check_goes_on() -> None:
    heard: list[CheckItem] = []
    then: list[list[CheckItem]] = []

    async def check_credentials(connection: Connection) -> CredentialReport:
        connection.tell(REACH)
        then.append([*heard])
        return report(REACH, KEY)

    async with connected(check_credentials=check_credentials) as connection:
        await connection.provider.check_credentials(connection, progress=heard.append)
    assert then == [[REACH]]
    assert heard == [REACH, KEY]


async def test_what_is_told_to_nobody_changes_nothing() -> None:
    async with connected(check_credentials=telling(REACH, KEY)) as connection:
        connection.tell(REACH)
        found = await connection.provider.check_credentials(connection)
    assert found == report(REACH, KEY, LIST)


async def test_a_plugin_that_tells_nothing_is_heard_at_the_end_in_order() -> None:
    assert await heard_of(telling()) == [REACH, KEY, LIST]


@given(told=st.lists(st.sampled_from([REACH, KEY, LIST])))
def test_whatever_is_told_how_often_each_item_is_heard_once(told: list[CheckItem]) -> None:
    heard = asyncio.run(heard_of(telling(*told)))
    early = list(dict.fromkeys(told))
    assert heard == early + [each for each in (REACH, KEY, LIST) if each not in early]


async def test_what_the_report_does_not_have_is_heard_once_all_the_same() -> None:
    stray = item("stray")
    assert await heard_of(telling(stray, stray)) == [stray, REACH, KEY, LIST]


async def test_the_report_has_the_last_word() -> None:
    wrong = KEY.model_copy(update={"verdict": Verdict.FAILED})
    assert await heard_of(telling(REACH, wrong)) == [REACH, wrong, KEY, LIST]


async def test_a_wrapper_that_tries_twice_lets_the_last_try_stand() -> None:
    tries: list[CheckItem] = [KEY.model_copy(update={"verdict": Verdict.FAILED}), KEY]

    async def check_credentials(connection: Connection) -> CredentialReport:
        found = tries.pop(0)
        connection.tell(found)
        return report(found)

    class Retrying:
        async def around_call(self, call: Call, proceed: Proceed) -> object:
            await proceed()
            return await asyncio.ensure_future(proceed())

    heard: list[CheckItem] = []
    failed = tries[0]
    wrappers = (Retrying(),)
    async with connected(wrappers=wrappers, check_credentials=check_credentials) as connection:
        await connection.provider.check_credentials(connection, progress=heard.append)
    assert heard == [failed, KEY]


async def test_a_secret_that_is_told_is_hidden_as_in_the_report() -> None:
    echoed = item("reach", f"no such key: {CANARY}")
    heard = await heard_of(telling(echoed, reported=(echoed,)))
    assert len(heard) == 1
    assert CANARY not in repr(heard)


async def test_telling_what_is_no_item_is_a_defect_of_the_plugin_whether_one_listens_or_not() -> (
    None
):
    async def check_credentials(connection: Connection) -> CredentialReport:
        connection.tell(cast("CheckItem", "reached"))
        return report()

    async with connected(check_credentials=check_credentials) as connection:
        for progress in (None, list[CheckItem]().append):
            with pytest.raises(PluginError, match="a check tells CheckItem, not str"):
                await connection.provider.check_credentials(connection, progress=progress)


async def test_two_checks_of_one_connection_at_once_are_told_apart() -> None:
    both = asyncio.Barrier(3)

    async def check_credentials(connection: Connection) -> CredentialReport:
        task = asyncio.current_task()
        assert task is not None
        own = item(task.get_name())
        await both.wait()
        # From a task of the check's own, too.
        await asyncio.create_task(asyncio.to_thread(connection.tell, own))
        await both.wait()
        return report(own)

    heard: dict[str, list[CheckItem]] = {"one": [], "other": []}
    async with connected(check_credentials=check_credentials) as connection:
        check = connection.provider.check_credentials
        one, other, _ = await asyncio.gather(
            asyncio.create_task(check(connection, progress=heard["one"].append), name="one"),
            asyncio.create_task(check(connection, progress=heard["other"].append), name="other"),
            asyncio.create_task(check(connection), name="nobody"),
        )
    assert heard == {"one": [item("one")], "other": [item("other")]}
    assert (one.items, other.items) == ((item("one"),), (item("other"),))


async def test_a_check_within_a_check_is_not_told_to_who_listens_to_the_outer_one() -> None:
    inner = item("inner")

    async def check_credentials(connection: Connection) -> CredentialReport:
        if connection.id == "here":
            other = connection.provider.connect(connection.credentials, id="other")
            async with other:
                await connection.provider.check_credentials(other)
                other.tell(inner)
        else:
            connection.tell(inner)
        return report(REACH)

    assert await heard_of(check_credentials) == [REACH]


async def test_what_a_check_left_running_tells_is_not_heard_any_more() -> None:
    go = asyncio.Event()
    left: list[asyncio.Task[None]] = []

    async def check_credentials(connection: Connection) -> CredentialReport:
        async def later() -> None:
            await go.wait()
            connection.tell(item("late"))

        left.append(asyncio.create_task(later()))
        return report(REACH)

    heard: list[CheckItem] = []
    async with connected(check_credentials=check_credentials) as connection:
        await connection.provider.check_credentials(connection, progress=heard.append)
        go.set()
        await left[0]
    assert heard == [REACH]


async def test_a_listener_that_fails_neither_ends_the_check_nor_goes_unsaid(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(_: CheckItem) -> None:
        message = f"gone with {CANARY}"
        raise OSError(message)

    async with connected(check_credentials=telling(REACH)) as connection:
        with caplog.at_level(logging.WARNING):
            found = await connection.provider.check_credentials(connection, progress=failing)
    assert found == report(REACH, KEY, LIST)
    assert "a listener to a check failed with OSError" in caplog.text
    assert CANARY not in caplog.text


async def test_what_was_told_stays_told_where_the_check_fails_as_a_whole() -> None:
    async def check_credentials(connection: Connection) -> CredentialReport:
        connection.tell(REACH)
        raise CredentialsRejected("Not usable at all.")

    heard: list[CheckItem] = []
    async with connected(check_credentials=check_credentials) as connection:
        with suppress(CredentialsRejected):
            await connection.provider.check_credentials(connection, progress=heard.append)
    assert heard == [REACH]
