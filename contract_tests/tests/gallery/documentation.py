"""Plugins that work and leave people without words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from pydantic import Field

from bonito_aviary.credentials import GROUP, AviaryCredentials
from bonito_aviary.plugin import Aviary
from bonito_providers import (
    CheckItem,
    Connection,
    CredentialReport,
    Credentials,
    FieldGroup,
    Listing,
    Model,
    Skipped,
    hookimpl,
)
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.metadata import OtherCard

SKIPPED = "peers 1c: the gateway silently continues past models, no reason"


@broken(
    "DOC-01",
    incident="The page showed an identifier where the service's name belongs.",
    source="peers 2.2: what a person has to choose by",
)
class IdentifierForATitle(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"title": "aviary"}


@broken(
    "DOC-01",
    incident="The summary was one word, and the choice between two modes a guess.",
    source="peers 1c: two modes of one cloud, default inconsistent",
)
class WordForASummary(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"summary": "Birds"}


@broken(
    "DOC-02",
    incident="Nobody was told where the key is found.",
    source="peers 2.1: what onboarding looks like",
)
class NoLinks(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"links": {}}


class _Terse(AviaryCredentials):
    account_id: str | None = Field(
        default=None, title="Account ID", description="The account.", examples=["acc-1001"]
    )


@broken(
    "DOC-03",
    incident="A hint repeated the label; people tried the three identifiers in turn.",
    source="peers 2.2: what a form needs",
)
class HintThatSaysNothing(Aviary):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return _Terse


class _Raw(AviaryCredentials):
    field_groups: ClassVar[tuple[FieldGroup, ...]] = (
        GROUP.model_copy(update={"title": "management_group", "summary": ""}),
    )


@broken(
    "DOC-04",
    incident="A group of fields had its variable's name for a heading.",
    source="peers 2.2: what a form needs",
)
class GroupWithoutWords(Aviary):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return _Raw


@broken(
    "DOC-05",
    incident="Ticks stood beside identifiers.",
    source="monolith: status strings raw on the page, aws_gcp row 9",
)
class ItemsWithoutTitles(Aviary):
    async def report(self, connection: Connection) -> CredentialReport:
        report = await super().report(connection)
        items = tuple(self.untitled(each) for each in report.items)
        return report.model_copy(update={"items": items})

    def untitled(self, item: CheckItem) -> CheckItem:
        return item.model_copy(update={"title": item.name})


@broken("DOC-06", incident="Models were left out without a reason.", source=SKIPPED)
class SkipsWithoutAReason(Aviary):
    def parsed(self, connection: Connection, rows: Iterable[object]) -> Iterator[Model | Skipped]:
        for each in super().parsed(connection, rows):
            yield each.model_copy(update={"reason": ""}) if isinstance(each, Skipped) else each


@broken(
    "DOC-06",
    incident="A list was cut short and the page could not say why.",
    source="monolith: first page only, non-200 gives an empty list, aws_gcp row 15",
)
class CutShortWithoutANote(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        return listing.model_copy(update={"complete": False, "notes": ()})
