"""Accepted failover groups, and which of their members still lead to the model that was accepted.

Behind a deployment's name another model may stand tomorrow. A group answers with one model
wherever it is called, so whoever became another falls out, and is told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bonito_providers.gateway import FailoverGroup, GatewayConfig, LeftOut, RoutableDeployment


class AcceptedGroup(FailoverGroup):
    """A group as the operator accepted it.

    Attributes:
        model: The canonical name of the model; None where that was not kept yet, and then the
            first member that is known says it.
    """

    model: str | None = None


def built(
    candidates: Iterable[RoutableDeployment], groups: Iterable[FailoverGroup]
) -> GatewayConfig:
    """Return the configuration in which no group has a member of another model.

    Raises:
        ValueError: A group has the name of a route.
    """
    routes, accepted = list(candidates), list(groups)
    wanted = {member for group in accepted for member in group.members}
    models = {each.route_name: each.canonical_name for each in routes if each.route_name in wanted}
    reasons = {group.name: reasons_to_leave(group, models) for group in accepted}
    kept = [_without(group, reasons[group.name]) for group in accepted]
    config = GatewayConfig.build(routes, groups=kept)
    fallen = [_left_out(*each) for leaving in reasons.values() for each in leaving.items()]
    return config.model_copy(update={"left_out": (*config.left_out, *fallen)})


def reasons_to_leave(group: FailoverGroup, models: Mapping[str, str | None]) -> dict[str, str]:
    """Return which members lead to another model than was accepted, and how to say so.

    Args:
        group: Which; one that is proposed only is of one model by its making.
        models: The canonical name by route, as far as routes and models are known.
    """
    if not isinstance(group, AcceptedGroup):
        return {}
    known = (models[each] for each in group.members if models.get(each))
    model = group.model or next(known, None)
    changed = [each for each in group.members if each in models and models[each] != model]
    return {each: _said(group, model, models[each]) for each in changed}


def _said(group: FailoverGroup, model: str | None, now: str | None) -> str:
    became = f"leads to {now} now" if now else "leads to a model that is not known"
    return f"the failover group {group.name} is for {model}, and this {became}"


def _without(group: FailoverGroup, leaving: Mapping[str, str]) -> FailoverGroup:
    members = tuple(each for each in group.members if each not in leaving)
    return group.model_copy(update={"members": members})


def _left_out(route: str, reason: str) -> LeftOut:
    connection, _, deployment = route.partition("/")
    return LeftOut(connection=connection, deployment=deployment, reason=reason)
