"""LIST, second part: the deployments the provider says there are, compared with what stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.alterations import with_unknown_members, with_unreadable_row
from bonito_contract_tests.checks.listing import LISTING, PAGE_SIZES, tried
from bonito_contract_tests.deploying import deploying, planned, requests
from bonito_contract_tests.holdings import holdings, must_be_unchanged
from bonito_contract_tests.interceptions import Altered, At, some_of
from bonito_contract_tests.sentences import must_be_sentences
from bonito_contract_tests.violation import HarnessError, must
from bonito_emulators import Fault, Respond
from bonito_providers import Capability, State
from bonito_providers.errors import MalformedAnswer, PluginError, ProviderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access, Standing
    from bonito_providers import Connection, Deployment, Listing, Model

OUTSIDE = ("outside-a", "outside-b", "outside-c")
MANY = tuple(f"outside-{number:02}" for number in range(30))
"""More than a service's usual page, and than a listing that is cut to ten or twenty."""


@LISTING.check(
    10,
    rule="A listing of deployments has everything that stands exactly once, however many and "
    "whoever made it, in the same order under every page size, and is called complete.",
    mend="Follow every page; filter by nobody's mark; sort by name.",
    needs=(Capability.LIST_DEPLOYMENTS,),
)
async def every_deployment_is_listed_once(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_DEPLOYMENTS):
        orders = set()
        for size in PAGE_SIZES:
            # Many pages once; what they are cut into is seen of few as well.
            _prepare(bench, MANY if size == PAGE_SIZES[0] else MANY[: len(OUTSIDE)])
            bench.harness.paginate(bench.cloud, size)
            listing = await listed(bench, access)
            names = [each.ref.name for each in listing.items]
            standing = _shown(bench)
            must(
                Counter(names) == Counter(list(standing)),
                seen=f"with {access.name} and pages of {size}, listed {names}",
                expected=f"each of {sorted(standing)} once",
            )
            must(
                listing.complete,
                seen=f"with {access.name} and pages of {size}, the listing is called incomplete: "
                f"{' '.join(listing.notes)}",
                expected="complete, since nothing is missing",
            )
            orders.add(tuple(name for name in names if name not in MANY[len(OUTSIDE) :]))
        must(
            len(orders) == 1,
            seen=f"with {access.name}, the order depends on the page size: {sorted(orders)}",
            expected="one order",
        )


@LISTING.check(
    11,
    rule="A listed deployment tells the truth about its model and owner, about SKU and capacity "
    "where it can be deployed, and says READY of what is ready and of nothing else.",
    mend="Read state, tags and SKU from the row; what the row does not show is None.",
    needs=(Capability.LIST_DEPLOYMENTS,),
)
async def listed_deployments_are_true(bench: Bench) -> None:
    for access in bench.accesses_for(Capability.LIST_DEPLOYMENTS):
        await _prepare_unfinished(bench)
        before = bench.harness.standing(bench.cloud)
        listing = await listed(bench, access)
        after = bench.harness.standing(bench.cloud)
        manages = Capability.DEPLOY in bench.capabilities(access)
        for each in (each for each in listing.items if each.ref.name in before):
            truth = before[each.ref.name]
            must_be_true(each, truth, manages=manages)
            must(
                (each.state is State.READY) in (truth.ready, after[each.ref.name].ready),
                seen=f"{each.ref.name!r} is listed as {each.state}",
                expected=f"{'ready' if truth.ready else 'not ready yet'}, as the cloud says",
            )


@LISTING.check(
    12,
    rule="Every listing shows the account as it is at that moment: what was made or removed "
    "elsewhere a moment ago, where anybody can, is there or gone.",
    mend="Keep no listing; ask each time.",
    needs=(Capability.LIST_DEPLOYMENTS,),
)
async def listings_are_fresh(bench: Bench) -> None:
    for access in bench.accesses_for(Capability.LIST_DEPLOYMENTS):
        _prepare(bench)
        async with bench.connect(access) as connection:
            await bench.provider.list_deployments(connection)
            bench.put_outside("outside-new", _some_model(bench))
            there = sorted(_shown(bench))
            bench.remove_outside(OUTSIDE[0] if OUTSIDE[0] in there else there[0])
            listing = await bench.provider.list_deployments(connection)
        names = sorted(each.ref.name for each in listing.items)
        standing = sorted(_shown(bench))
        must(
            names == standing,
            seen=f"with {access.name}, after a change elsewhere, listed {names}",
            expected=f"what stands: {standing}",
        )


