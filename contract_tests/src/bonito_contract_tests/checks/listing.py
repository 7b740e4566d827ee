"""LIST: the models the provider says there are, compared with what the cloud lists."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.alterations import (
    with_unknown_members,
    with_unreadable_row,
    without_numbers,
)
from bonito_contract_tests.check import Family
from bonito_contract_tests.interceptions import Altered, At, Endless, some_of
from bonito_contract_tests.sentences import must_be_sentences
from bonito_contract_tests.violation import must
from bonito_emulators import Fault, Respond
from bonito_providers import Capability
from bonito_providers.errors import DefectError, MalformedAnswer, PluginError, ProviderError
from bonito_providers.prices import find_price

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Listing, Model

LISTING = Family("LIST", "Listing models and deployments")
PAGE_SIZES = (1, 2, 3, 7)
MANY_MODELS = 120
"""More than a page of most services, and than a listing cut to a hundred."""
MOST_REQUESTS = 1000
"""No account has as many pages of anything."""


@LISTING.check(
    1,
    rule="A complete listing of models has every model of the cloud exactly once, however many "
    "there are.",
    mend="Follow the link to the next page until there is none; key items by model and version.",
    needs=(Capability.LIST_MODELS,),
)
async def every_model_is_listed_once(bench: Bench) -> None:
    for more in (0, MANY_MODELS):
        if more and not bench.harness.fill_catalogue(bench.cloud, more):
            return
        for access in bench.accesses_for(Capability.LIST_MODELS):
            await _must_be_whole(bench, access)


async def _must_be_whole(bench: Bench, access: Access) -> None:
    listed = Counter(model.id for model in (await listed_models(bench, access)).items)
    there = Counter(bench.harness.models(bench.cloud, access))
    must(
        listed == there,
        seen=f"with {access.name}, {listed.total()} models; not in the cloud or twice: "
        f"{sorted((listed - there).elements())[:12]}; left out: "
        f"{sorted((there - listed).elements())[:12]}",
        expected=f"the {there.total()} models of the cloud, each once",
    )


@LISTING.check(
    2,
    rule="A listing of models is the same, item by item and in the same order, under every page "
    "size, and called complete.",
    mend="Sort the items by their id after the last page; take no page size for granted.",
    needs=(Capability.LIST_MODELS,),
)
async def models_are_the_same_under_every_page_size(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_MODELS):
        bench.renew()
        clean = await listed_models(bench, access)
        must(
            clean.complete,
            seen=f"with {access.name} and nothing wrong, the listing is not called complete",
            expected="complete=True where everything there is was read",
        )
        for size in PAGE_SIZES:
            bench.renew()
            paged = bench.harness.paginate(bench.cloud, size)
            again = await listed_models(bench, access)
            must(
                _content(again) == _content(clean),
                seen=f"with {access.name} and pages of {size if paged else 'any size'}: "
                f"{_difference(clean, again)}",
                expected="the same listing",
            )


@LISTING.check(
    3,
    rule="Two listings of models that did not change are equal, on one connection and on two.",
    mend="Sort by what the cloud says, not by when answers arrive; build no ids from a count.",
    needs=(Capability.LIST_MODELS,),
)
async def two_listings_are_equal(bench: Bench) -> None:
    for access in bench.accesses_for(Capability.LIST_MODELS):
        async with bench.connect(access) as one, bench.connect(access) as other:
            first = await bench.provider.list_models(one)
            for connection in (one, other):
                again = await bench.provider.list_models(connection)
                must(
                    _content(again) == _content(first),
                    seen=f"with {access.name}, two listings differ: {_difference(first, again)}",
                    expected="equal listings of an unchanged cloud",
                )


@LISTING.check(
    4,
    rule="What the cloud lists and the listing leaves out is named among the skipped, with a "
    "sentence that says why.",
    mend="Put a `Skipped` with id and reason in the place of every row you leave out.",
    needs=(Capability.LIST_MODELS,),
)
async def what_is_left_out_is_named(bench: Bench) -> None:
    for access in bench.accesses_for(Capability.LIST_MODELS):
        listing = await listed_models(bench, access)
        named = {each.id for each in listing.skipped}
        missing = sorted(set(bench.harness.skipped(bench.cloud, access)) - named)
        must(
            not missing,
            seen=f"with {access.name}, neither listed nor skipped: {missing}",
            expected="each of them in `skipped`",
        )
        for each in listing.skipped:
            must_be_sentences(f"the reason why {each.id} is skipped", each.reason)


@LISTING.check(
    5,
    rule="A row that cannot be read is skipped with a reason, or the listing says that it is not "
    "complete, or the call fails; the row does not vanish, and takes no other with it.",
    mend="Read row by row; what does not parse becomes a `Skipped`.",
    needs=(Capability.LIST_MODELS,),
)
async def an_unreadable_row_does_not_vanish(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_MODELS):
        bench.renew()
        clean = await listed_models(bench, access)
        unreadable = Altered(with_unreadable_row)
        bench.faults.add(Fault(action=unreadable, times=None))
        try:
            listing = await listed_models(bench, access)
        except MalformedAnswer:
            continue
        lost = sorted(_ids(clean) - _ids(listing))
        must(
            not lost,
            seen=f"with {access.name} and a row that says nothing, {lost} are left out",
            expected="every row that can be read",
        )
        # A service whose lists hold no objects has no such rows.
        must(
            not unreadable.altered
            or len(listing.skipped) > len(clean.skipped)
            or not listing.complete,
            seen=f"with {access.name}, a row that says nothing vanished from a complete listing",
            expected="the row among the skipped, or complete=False",
        )


@LISTING.check(
    6,
    rule="A listing that cannot be read to its end fails, or is not called complete and says why "
    "in a note; never is a shorter list called complete.",
    mend="Let the error of a later page pass, or return complete=False with a note.",
    needs=(Capability.LIST_MODELS,),
)
async def a_listing_cut_short_says_so(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_MODELS):
        bench.renew()
        bench.harness.paginate(bench.cloud, 2)
        clean = await listed_models(bench, access)
        for place, request in enumerate(some_of(bench.wire)):
            # "Not found" is the status that some take for the end of a list.
            status = 404 if place % 2 else 500
            bench.renew()
            bench.harness.paginate(bench.cloud, 2)
            failing = At(request, Respond(status, body={}))
            bench.faults.add(Fault(action=failing, times=None))
            fault = f"{status} for {request.path}?{request.query}"
            await _must_say_that_it_is_short(bench, access, clean, fault)


@LISTING.check(
    7,
    rule="Pages that lead back to one another for ever are given up, and the listing is not called "
    "complete; no item comes twice.",
    mend="Remember the pages seen, and bound their number.",
    needs=(Capability.LIST_MODELS,),
)
async def endless_pages_end(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_MODELS):
        bench.renew()
        bench.harness.paginate(bench.cloud, 1)
        clean = await listed_models(bench, access)
        requests = len(bench.wire)
        bench.faults.add(Fault(action=Endless(MOST_REQUESTS), times=None))
        try:
            listing: Listing[Model] | None = await listed_models(bench, access)
        except PluginError:
            raise
        except ProviderError:
            listing = None
        asked = len(bench.wire) - requests
        must(
            asked < MOST_REQUESTS,
            seen=f"with {access.name}, {asked} requests for pages that lead in a circle",
            expected=f"an end before {MOST_REQUESTS} requests",
        )
        if listing is not None:
            _must_not_pretend(listing, clean, "pages that lead in a circle")


@LISTING.check(
    8,
    rule="Members that a service adds to its answers change nothing in a listing.",
    mend="Read the members you know and ignore the others.",
    needs=(Capability.LIST_MODELS,),
)
async def unknown_members_are_ignored(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_MODELS):
        bench.renew()
        clean = await listed_models(bench, access)
        bench.faults.add(Fault(action=Altered(with_unknown_members), times=None))
        again = await listed_models(bench, access)
        must(
            _content(again) == _content(clean),
            seen=f"with {access.name} and a new member in each object: {_difference(clean, again)}",
            expected="the same listing",
        )


@LISTING.check(
    9,
    rule="What is not known of a model is None: no text is empty, no number is zero or made up, "
    "and a price is never zero.",
    mend="Hand on what the service says and None for the rest; let the core find the price.",
    needs=(Capability.LIST_MODELS,),
)
async def unknown_is_none(bench: Bench) -> None:
    for access in tried(bench, Capability.LIST_MODELS):
        bench.renew()
        clean = await listed_models(bench, access)
        for model in clean.items:
            _must_be_known_or_none(model)
        bench.faults.add(Fault(action=Altered(without_numbers), times=None))
        numbers = {model.id: dict(_numbers_of(model)) for model in clean.items}
        for model in (await listed_models(bench, access)).items:
            for name, value in _numbers_of(model):
                must(
                    value in (None, numbers.get(model.id, {}).get(name)),
                    seen=f"where the service says null, {name} of {model.id} is {value}",
                    expected="None",
                )


def tried(bench: Bench, capability: Capability) -> list[Access]:
    """Return the narrowest and the widest access that can do it; all where time is no matter."""
    every = bench.accesses_for(capability)
    return every if bench.thorough > 1 else [*every[:1], *every[1:][-1:]]


async def listed_models(bench: Bench, access: Access) -> Listing[Model]:
    """Return the models on a new connection."""
    async with bench.connect(access) as connection:
        return await bench.provider.list_models(connection)


async def _must_say_that_it_is_short(
    bench: Bench, access: Access, clean: Listing[Model], fault: str
) -> None:
    try:
        listing = await listed_models(bench, access)
    except PluginError:
        raise
    except ProviderError as error:
        must(
            not isinstance(error, DefectError) or isinstance(error, MalformedAnswer),
            seen=f"with {access.name} and {fault}: {error.kind}",
            expected="an error that stands for the service's answer",
        )
        return
    _must_not_pretend(listing, clean, f"{access.name} and {fault}")


def _must_not_pretend(listing: Listing[Model], clean: Listing[Model], what: str) -> None:
    must(
        not listing.complete or _ids(listing) == _ids(clean),
        seen=f"with {what}, {len(listing.items)} of {len(clean.items)} models, called complete",
        expected="an error, or complete=False",
    )
    must(
        listing.complete or listing.notes,
        seen=f"with {what}, a listing that is not complete and has no note",
        expected="a note that says why",
    )
    twice = [id for id, count in Counter(each.id for each in listing.items).items() if count > 1]
    must(not twice, seen=f"with {what}, {twice} are listed twice", expected="each model once")


def _must_be_known_or_none(model: Model) -> None:
    texts = {name: value for name, value in model if isinstance(value, str)}
    blank = sorted(name for name, value in texts.items() if not value.strip())
    must(not blank, seen=f"{model.id!r} has empty texts: {blank}", expected="None for the unknown")
    zero = [name for name, value in _numbers_of(model) if value is not None and value <= 0]
    must(not zero, seen=f"{model.id} has {zero} of zero or less", expected="None for the unknown")
    price = find_price(model.price_key)
    for rate in (price.input_per_million, price.output_per_million) if price else ():
        must(
            rate is None or rate > 0,
            seen=f"{model.id} has a price of {rate}",
            expected="a price above zero, or None",
        )


def _numbers_of(model: Model) -> Iterator[tuple[str, int | None]]:
    yield "context_window", model.context_window
    for sku in model.skus or ():
        # The bounds may well begin at zero; the rest may not be zero.
        for name in ("maximum", "step", "default"):
            yield f"{sku.name}.{name}", getattr(sku.capacity, name)


def _ids(listing: Listing[Model]) -> set[str]:
    return {each.id for each in listing.items}


def _content(listing: Listing[Any]) -> tuple[Any, ...]:
    return listing.items, listing.skipped, listing.complete


def _difference(first: Listing[Model], other: Listing[Model]) -> str:
    """Return what differs between two listings, in a few words."""
    one, two = {each.id: each for each in first.items}, {each.id: each for each in other.items}
    if set(one) != set(two):
        return f"only once: {sorted(set(one) ^ set(two))}"
    changed = [id for id, each in one.items() if each != two[id]]
    if changed:
        fields = {name for name, value in one[changed[0]] if value != dict(two[changed[0]])[name]}
        return f"{changed} differ, the first in {sorted(fields)}"
    if _content(first)[0] != _content(other)[0]:
        return "the order differs"
    return f"skipped or complete differ: {first.skipped} and {other.skipped}"
