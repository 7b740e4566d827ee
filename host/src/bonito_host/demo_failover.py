"""The demonstration's chapter on failover: the first cloud is throttled, and the next answers.

What is told comes from the emulation's log of requests: who was asked, and what each answered.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bonito_host.demo_calls import Adopted
from bonito_host.emulation import Stage
from bonito_host.gateway_groups import HEAD, members_of
from bonito_host.gateway_places import Place
from bonito_host.output import printable
from bonito_host.story import Story
from bonito_providers.errors import ProviderError
from bonito_providers.gateway import FailoverGroup, GatewayConfig

if TYPE_CHECKING:
    from bonito_host.litellm_adapter import Gateway

PATIENCE = 60.0
"""Seconds after which a first cloud that is not asked again is a failure."""
_PAUSE = 0.5
_OK, _THROTTLED = 200, 429

Seen = list[tuple[str, int | None]]
"""Hosts of the group's members in the order they were asked, with the status each answered."""


def propose(config: GatewayConfig) -> FailoverGroup | None:
    """Return the proposal with the most members, if there is any."""
    return max(config.proposals, key=lambda group: len(group.members), default=None)


async def tell_failover(
    gateway: Gateway,
    group: FailoverGroup,
    adopted: Sequence[Adopted],
    stage: Stage,
    story: Story,
) -> None:
    """Tell calls to a group while its places are throttled and recover."""
    story.chapter(f"Fail over between clouds: {group.name}")
    by_route = {each.route(each.chat).route_name: each for each in adopted}
    members = [by_route[name] for name in group.members]
    _tell_group(group, members, story)
    walk = _Walk(gateway, group.name, members, stage, story)
    await walk.while_all_answer()
    await walk.while_the_first_is_throttled()
    await walk.until_the_first_is_asked_again()
    if len(members) > 2:  # noqa: PLR2004 - a third that can answer for two
        await walk.while_two_are_throttled()


def _tell_group(group: FailoverGroup, members: Sequence[Adopted], story: Story) -> None:
    places = [
        Place(each.route(each.chat), each.chat, each.connection.provider.info.title)
        for each in members
    ]
    story.say(f"All of these are {group.name}; the operator accepts them in an order:")
    listed = enumerate(members_of(group, places), start=1)
    story.table(HEAD, [member.row(place) for place, member in listed])


@dataclass
class _Walk:
    gateway: Gateway
    name: str
    members: Sequence[Adopted]
    stage: Stage
    story: Story

    @property
    def _hosts(self) -> list[str]:
        found = [urlsplit(each.chat.endpoint or "").hostname for each in self.members]
        return [host or "" for host in found]

    async def while_all_answer(self) -> None:
        first, *_ = self._hosts
        await self._told("all answer", [[(first, _OK)]])

    async def while_the_first_is_throttled(self) -> None:
        first, second, *_ = self._hosts
        self.stage.throttle(self.members[0].demo)
        await self._told("first throttled", [[(first, _THROTTLED), (second, _OK)]])
        # A machine that stands still for as long as LiteLLM leaves the first alone asks it again.
        usual: Seen = [(second, _OK)]
        slow: Seen = [(first, _THROTTLED), (second, _OK)]
        if await self._told("once more", [usual, slow]) == usual:
            self.story.say("  LiteLLM leaves a throttled place alone, for as long as Retry-After")
            self.story.say("  says or else for five seconds, so that no call waits for it.")

    async def until_the_first_is_asked_again(self) -> None:
        first, *_ = self._hosts
        self.stage.recover(self.members[0].demo)
        began = time.monotonic()
        seen, answer = await self._ask()
        while seen != [(first, _OK)] and time.monotonic() - began < PATIENCE:
            await asyncio.sleep(_PAUSE)
            seen, answer = await self._ask()
        waited = f"{time.monotonic() - began:.0f} s later"
        self._tell(f"recovered, {waited}", seen, answer)
        if seen != [(first, _OK)]:
            self.story.fail(f"{first} was not asked again")

    async def while_two_are_throttled(self) -> None:
        first, second, third, *_ = self._hosts
        for each in self.members[:2]:
            self.stage.throttle(each.demo)
        wanted: Seen = [(first, _THROTTLED), (second, _THROTTLED), (third, _OK)]
        await self._told("two throttled", [wanted])
        for each in self.members[:2]:
            self.stage.recover(each.demo)

    async def _told(self, when: str, expected: Sequence[Seen]) -> Seen:
        seen, answer = await self._ask()
        self._tell(when, seen, answer)
        if seen not in expected:
            self.story.fail(f"expected was {_written(expected[0])}")
        return seen

    async def _ask(self) -> tuple[Seen, str]:
        log = self.stage.emulation.log
        before = len(log.requests)
        prompt = self.members[0].demo.prompt
        try:
            answer = (
                await self.gateway.chat(self.name, [{"role": "user", "content": prompt}])
            ).text
        except ProviderError as error:
            answer = f"no answer: {error.message}"
        fresh = log.requests[before:]
        return [(each.host, each.status) for each in fresh if each.host in self._hosts], answer

    def _tell(self, when: str, seen: Seen, answer: str) -> None:
        self.story.say(f"{when}: {_written(seen)}")
        self.story.say(f"    {printable(answer)}")


def _written(seen: Seen) -> str:
    return ", then ".join(f"{status} from {host}" for host, status in seen) or "nobody was asked"