@LISTING.check(
    13,
    rule="A listing of deployments that cannot be read to its end fails or is not called complete; "
    "a failed call is never an empty listing.",
    mend="Let the error pass, or return complete=False with a note.",
    needs=(Capability.LIST_DEPLOYMENTS,),
)
async def a_failed_listing_is_not_an_empty_one(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_DEPLOYMENTS):
        _prepare(bench)
        bench.harness.paginate(bench.cloud, 2)
        names = {each.ref.name for each in (await listed(bench, access)).items}
        for request in some_of(bench.wire):
            _prepare(bench)
            bench.harness.paginate(bench.cloud, 2)
            bench.faults.add(Fault(action=At(request, Respond(500, body={})), times=None))
            try:
                listing = await listed(bench, access)
            except PluginError:
                raise
            except ProviderError:
                continue
            found = {each.ref.name for each in listing.items}
            must(
                found == names or (not listing.complete and listing.notes),
                seen=f"with {access.name} and 500 for {request.path}, "
                f"{len(found)} of {len(names)} deployments and complete={listing.complete}",
                expected="an error, or complete=False with a note",
            )


@LISTING.check(
    14,
    rule="Members that a service adds to its answers change nothing in a listing of deployments.",
    mend="Read the members you know and ignore the others.",
    needs=(Capability.LIST_DEPLOYMENTS,),
)
async def unknown_members_of_deployments_are_ignored(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_DEPLOYMENTS):
        _prepare(bench)
        clean = await listed(bench, access)
        bench.faults.add(Fault(action=Altered(with_unknown_members), times=None))
        again = await listed(bench, access)
        must(
            _without_time(again) == _without_time(clean),
            seen=f"with {access.name} and a new member in each object, other deployments: "
            f"{[each.ref.name for each in again.items]}",
            expected="the same listing",
        )


@LISTING.check(
    15,
    rule="Listings change nothing in the cloud, say where they come from, and carry the time at "
    "which they were made.",
    mend="Send reads only; fill `source`, and `observed_at` from `connection.clock` each time.",
    needs=(Capability.LIST_MODELS,),
)
async def listings_are_readings(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_MODELS):
        bench.renew()
        before = holdings(bench) if bench.provider.deploys else None
        async with bench.connect(access) as connection:
            for _ in range(2):
                bench.clock.advance(3600)
                start = bench.clock.now()
                listings: list[Listing[Any]] = [await bench.provider.list_models(connection)]
                if Capability.LIST_DEPLOYMENTS in bench.capabilities(access):
                    listings.append(await bench.provider.list_deployments(connection))
                for listing in listings:
                    must(
                        start <= listing.observed_at <= bench.clock.now(),
                        seen=f"with {access.name}, observed_at is off by "
                        f"{(listing.observed_at - start).total_seconds():.0f} seconds",
                        expected="the connection's time at the moment of the call",
                    )
                    must_be_sentences("the source of a listing", listing.source)
                    must_be_sentences("a note of a listing", *listing.notes)
        if before is not None:
            must_be_unchanged(bench, before, after="listing")


@LISTING.check(
    16,
    rule="`deployed_as` of a model names the deployments of that model that stand, and no other; "
    "of a model with a name of its own it names all that the listing of deployments shows.",
    mend="Join the deployments to the models by name and version, not by likeness.",
    needs=(Capability.LIST_MODELS, Capability.LIST_DEPLOYMENTS),
)
async def models_say_how_they_are_deployed(bench: Bench) -> None:
    for access in bench.accesses_for(Capability.LIST_MODELS):
        _prepare(bench)
        async with bench.connect(access) as connection:
            models = (await bench.provider.list_models(connection)).items
            deployments = await listed_with(bench, access, connection)
        standing = bench.harness.standing(bench.cloud)
        _must_show(models, deployments)
        told = [each for each in models if each.deployed_as is not None]
        for model in told:
            foreign = [
                name
                for name in model.deployed_as or ()
                if name not in standing or standing[name].model != model.name
            ]
            must(
                not foreign,
                seen=f"with {access.name}, {model.id} is said to be deployed as {foreign}",
                expected=f"deployments of {model.name}",
            )
        named = {name for model in told for name in model.deployed_as or ()}
        known = {model.name for model in told}
        missing = sorted(
            name
            for name, each in _shown(bench).items()
            if each.model in known and name not in named
        )
        must(
            not missing,
            seen=f"with {access.name}, no model is said to be deployed as {missing}",
            expected="every deployment under its model, or None where that is not known",
        )


