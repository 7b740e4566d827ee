"""Credential schemas: one pydantic class is the form, the API and the command line alike."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, model_validator

from bonito_providers.crashes import described, ends_the_program
from bonito_providers.errors import BonitoError, InvalidCredentials, PluginError
from bonito_providers.redaction import Redactor
from bonito_providers.values import StrictValue, Value


class Capability(StrEnum):
    """What a connection may be able to do, depending on the credentials given."""

    CHECK = "check"
    LIST_MODELS = "list_models"
    LIST_DEPLOYMENTS = "list_deployments"
    ADOPT = "adopt"
    DEPLOY = "deploy"
    INVOKE = "invoke"
    ROUTE = "route"


class Capabilities(Value):
    """What credentials allow, and what is missing for the rest.

    Attributes:
        available: What works with these credentials.
        missing: For each other capability, the fields that would give it; empty where none does.
    """

    available: frozenset[Capability]
    missing: Mapping[Capability, tuple[str, ...]]


class FieldGroup(Value):
    """Optional fields that belong together: all are given, or none.

    Attributes:
        name: The group's own name.
        title: What a form writes above it.
        summary: What it is for, in one sentence.
        fields: The names of its fields.
        enables: What a connection can do once the group is filled in.
        replaces: Fields that are required unless the group is filled in; they default to None.
    """

    name: str
    title: str
    summary: str
    fields: tuple[str, ...]
    enables: frozenset[Capability] = frozenset()
    replaces: tuple[str, ...] = ()


class Credentials(StrictValue):
    """The base of every provider's credential schema.

    Fields carry `title`, `description` (the hint), `examples` and, where secret, the type
    `SecretStr`; their order is the form's order. A subclass that has optional groups names them
    in `field_groups`.
    """

    model_config = ConfigDict(extra="forbid")

    base_capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    """What works with the required fields alone; groups add to it."""
    field_groups: ClassVar[tuple[FieldGroup, ...]] = ()

    @model_validator(mode="after")
    def _groups_are_whole(self) -> Self:
        for group in self.field_groups:
            absent = [name for name in group.fields if getattr(self, name) is None]
            if absent and len(absent) < len(group.fields):
                message = f"{group.title}: give all of these fields or none; missing {absent}"
                raise ValueError(message)
            unmet = [name for name in group.replaces if absent and getattr(self, name) is None]
            if unmet:
                message = f"{', '.join(unmet)}: required, or all of {group.title}"
                raise ValueError(message)
        return self

    def capabilities(self) -> Capabilities:
        """Say what these credentials allow and what is missing for the rest."""
        available = set(self.base_capabilities)
        for group in self.field_groups:
            if all(getattr(self, name) is not None for name in group.fields):
                available |= group.enables
        missing = {
            capability: tuple(
                name
                for group in self.field_groups
                if capability in group.enables
                for name in group.fields
            )
            for capability in Capability
            if capability not in available
        }
        return Capabilities(available=frozenset(available), missing=missing)

    def secrets(self) -> Iterator[SecretStr]:
        """Yield every secret in these credentials, nested ones too."""
        yield from _secrets_in(self)

    def reveal(self) -> dict[str, Any]:
        """Return the fields with secrets in clear: for storing them encrypted, nothing else."""
        return {key: _revealed(value) for key, value in self if value is not None}

    def fingerprint(self, key: bytes) -> str:
        """Return a keyed digest that changes when any field changes.

        Args:
            key: Secret of the host, so that a digest cannot be searched for its key.
        """
        text = json.dumps(self.reveal(), sort_keys=True, default=str)
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    @classmethod
    def form(cls) -> dict[str, Any]:
        """Return the JSON Schema that draws the form, with the groups under `x-groups`."""
        schema = cls.model_json_schema()
        for name in (name for group in cls.field_groups for name in group.replaces):
            # A form asks for it; who fills in the group instead may leave it empty.
            field = schema["properties"][name]
            given = next(each for each in field.pop("anyOf") if each.get("type") != "null")
            field.pop("default", None)
            field.update(given)
            schema["required"] = sorted({*schema.get("required", ()), name})
        schema["x-groups"] = [
            {**group.model_dump(mode="json"), "enables": sorted(group.enables)}
            for group in cls.field_groups
        ]
        return schema

    @classmethod
    def read(cls, raw: Mapping[str, Any], *, provider: str) -> Self:
        """Read what a user gave.

        Raises:
            InvalidCredentials: Fields are missing, unknown, empty or wrong, each by its name.
            PluginError: A validator of the schema crashed.
        """
        failure: BonitoError
        if empty := _empty_in(raw):
            failure = InvalidCredentials(empty, provider=provider, hint="Fill in or leave out.")
        else:
            missing = _missing_in_groups(cls.field_groups, raw)
            try:
                return cls.model_validate(dict(raw))
            except ValidationError as error:
                failure = InvalidCredentials(_all_of(error, missing), provider=provider)
            except BaseException as error:
                if ends_the_program(error):
                    raise
                failure = _crash(error, provider)
        # A validator may quote what it refuses.
        failure.redact(Redactor(_secrets_given(cls, raw)))
        # Raised outside the handler, since pydantic's error holds the input; and without the
        # input among this frame's variables, since error trackers record those.
        del raw
        raise failure


def _all_of(error: ValidationError, missing: Mapping[str, str]) -> dict[str, str]:
    problems = {**_problems_of(error), **missing}
    if missing:
        problems.pop("credentials", None)  # says the same without a field's name
    return problems


def _missing_in_groups(groups: tuple[FieldGroup, ...], raw: Mapping[str, Any]) -> dict[str, str]:
    """Name the fields that a group which was begun still lacks, and those it would replace."""
    missing: dict[str, str] = {}
    for group in groups:
        absent = [name for name in group.fields if raw.get(name) is None]
        if absent and len(absent) < len(group.fields):
            text = f"is required with the other fields of {group.title}"
            missing |= dict.fromkeys(absent, text)
        if absent:
            unmet = [name for name in group.replaces if name not in raw]
            missing |= dict.fromkeys(unmet, f"is required, or all of {group.title}")
    return missing


def _empty_in(raw: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: "is empty"
        for name, value in raw.items()
        if isinstance(value, str) and not value.strip()
    }


def _problems_of(error: ValidationError) -> dict[str, str]:
    problems: dict[str, str] = {}
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        field = ".".join(str(part) for part in item["loc"]) or "credentials"
        text = {
            "missing": "is required",
            "extra_forbidden": "is not a field of this provider",
        }.get(item["type"], item["msg"].removeprefix("Value error, "))
        problems.setdefault(field, text)
    return problems


def _crash(error: BaseException, provider: str) -> PluginError:
    return PluginError(
        f"The plugin {provider} failed in credential_schema: {described(error)}.",
        hint="This is a defect of the plugin: report it to its author.",
        provider=provider,
        operation="credential_schema",
    )


def _secrets_given(schema: type[BaseModel], raw: Mapping[str, Any]) -> Iterator[SecretStr]:
    """Yield what was given for secret fields, valid or not."""
    for name, field in schema.model_fields.items():
        yield from _secrets_for(field.annotation, raw.get(name))


def _secrets_for(annotation: object, value: object) -> Iterator[SecretStr]:
    if annotation is SecretStr:
        if isinstance(value, str | SecretStr):
            yield SecretStr(value) if isinstance(value, str) else value
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if isinstance(value, Mapping):
            yield from _secrets_given(annotation, value)
    else:
        for part in get_args(annotation):
            yield from _secrets_for(part, value)


def _secrets_in(value: object) -> Iterator[SecretStr]:
    if isinstance(value, SecretStr):
        yield value
    elif isinstance(value, BaseModel):
        for _, item in value:
            yield from _secrets_in(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _secrets_in(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _secrets_in(item)


def _revealed(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, BaseModel):
        return {key: _revealed(item) for key, item in value if item is not None}
    if isinstance(value, Mapping):
        return {key: _revealed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_revealed(item) for item in value]
    return value
