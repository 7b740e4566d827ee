"""A credential schema drawn as a form, and what a browser sends read back as credentials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bonito_host.forms import is_secret
from bonito_providers.provider import Provider

MORE = "more"
_REST = {"name": MORE, "title": "More options", "summary": "May be left as it is."}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form.

    Attributes:
        name: In the credentials.
        control: Its name and id on the page, unique there.
        title: What stands above it.
        hint: What it is and where to find it.
        example: What it may look like.
        kind: ``text``, ``url``, ``password``, ``document`` or ``choice``.
        required: Whether it cannot be left out.
        options: What to choose from.
        value: What stands in it; never a secret, but in a demonstration.
        kept: Whether a secret is stored that stays if this is left empty.
        problem: What is wrong with what was given.
        longest: How many characters it takes.
    """

    name: str
    control: str
    title: str
    hint: str
    example: str
    kind: str
    required: bool
    options: tuple[str, ...] = ()
    value: str = ""
    kept: bool = False
    problem: str = ""
    longest: int | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields that belong together, folded away until they are needed."""

    name: str
    title: str
    summary: str
    fields: tuple[Field, ...]
    open: bool


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What is known of a form's fields.

    Attributes:
        values: What stands in them.
        problems: What is wrong, by field.
        kept: Secrets that are stored.
        opened: Groups to show unfolded.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ServiceForm:
    """The form of one provider.

    Attributes:
        provider: Its name.
        title: What a page calls it.
        summary: For the person who has to choose.
        recommended: Whether it is preselected among its cloud's.
        fields: What is asked of everybody.
        groups: What may be added.
        links: Where to find what is asked for.
    """

    provider: str
    title: str
    summary: str
    recommended: bool
    fields: tuple[Field, ...]
    groups: tuple[Group, ...]
    links: Mapping[str, str]

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """Every field, in the order of the page."""
        return (*self.fields, *(each for group in self.groups for each in group.fields))


def draw(provider: Provider, filling: Filling | None = None) -> ServiceForm:
    """Return the form of a provider's credential schema."""
    filling = filling or Filling()
    schema = provider.schema.form()
    chosen_elsewhere = set(provider.info.selector)
    names = [name for name in schema["properties"] if name not in chosen_elsewhere]
    required = [name for name in names if name in schema.get("required", ())]

    def drawn(some: Iterable[str]) -> tuple[Field, ...]:
        return tuple(_field(provider.info.name, name, schema, filling) for name in some)

    # Where nothing that is asked of everybody is a secret, the ways to authenticate stand open.
    wanted = not any(is_secret(schema["properties"][name]) for name in required)
    grouped = {name for each in schema["x-groups"] for name in each["fields"]}
    rest = [name for name in names if name not in {*required, *grouped}]
    given = [*schema["x-groups"], *([{**_REST, "fields": rest}] if rest else ())]
    groups = [_group(each, drawn(each["fields"]), filling, wanted=wanted) for each in given]
    return ServiceForm(
        provider=provider.info.name,
        title=provider.info.title,
        summary=provider.info.summary,
        recommended=provider.info.recommended,
        fields=drawn(required),
        groups=tuple(groups),
        links=provider.info.links,
    )


def read(provider: Provider, sent: Mapping[str, str]) -> dict[str, str]:
    """Return what was filled in of a provider's form; an empty field was left out."""
    prefix = f"{provider.info.name}."
    return {
        name.removeprefix(prefix): text.strip()
        for name, text in sent.items()
        if name.startswith(prefix) and text.strip()
    }


def without_secrets(provider: Provider, fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that may be shown again."""
    properties = provider.schema.form()["properties"]
    return {
        name: str(value)
        for name, value in fields.items()
        if name in properties and not is_secret(properties[name])
    }


def secret_names(provider: Provider, fields: Mapping[str, Any]) -> frozenset[str]:
    """Return which of the fields are secrets."""
    return frozenset(fields) - frozenset(without_secrets(provider, fields))


def addresses(provider: Provider) -> frozenset[str]:
    """Return the fields that say where to."""
    properties = provider.schema.form()["properties"]
    return frozenset(name for name, each in properties.items() if each.get("format") == "uri")


def _group(
    given: Mapping[str, Any], fields: tuple[Field, ...], filling: Filling, *, wanted: bool
) -> Group:
    name = given["name"]
    failing = any(each.problem for each in fields)
    used = any(each.kept or (each.value and not each.options) for each in fields)
    needed = name != MORE and (wanted or used or name in filling.opened)
    return Group(
        name=name,
        title=given["title"],
        summary=given["summary"],
        fields=fields,
        open=failing or needed,
    )


def _field(provider: str, name: str, schema: Mapping[str, Any], filling: Filling) -> Field:
    given = schema["properties"][name]
    inner = next((each for each in given.get("anyOf", ()) if each.get("type") != "null"), given)
    secret = is_secret(given)
    examples: Sequence[Any] = given.get("examples", ())
    default = given.get("default")
    return Field(
        name=name,
        control=f"{provider}.{name}",
        title=given.get("title", name),
        hint=given.get("description", ""),
        example=str(examples[0]) if examples else "",
        kind=_kind({**inner, **given}, secret=secret),
        required=name in schema.get("required", ()),
        options=tuple(map(str, inner.get("enum", ()))),
        value=filling.values.get(name, "" if default is None or secret else str(default)),
        kept=name in filling.kept,
        problem=filling.problems.get(name, ""),
        longest=inner.get("maxLength"),
    )


def _kind(given: Mapping[str, Any], *, secret: bool) -> str:
    if given.get("contentMediaType") == "application/json":
        return "document"
    if secret:
        return "password"
    if given.get("enum"):
        return "choice"
    return "url" if given.get("format") == "uri" else "text"