@LISTING.check(
    17,
    rule="A row of a deployment that cannot be read is skipped with a reason, or the listing says "
    "that it is not complete, or the call fails; it does not vanish, and takes no other with it.",
    mend="Read row by row; what does not parse becomes a `Skipped`.",
    needs=(Capability.LIST_DEPLOYMENTS,),
)
async def an_unreadable_deployment_does_not_vanish(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_DEPLOYMENTS):
        _prepare(bench)
        clean = await listed(bench, access)
        unreadable = Altered(with_unreadable_row)
        bench.faults.add(Fault(action=unreadable, times=None))
        try:
            listing = await listed(bench, access)
        except PluginError:
            raise
        except MalformedAnswer:
            continue
        lost = {each.ref.name for each in clean.items} - {each.ref.name for each in listing.items}
        told = len(listing.skipped) > len(clean.skipped) or not listing.complete
        must(
            not lost and (told or not unreadable.altered),
            seen=f"with {access.name} and a row that says nothing, left out: {sorted(lost)}, "
            f"skipped: {len(listing.skipped)}, complete={listing.complete}",
            expected="every row that can be read, and a word about the one that cannot",
        )


async def listed_with(
    bench: Bench, access: Access, connection: Connection
) -> Listing[Deployment] | None:
    """Return the deployments, where that access can list them."""
    if Capability.LIST_DEPLOYMENTS not in bench.capabilities(access):
        return None
    return await bench.provider.list_deployments(connection)


def _must_show(models: Sequence[Model], deployments: Listing[Deployment] | None) -> None:
    alike = Counter(each.name for each in models)
    single = {each.name: each for each in models if alike[each.name] == 1}
    for each in deployments.items if deployments and deployments.complete else ():
        model = single.get(each.model.name or "")
        must(
            model is None or each.ref.name in (model.deployed_as or ()),
            seen=f"{each.ref.name!r} is listed as a deployment of {each.model.name}, and the model "
            f"as deployed as {model and model.deployed_as}",
            expected=f"{each.ref.name!r} among them",
        )


async def listed(bench: Bench, access: Access) -> Listing[Deployment]:
    """Return the deployments on a new connection."""
    async with bench.connect(access) as connection:
        return await bench.provider.list_deployments(connection)


def must_be_true(told: Deployment, truth: Standing, *, manages: bool) -> None:
    """Compare what is said of a deployment with what the cloud holds.

    Args:
        told: By the plugin.
        truth: By the harness.
        manages: Whether the credentials can deploy and so see everything.
    """
    pairs = (
        ("model", told.model.name, truth.model),
        ("owned", told.owned, truth.owned),
        ("SKU", told.sku, truth.sku),
        ("capacity", told.capacity, truth.capacity),
    )
    for what, said, there in pairs:
        must(
            said == there or (said is None and not manages) or (what == "owned" and there is None),
            seen=f"{what} of {told.ref.name!r} is {said!r}",
            expected=f"{there!r}, as the cloud says",
        )


def _prepare(bench: Bench, names: Sequence[str] = OUTSIDE) -> None:
    """Begin with a fresh cloud in which more stands, made by somebody else where anybody can."""
    bench.renew()
    model = _some_model(bench)
    for name in names:
        bench.put_outside(name, model)


async def _prepare_unfinished(bench: Bench) -> None:
    """Let one stand that is this project's own and, where the cloud is slow, not ready yet."""
    _prepare(bench)
    if Capability.DEPLOY in bench.offered():
        bench.harness.slow_down(bench.cloud)
        async with bench.connect(deploying(bench)) as connection:
            plan = await planned(bench, connection, requests(bench)[0])
            await bench.provider.deploy(connection, plan)


def _shown(bench: Bench) -> Mapping[str, Standing]:
    standing = bench.harness.standing(bench.cloud)
    return {name: each for name, each in standing.items() if each.listed}


def _some_model(bench: Bench) -> str:
    standing = bench.harness.standing(bench.cloud)
    if not standing:
        raise HarnessError("let a deployment stand in the fresh cloud, and name it in `standing`")
    return next(iter(standing.values())).model


def _without_time(listing: Listing[Deployment]) -> list[Deployment]:
    return [each.model_copy(update={"observed_at": listing.observed_at}) for each in listing.items]
