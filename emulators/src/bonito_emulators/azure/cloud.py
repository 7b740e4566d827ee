"""The emulated Azure: Entra, ARM, and the data planes of accounts behind their host names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from bonito_emulators.azure import arm, entra, planes
from bonito_emulators.azure.accounts import HOST_SUFFIXES, Account
from bonito_emulators.azure.clock import Clock
from bonito_emulators.azure.request import Request
from bonito_emulators.azure.state import State
from bonito_emulators.exchange import exchange_of
from bonito_emulators.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from bonito_emulators.azure.arm_catalogue import Entry
    from bonito_emulators.azure.bill import Bill
    from bonito_emulators.azure.directory import Directory, Tenant
    from bonito_emulators.azure.subscriptions import Subscription


class AzureCloud:
    """Foundry and Azure OpenAI: the given accounts, and what manages them.

    Without a tenant nobody can sign in, and the accounts can be called with keys only. A
    subscription that is not given belongs to the first tenant.

    Attributes:
        faults: what shall go wrong.
        clock: the cloud's time.
        bill: what was made, deleted and called.
        directory: Entra's tenants, applications and tokens.
    """

    name = "azure"
    host_patterns = (entra.HOST, arm.HOST, *(f"*{suffix}" for suffix in HOST_SUFFIXES))

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        tenants: Iterable[Tenant] = (),
        subscriptions: Iterable[Subscription] = (),
        clock: Clock | None = None,
    ) -> None:
        self.faults = Faults()
        self.clock = clock or Clock()
        self._state = State(
            accounts, tenants=tenants, subscriptions=subscriptions, clock=self.clock
        )
        self.bill: Bill = self._state.bill
        self.directory: Directory = self._state.directory

    @property
    def page_size(self) -> int | None:
        """How many items ARM puts on a page; all of them when None."""
        return self._state.page_size

    @page_size.setter
    def page_size(self, size: int | None) -> None:
        self._state.page_size = size

    def account(self, name: str) -> Account:
        """Gives an account, to look at or to change while calls are served.

        Raises:
            KeyError: there is none of that name.
        """
        return self._state.account(name)

    def subscription(self, identity: str) -> Subscription:
        """Gives a subscription, to look at or to change while calls are served.

        Raises:
            KeyError: there is none of that id.
        """
        return self._state.subscriptions[identity.lower()]

    def advance(self, seconds: float) -> None:
        """Lets the cloud's time pass at once."""
        self.clock.advance(seconds)

    def entries(self, region: str) -> tuple[Entry, ...]:
        """Gives ARM's catalogue of a region, to compare with what a client made of it."""
        return self._state.entries(region)

    def offer_only(self, names: Collection[str]) -> None:
        """Leaves only the models of these names in the catalogues: a small cloud answers sooner."""
        self._state.offer_only(names)

    def offer(self, *entries: Entry) -> None:
        """Adds entries to ARM's catalogues and to what the data planes list."""
        self._state.offer(entries)

    def load_recorded(self, models: Path, usages: Path) -> str:
        """Takes a region's catalogue and quota from recorded answers; gives the region's name.

        The files hold what `locations/{location}/models` and `…/usages` answered.
        """
        return self._state.load_recorded(models, usages)

    def knows(self, host: str) -> bool:
        """Tells whether it is Entra, ARM, or an account's."""
        return host in {entra.HOST, arm.HOST} or self._account_behind(host) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or does to it what a fault orders."""
        await self.faults.serve(self._serve, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        request = Request(
            exchange=exchange_of(scope),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers=Headers(scope=scope),
            body=message["body"],
        )
        await self._answer(request)(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        host = request.exchange.host
        if host == entra.HOST:
            return entra.answer(self._state, request)
        if host == arm.HOST:
            return arm.answer(self._state, request)
        account = self._account_behind(host)
        if account is None:
            msg = f"{host} is not a host of this cloud"
            raise LookupError(msg)
        return planes.answer(self._state, account, request)

    def _account_behind(self, host: str) -> Account | None:
        return next((each for each in self._state.accounts if host in each.hosts), None)
