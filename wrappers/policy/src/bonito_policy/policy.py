"""The wrapper: plans show what the policy refuses, and what it refuses is not deployed.

The file named by ``BONITO_POLICY`` is read anew for every plan and every deployment, so that a
change counts at once. Without a readable file nothing is deployed; everything else goes on.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bonito_policy.reading import UnreadablePolicy, read_rules
from bonito_policy.rules import Rule, Subject
from bonito_providers import Action, ActionKind, Call, Deployment, DeploymentPlan, Proceed, State

VARIABLE = "BONITO_POLICY"


async def around_call(call: Call, proceed: Proceed) -> object:
    """Keep calls to the policy of the file that the environment names: the entry point."""
    named = os.environ.get(VARIABLE)
    return await Policy(Path(named) if named else None).around_call(call, proceed)


@dataclass(frozen=True)
class Policy:
    """Refuses deployments by the rules of a file.

    Attributes:
        path: The file; None refuses everything, since a policy is wanted and not there.
    """

    path: Path | None

    async def around_call(self, call: Call, proceed: Proceed) -> object:
        """Add refusals to a plan, and answer NEEDS_ACTION in place of a refused `deploy`.

        A refusal is a state and no error, as everything is that a person can mend. What was
        planned under another policy is judged again when it is deployed.
        """
        if call.hook == "deploy":
            plan: DeploymentPlan = call.arguments["plan"]
            refusals = await self._refusals(call, plan)
            return _refused(plan, refusals) if refusals else await proceed()
        result = await proceed()
        if call.hook == "plan_deployment" and isinstance(result, DeploymentPlan):
            refusals = await self._refusals(call, result)
            return result.model_copy(update={"actions": (*refusals, *result.actions)})
        return result

    async def _refusals(self, call: Call, plan: DeploymentPlan) -> tuple[Action, ...]:
        if self.path is None:
            return (_unreadable(f"{VARIABLE} names no file."),)
        try:
            rules = await asyncio.to_thread(read_rules, self.path)
        except UnreadablePolicy as error:
            return (_unreadable(str(error)),)
        subject = Subject.of(call, plan)
        return tuple(_refusal(rule, subject) for rule in rules.deny if rule.refuses(subject))


def _refusal(rule: Rule, subject: Subject) -> Action:
    untold = ", ".join(rule.untold(subject))
    unsure = f" (The plan does not tell its {untold}, which counts as forbidden.)" if untold else ""
    return Action(
        kind=ActionKind.GRANT_PERMISSION,
        title="The policy refuses this",
        instruction=f"{rule.reason}{unsure}",
    )


def _unreadable(problem: str) -> Action:
    return Action(
        kind=ActionKind.CONTACT_SUPPORT,
        title="The policy cannot be read",
        instruction=f"{problem} Nothing is deployed until whoever runs this has mended it.",
    )


def _refused(plan: DeploymentPlan, refusals: tuple[Action, ...]) -> Deployment:
    return Deployment(
        ref=plan.ref,
        model=plan.model,
        state=State.NEEDS_ACTION,
        created=False,
        sku=plan.sku,
        capacity=plan.capacity,
        actions=refusals,
        source="the policy of this installation",
        observed_at=datetime.now(UTC),
    )
