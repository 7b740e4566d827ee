"""LIST, third part: what is told about models, compared with what is true of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.listing import LISTING, listed_models
from bonito_contract_tests.violation import HarnessError, must
from bonito_providers import Capability, Capacity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access, ModelTruth
    from bonito_providers import Model

_TEXTS_AND_NUMBERS = (
    "kind",
    "publisher",
    "sold_by",
    "terms_needed",
    "context_window",
    "retires_at",
    "lifecycle",
)
_ALIKE_EVERYWHERE = (*_TEXTS_AND_NUMBERS[:-1], "price_key", "canonical_name")
"""What two planes may not tell differently; the lifecycle has a spelling on each."""


@LISTING.check(
    18,
    rule="What a listing tells of a model is true, or None where it is not known: kind, publisher, "
    "seller, terms, context window, retirement, lifecycle, SKUs with the bounds of their capacity "
    "and the key of its price; two levels of credentials do not contradict each other.",
    mend="Read it from the row or from data with a source; guess nothing, borrow no other model's "
    "price, and leave the rest None.",
    needs=(Capability.LIST_MODELS,),
)
async def models_are_told_truly(bench: Bench) -> None:
    told: dict[str, list[Model]] = defaultdict(list)
    for access in bench.accesses_for(Capability.LIST_MODELS):
        models = {each.id: each for each in (await listed_models(bench, access)).items}
        truths = _truths(bench, access)
        for name, truth in truths.items():
            if name in models:
                others = [each for other, each in truths.items() if other != name]
                _must_be_true(models[name], truth, others)
        for name, model in models.items():
            told[name].append(model)
    for versions in told.values():
        _must_agree(versions)


@LISTING.check(
    19,
    rule="What the service itself shows of a model is told: None stands for what it does not show.",
    mend="Read each member of the row that the model has a place for.",
    needs=(Capability.LIST_MODELS,),
)
async def what_is_shown_is_told(bench: Bench) -> None:
    for access in bench.accesses_for(Capability.LIST_MODELS):
        models = {each.id: each for each in (await listed_models(bench, access)).items}
        for name, truth in _truths(bench, access).items():
            untold = [
                each for each in truth.shown if name in models and not _told(models[name], each)
            ]
            must(
                not untold,
                seen=f"with {access.name}, {untold} of {name} is None",
                expected="what the service shows",
            )


def _told(model: Model, what: str) -> bool:
    if what != "capacities":
        return getattr(model, what) is not None
    return any(each.capacity != Capacity() for each in model.skus or ())


def _truths(bench: Bench, access: Access) -> Mapping[str, ModelTruth]:
    truths = bench.harness.described(bench.cloud, access)
    strange = sorted(set(truths) - set(bench.harness.models(bench.cloud, access)))
    if strange:
        raise HarnessError(f"`described` knows {strange}, which `models` does not have")
    return truths


def _must_be_true(model: Model, truth: ModelTruth, others: Collection[ModelTruth]) -> None:
    pairs = [(name, getattr(model, name), getattr(truth, name)) for name in _TEXTS_AND_NUMBERS]
    skus = None if model.skus is None else sorted(each.name for each in model.skus)
    pairs.append(("SKUs", skus, None if truth.skus is None else sorted(truth.skus)))
    bounds = {each.name: each.capacity for each in model.skus or ()} or None
    pairs.append(("bounds of capacity", bounds, truth.capacities))
    for what, said, there in pairs:
        must(
            there is None or said in (None, there),
            seen=f"the {what} of {model.id} is told as {said!r}",
            expected=f"{there!r}, or None where it is not known",
        )
    foreign = {each.price_key for each in others} - {truth.price_key, None}
    proper = truth.price_key is None or model.price_key in (None, truth.price_key)
    must(
        proper and model.price_key not in foreign,
        seen=f"the price of {model.id} is looked up under {model.price_key!r}",
        expected=f"{truth.price_key!r}, or None where it is not known",
    )


def _must_agree(versions: list[Model]) -> None:
    for name in _ALIKE_EVERYWHERE:
        values = {getattr(each, name) for each in versions} - {None}
        must(
            len(values) < 2,  # noqa: PLR2004 - more than one
            seen=f"the {name} of {versions[0].id} is {sorted(map(str, values))}, by credentials",
            expected="one answer, or None where credentials do not show it",
        )
