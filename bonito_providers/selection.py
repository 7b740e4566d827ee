"""Choosing among the providers of one cloud by a field of their own, without knowing any cloud.

Providers of one cloud agree on one selector field; each takes one value of it. What a stored
record or a new input without the field means is the providers' own statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bonito_providers.errors import UnknownProvider
from bonito_providers.info import ProviderInfo
from bonito_providers.provider import Provider


@dataclass(frozen=True)
class Selection:
    """Which provider was chosen.

    Attributes:
        provider: The provider.
        fields: The input with the selector field written out, as it must be stored.
        reason: Why this one, in a sentence.
    """

    provider: Provider
    fields: Mapping[str, Any]
    reason: str


def select(
    providers: Iterable[Provider], cloud: str, raw: Mapping[str, Any], *, stored: bool
) -> Selection:
    """Choose a cloud's provider by the selector field in the input.

    A stored record may hold blank text where a form of its day left a field empty; that is taken
    for a field that is not there. In new input it is a mistake, and refused by name.

    Raises:
        UnknownProvider: No installed provider takes that place.
    """
    if stored:
        raw = {name: value for name, value in raw.items() if not _blank(value)}
    group = _group(providers, cloud)
    field = next((name for each in group for name in each.info.selector), None)
    if field is None:
        return Selection(group[0], dict(raw), f"the only provider of {cloud}")
    value = raw.get(field)
    if value is None:
        chosen = [each for each in group if _default(each.info, stored=stored)]
        age = "predates the choice" if stored else "is the recommended one"
        reason = f"{field} is not given, and this one {age}"
    else:
        chosen = [each for each in group if each.info.selector.get(field) == value]
        reason = f"{field} is {value}"
    if not chosen:
        raise _nobody(group, cloud, field, value, stored=stored)
    return Selection(chosen[0], {**raw, **chosen[0].info.selector}, reason)


def group_schema(providers: Iterable[Provider], cloud: str) -> dict[str, Any]:
    """Return the JSON Schema of a cloud's choice, the recommended provider first."""
    group = sorted(_group(providers, cloud), key=lambda each: not each.info.recommended)
    forms = [
        {**each.schema.form(), "title": each.info.title, "description": each.info.summary}
        for each in group
    ]
    field = next((name for each in group for name in each.info.selector), None)
    if field is None:
        return forms[0]
    for form, each in zip(forms, group, strict=True):
        form["x-recommended"] = each.info.recommended
        form["required"] = sorted({*form.get("required", ()), field})
        form["properties"] = {
            field: {"const": each.info.selector[field]},
            **{key: value for key, value in form["properties"].items() if key != field},
        }
    return {"oneOf": forms, "discriminator": {"propertyName": field}}


def misplaced(
    infos: Mapping[str, ProviderInfo], preferred: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Return the providers that cannot be told from another, each with reason and mend.

    Args:
        infos: Name cards by provider name.
        preferred: The operator's word where two claim the same place.
    """
    problems = _without_selector(infos)
    infos = {name: info for name, info in infos.items() if name not in problems}
    claims: dict[str, list[str]] = {}
    for name, info in sorted(infos.items()):
        group = [other for other in infos.values() if other.cloud == info.cloud]
        for claim in _claims(info, group):
            claims.setdefault(claim, []).append(name)
    for claim, names in claims.items():
        kept = [name for name in preferred if name in names][:1]
        for name in names if len(names) > 1 else ():
            others = ", ".join(other for other in names if other != name)
            if name not in kept:
                mend = "Name the one to use as preferred, or uninstall one."
                problems[name] = (f"{claim} is also claimed by {others}", mend)
    return problems


def _without_selector(infos: Mapping[str, ProviderInfo]) -> dict[str, tuple[str, str]]:
    """Return those that name no selector field where others of their cloud do.

    They alone are put aside: a provider that cannot be chosen must not take away those that can.
    """
    problems = {}
    for name, info in infos.items():
        group = [each for each in infos.values() if each.cloud == info.cloud]
        fields = ", ".join(sorted({field for each in group for field in each.selector}))
        if fields and not info.selector:
            reason = f"the providers of {info.cloud} are chosen by {fields}, which it does not name"
            problems[name] = (reason, "Its author adds a selector to its ProviderInfo.")
    return problems


def _claims(info: ProviderInfo, group: Sequence[ProviderInfo]) -> Iterable[str]:
    fields = {field for other in group for field in other.selector}
    if len(fields) != 1 or not all(other.selector for other in group):
        # Without one field that all of them have, nothing tells them apart.
        yield f"the cloud {info.cloud}, without a selector field common to all,"
        return
    for field, value in info.selector.items():
        yield f"{field}={value} of {info.cloud}"
    if info.recommended:
        yield f"being recommended for {info.cloud}"
    if info.predates_selector:
        yield f"predating the choice for {info.cloud}"


def _blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _default(info: ProviderInfo, *, stored: bool) -> bool:
    return info.predates_selector if stored else info.recommended


def _group(providers: Iterable[Provider], cloud: str) -> list[Provider]:
    known = list(providers)
    group = [each for each in known if each.info.cloud == cloud]
    if not group:
        clouds = ", ".join(sorted({each.info.cloud for each in known})) or "none"
        raise UnknownProvider(
            f"No provider for {cloud} is installed.", hint=f"Installed are providers for: {clouds}."
        )
    return group


def _nobody(
    group: Sequence[Provider], cloud: str, field: str, value: object, *, stored: bool
) -> UnknownProvider:
    choices = ", ".join(f"{field}={each.info.selector[field]}" for each in group)
    if value is not None:
        shown = value if isinstance(value, str) and len(value) < 40 else type(value).__name__  # noqa: PLR2004 - a readable excerpt
        message = f"No installed provider for {cloud} takes {field}={shown}."
    elif stored:
        message = (
            f"The stored record has no {field}: it is from before the choice existed, and no "
            f"installed provider for {cloud} takes such records."
        )
    else:
        message = f"{field} must be given: no installed provider for {cloud} is recommended."
    return UnknownProvider(message, hint=f"Installed are: {choices}.")
