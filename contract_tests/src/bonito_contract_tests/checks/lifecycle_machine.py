"""LIFE, last part: the whole life as a state machine; what was told is what the cloud holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from bonito_contract_tests.checks.lifecycle import LIFECYCLE
from bonito_contract_tests.deploying import UNDER_WAY, deploying, held, named, requests
from bonito_contract_tests.examples import seeded, settings_for
from bonito_contract_tests.holdings import Holdings, holdings
from bonito_contract_tests.interceptions import lost_answer
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Fault, Reset, Respond
from bonito_providers import Capability, DeploymentPlan, State
from bonito_providers.errors import (
    BonitoError,
    Conflict,
    DefectError,
    PlanRefused,
    TemporaryError,
)

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_emulators import Action
    from bonito_providers import Connection, Deployment

Told = TypeVar("Told")
NAMES = st.sampled_from([0, 0, 1])
"""One name more often than the other, so that what happens to it happens in a row."""
MODELS = st.integers(0, 1)
FAULTS = st.sampled_from([*["none"] * 9, "500", "429", "reset", "down", "lost"])
STEPS = st.sampled_from(
    [
        *("deploy", "deploy", "deploy", "delete", "delete", "delete", "get", "list"),
        *("plan", "finish", "restart", "put", "remove"),
    ]
)
WALK = ("deploy", "finish", "delete", "finish", "deploy", "remove", "deploy", "restart", "deploy")
"""Deployed, deployed anew after each way of going away, and once more by another process."""
_PASSING: dict[str, Action] = {
    "500": Respond(500, body={}),
    "429": Respond(429, headers={"retry-after": "1"}, body={}),
    "reset": Reset(),
}


@LIFECYCLE.check(
    21,
    rule="Whatever happens in whatever order (plans, deployments, looks, deletions, restarts, "
    "changes elsewhere, faults, lost answers), what the caller is told is what the cloud holds, "
    "and nothing is made twice.",
    mend="Follow the history in the report step by step; the last one told something untrue.",
    needs=(Capability.DEPLOY, Capability.LIST_DEPLOYMENTS),
)
def told_is_what_the_cloud_holds(bench: Bench) -> None:
    # Hypothesis calls it for each example; it need not be a class.
    begin = cast("type[DeploymentLife]", lambda: DeploymentLife(bench))
    _walk(DeploymentLife(bench), slow=False)
    bench.renew()
    if bench.harness.slow_down(bench.cloud):
        _walk(DeploymentLife(bench), slow=True)
    # Few by chance: the walks find most, and a thorough run has many.
    settings = settings_for(bench, examples=4, steps=8)
    run_state_machine_as_test(seeded(bench, begin), settings=settings)


def _walk(life: DeploymentLife, *, slow: bool) -> None:
    """Go the ways that matter most, for certain; chance then finds the others."""
    try:
        life.begin(slow=slow)
        for what in WALK:
            life.step(what=what, name=0, model=0, fault="none")
    finally:
        life.teardown()


class DeploymentLife(RuleBasedStateMachine):
    """Two names, two models, one account, and everything that may happen to them.

    Attributes:
        history: What was done, for the one who reads the failure.
    """

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        bench.renew()
        self._bench = bench
        self._runner = asyncio.Runner()
        self._connection = self._opened()
        self._plans: dict[int, str] = {}
        self.history: list[str] = []

    @initialize(slow=st.sampled_from([True, True, False]))
    def begin(self, *, slow: bool) -> None:
        """Begin with a cloud that builds at once, or takes its time."""
        if slow and self._bench.harness.slow_down(self._bench.cloud):
            self.history.append("slow cloud")

    # One rule for all of them: hypothesis leaves whole rules out of an example, and what goes
    # wrong needs several.
    @rule(what=STEPS, name=NAMES, model=MODELS, fault=FAULTS)
    def step(self, what: str, name: int, model: int, fault: str) -> None:
        """Do one thing, or let one happen."""
        questions: dict[str, Callable[[], None]] = {
            "deploy": lambda: self._deploy(name, fault),
            "get": lambda: self._get(name, fault),
            "list": lambda: self._list(fault),
            "delete": lambda: self._delete(name, fault),
            "plan": lambda: self._plan(name, model),
        }
        if what in questions:
            questions[what]()
        else:
            self._let_happen(what, name, model)

    def _deploy(self, name: int, fault: str) -> None:
        """Deploy the stored plan while something may go wrong."""
        plan = self._planned(name)
        self._step(
            f"deploy {plan.model.name} as {plan.ref.name} ({fault})",
            self._deployed(plan),
            fault=fault,
            may_create=plan.ref.name not in self._holdings().standing,
        )
        self._get(name, "none")
        self._list("none")

    def _get(self, name: int, fault: str) -> None:
        """Look at one of the names."""

        async def work() -> None:
            before = self._holdings()
            told = await self._bench.provider.get_deployment(self._connection, plan.ref)
            self._must_be_true(told, before, by="get_deployment")

        plan = self._planned(name)
        self._step(f"get {plan.ref.name} ({fault})", work(), fault=fault, may_create=False)

    def _list(self, fault: str) -> None:
        """List what stands."""

        async def work() -> None:
            before = self._holdings()
            listing = await self._bench.provider.list_deployments(self._connection)
            told = {each.ref.name for each in listing.items if each.state is not State.DELETING}
            there = (before.listed, self._holdings().listed)
            must(
                told in there or not listing.complete,
                seen=f"listed {sorted(told)}",
                expected=f"what stands: {sorted(there[1])}",
            )
            for each in listing.items:
                self._must_be_true(each, before, by="the listing")

        self._step(f"list ({fault})", work(), fault=fault, may_create=False)

    def _delete(self, name: int, fault: str) -> None:
        """Delete one of the names, if it is one's own."""

        async def work() -> None:
            before = self._holdings()
            truth = before.standing.get(plan.ref.name)
            try:
                told = await self._bench.provider.delete_deployment(self._connection, plan.ref)
            except Conflict:
                must(
                    truth is not None and not truth.owned,
                    seen="deleting one's own, or nothing, is a conflict",
                    expected="ABSENT or DELETING",
                )
                return
            must(
                truth is None or truth.owned,
                seen=f"deleting what is not this project's own says {told.state}",
                expected="Conflict",
            )
            self._must_be_true(told, before, by="delete_deployment")

        plan = self._planned(name)
        self._step(f"delete {plan.ref.name} ({fault})", work(), fault=fault, may_create=False)
        self._get(name, "none")

    def _let_happen(self, what: str, name: int, model: int) -> None:
        """Let something happen that is no question to the plugin."""
        free = self._bench.harness.names[name]
        if what == "finish":
            self.history.append("the cloud finishes")
            self._bench.harness.finish(self._bench.cloud)
        elif what == "remove":
            self.history.append(f"somebody else removes {free}")
            self._bench.remove_outside(free)
        elif what == "restart":
            self.history.append("restart")
            self._run(self._connection.aclose())
            self._connection = self._opened()
        elif free not in self._holdings().standing:
            # Somebody else meets the same conflicts: what stands cannot be replaced.
            plan = self._planned(model)
            self.history.append(f"somebody else deploys {plan.model.name} as {free}")
            self._bench.put_outside(free, plan.model.name or "")

    def teardown(self) -> None:
        """Close what is open."""
        self._runner.run(self._connection.aclose())
        self._runner.close()

    def _plan(self, name: int, model: int) -> None:
        """Plan one of the models under one of the names, and store that."""
        request = named(requests(self._bench)[model], self._bench.harness.names[name])

        async def work() -> None:
            try:
                plan = await self._bench.provider.plan_deployment(self._connection, request)
            except Conflict:
                self._must_stand_in_the_way(request.name or "")
                return
            self._plans[name] = plan.model_dump_json()

        self._step(f"plan {request.model} as {request.name}", work(), may_create=False)

    def _planned(self, name: int) -> DeploymentPlan:
        """Return the stored plan for a name; the first one is for the model of its own."""
        if name not in self._plans:
            self._plan(name, name)
        if name not in self._plans:
            # Somebody else was first, so that there never was a plan: let the name be free.
            self._bench.remove_outside(self._bench.harness.names[name])
            self._plan(name, name)
        return DeploymentPlan.model_validate_json(self._plans[name])

    async def _deployed(self, plan: DeploymentPlan) -> None:
        before = self._holdings()
        try:
            told = await self._bench.provider.deploy(self._connection, plan)
        except (Conflict, PlanRefused):
            self._must_stand_in_the_way(plan.ref.name)
            return
        must(
            told.ref == plan.ref and told.state in UNDER_WAY | {State.QUEUED, State.NEEDS_ACTION},
            seen=f"deploy said {told.state} of {told.ref.name!r}",
            expected=f"{plan.ref.name!r} on its way, ready, or QUEUED",
        )
        if told.state in UNDER_WAY:
            self._must_be_true(told, before, by="deploy")
            truth = self._holdings().standing[plan.ref.name]
            must(
                truth.model == plan.model.name,
                seen=f"deploy took {truth.model} for {plan.model.name}",
                expected="Conflict",
            )
            made = plan.ref.name not in before.standing
            must(
                told.created is made,
                seen=f"deploy said created={told.created}",
                expected=f"created={made}",
            )

    def _must_be_true(self, told: Deployment, before: Holdings, *, by: str) -> None:
        """Compare what was told with what the cloud holds, before the call or after."""
        name = told.ref.name
        after = self._bench.harness.standing(self._bench.cloud)
        truth = after.get(name) or before.standing.get(name)
        if told.state is State.ABSENT:
            must(
                name not in after,
                seen=f"{by} said that {name!r} is absent",
                expected="what the cloud holds",
            )
            return
        if told.state is State.DELETING:
            return
        must(
            truth is not None,
            seen=f"{by} said that {name!r} is {told.state}, and nothing stands there",
            expected="ABSENT",
        )
        must(
            truth is None or told.model.name in (None, truth.model),
            seen=f"{by} said that {name!r} is {told.model.name}",
            expected=f"{truth.model if truth else None}",
        )
        must(
            told.state is not State.READY or name not in after or after[name].ready,
            seen=f"{by} said that {name!r} is ready",
            expected="PROVISIONING: the cloud builds it",
        )

    def _must_stand_in_the_way(self, name: str) -> None:
        must(
            name in self._holdings().standing,
            seen=f"a conflict over {name!r}, and nothing stands there",
            expected="a deployment",
        )

    def _step(
        self,
        text: str,
        work: Coroutine[Any, Any, None],
        *,
        may_create: bool,
        fault: str = "none",
    ) -> None:
        """Do one thing; a fault excuses a TemporaryError and nothing else."""
        self.history.append(text)
        before = self._holdings()
        self._order(fault)
        try:
            self._run(work)
            self._must_not_be_paid_twice(before, may_create=may_create)
        except TemporaryError as error:
            if fault == "none":
                raise self._reported(f"{type(error).__name__}: {error}", "no error") from None
            self._must_not_be_paid_twice(before, may_create=may_create)
        except DefectError:
            raise
        except BonitoError as error:
            raise self._reported(f"{type(error).__name__}: {error}", "no error") from None
        except Violation as violation:
            raise self._reported(violation.seen, violation.expected) from None
        finally:
            self._bench.faults.clear()

    def _must_not_be_paid_twice(self, before: Holdings, *, may_create: bool) -> None:
        made = self._holdings().creations - before.creations
        if made.total() > may_create:
            raise self._reported(f"created {dict(made)}", f"{int(may_create)} creations")

    def _reported(self, seen: str, expected: str) -> Violation:
        return Violation(f"{seen}; after: {'; '.join(self.history)}", expected=expected)

    def _order(self, fault: str) -> None:
        faults = self._bench.faults
        if fault == "lost":
            faults.add(Fault(action=lost_answer(held(self._bench)), times=None))
        elif fault == "down":
            faults.add(Fault(action=_PASSING["500"], times=None))
        elif fault != "none":
            faults.add(Fault(action=_PASSING[fault]))

    def _holdings(self) -> Holdings:
        return holdings(self._bench)

    def _opened(self) -> Connection:
        return self._bench.connect(deploying(self._bench))

    def _run(self, work: Coroutine[Any, Any, Told]) -> Told:
        return self._runner.run(work)
