"""Broken listings of models."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from bonito_aviary.plugin import Aviary
from bonito_aviary.rows import ModelRow
from bonito_aviary.wire import Rows
from bonito_providers import Connection, Listing, Model, hookimpl
from bonito_providers.answers import json_list, json_object
from bonito_providers.catalog import Skipped
from bonito_providers.errors import ProviderError
from contract_tests.tests.gallery.broken import broken

VERTEX = "monolith: providers/gcp_vertex.py, list_models"
OPTIONAL = "monolith: reads fields that the answer does not have, aws_gcp row 15"


class PagedItself(Aviary):
    """Honest so far; its children read pages in ways of their own."""

    async def page(self, connection: Connection, url: str) -> tuple[list[Any], str | None]:
        response = await self.manage(connection, "GET", url)
        page = json_object(response)
        following = page.get("next")
        return json_list(page, "items", response), None if following is None else str(following)


@broken("LIST-01", incident="Only the first page of the catalogue was listed.", source=VERTEX)
class FirstPageOnly(PagedItself):
    async def pages(self, connection: Connection, first: str) -> Rows:
        rows, _ = await self.page(connection, first)
        return Rows(tuple(rows))


@broken(
    "LIST-01", incident="Models of one publisher were listed, partners' left out.", source=VERTEX
)
class OnePublisherOnly(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        own = tuple(each for each in listing.items if each.publisher == "Finch Labs")
        return listing.model_copy(update={"items": own})


@broken(
    "LIST-01",
    incident="The catalogue was cut to its first hundred, and nobody was told.",
    source="peers: lists cut to a number that no test had reached",
)
class CutsAtAHundred(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        return listing.model_copy(update={"items": listing.items[:100]})


@broken(
    "LIST-01",
    incident="A model with several versions came once for each, under one id.",
    source="monolith: providers/aws_bedrock.py, one id for a model and its context variants",
)
class VersionsUnderOneId(Aviary):
    def model(self, connection: Connection, row: ModelRow, version: str | None) -> Model:
        return super().model(connection, row, version).model_copy(update={"id": row.name})


@broken(
    "LIST-02",
    incident="The order followed the pages, so that it changed with their size.",
    source="peers: lists that jump between two visits of one page",
)
class OrderedByPage(PagedItself):
    async def pages(self, connection: Connection, first: str) -> Rows:
        rows: list[Any] = []
        url: str | None = first
        while url is not None:
            page, url = await self.page(connection, url)
            rows = [*page, *rows]
        return Rows(tuple(rows))

    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        order = [each.get("name", "") for each in (await self.model_rows(connection)).items]
        if not order[0]:
            return listing
        items = tuple(sorted(listing.items, key=lambda each: order.index(each.name)))
        return listing.model_copy(update={"items": items})


@broken(
    "LIST-02",
    incident="No listing was ever called complete, so that nobody could trust one.",
    source="peers: a banner about missing models that never goes away",
)
class NeverComplete(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        notes = (*listing.notes, "There may be more models.")
        return listing.model_copy(update={"complete": False, "notes": notes})


@broken(
    "LIST-03",
    incident="Models came in the order of a set, another one each time.",
    source="peers: model pickers whose entries change places",
)
class OrderOfASet(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        items = tuple(random.sample(listing.items, len(listing.items)))
        return listing.model_copy(update={"items": items})


@broken(
    "LIST-04",
    incident="What was left out was counted, without a word about why.",
    source="monolith: gateway.py passes over models that lack something, peers 1c",
)
class SkipsWithoutReason(Aviary):
    def parsed(self, connection: Connection, rows: Iterable[object]) -> Iterator[Model | Skipped]:
        for each in super().parsed(connection, rows):
            yield each if isinstance(each, Model) else Skipped(id=each.id, reason="")


@broken(
    "LIST-04",
    incident="The reason for leaving a model out was the name of an exception.",
    source="monolith: services/model_activation.py reports what `except Exception` caught",
)
class SkipsWithAClassName(Aviary):
    def parsed(self, connection: Connection, rows: Iterable[object]) -> Iterator[Model | Skipped]:
        for each in super().parsed(connection, rows):
            yield each if isinstance(each, Model) else Skipped(id=each.id, reason="KeyError")


@broken(
    "LIST-05",
    incident="A row that could not be read was dropped, and nobody knew.",
    source="monolith: gateway.py continues past what it cannot use, peers 1c",
)
class DropsBadRows(Aviary):
    def parsed(self, connection: Connection, rows: Iterable[object]) -> Iterator[Model | Skipped]:
        return (each for each in super().parsed(connection, rows) if isinstance(each, Model))


@broken(
    "LIST-05",
    incident="Reading ended at the first row that was not as expected.",
    source="peers: one malformed preview model that empties the catalogue",
)
class StopsAtTheFirstBadRow(Aviary):
    def parsed(self, connection: Connection, rows: Iterable[object]) -> Iterator[Model | Skipped]:
        for each in super().parsed(connection, rows):
            yield each
            if isinstance(each, Skipped):
                return


@broken("LIST-06", incident="A later page failed, and the shorter list was final.", source=VERTEX)
class SwallowsLaterPages(PagedItself):
    async def pages(self, connection: Connection, first: str) -> Rows:
        rows, url = await self.page(connection, first)
        while url is not None:
            try:
                page, url = await self.page(connection, url)
            except ProviderError:
                break
            rows += page
        return Rows(tuple(rows))


@broken("LIST-06", incident="A failed call was an empty list, kept for minutes.", source=VERTEX)
class EmptyWhenItFails(Aviary):
    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        try:
            return await self.models(connection)
        except ProviderError:
            now = connection.clock.now()
            source = "Aviary's catalogue."
            return Listing[Model](items=(), complete=True, source=source, observed_at=now)


@broken(
    "LIST-06",
    incident="A page that was not found was taken for the end of the list.",
    source="monolith: services/model_activation.py takes 404 for a good answer, aws_gcp row 16",
)
class NotFoundIsTheEnd(PagedItself):
    async def pages(self, connection: Connection, first: str) -> Rows:
        rows: list[Any] = []
        url: str | None = first
        while url is not None:
            try:
                page, url = await self.page(connection, url)
            except ProviderError as error:
                if error.status != 404:
                    raise
                break
            rows += page
        return Rows(tuple(rows))


@broken(
    "LIST-06",
    incident="A list was not complete, and no word said why.",
    source="peers: a half-filled model list without a hint",
)
class IncompleteWithoutANote(SwallowsLaterPages):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        complete = len(listing.items) >= 12
        return listing.model_copy(update={"complete": complete, "notes": ()})


@broken(
    "LIST-07",
    incident="Pages that led back to the first one were followed for ever.",
    source="peers: a sync worker that never ends after a provider's paging bug",
)
class FollowsPagesForEver(PagedItself):
    async def pages(self, connection: Connection, first: str) -> Rows:
        rows: list[Any] = []
        url: str | None = first
        while url is not None:
            page, url = await self.page(connection, url)
            rows += page
        return Rows(tuple(rows))


@broken(
    "LIST-08",
    incident="A service added a member to its rows, and all of them were refused.",
    source="Azure adds members to deployments and models without a new api-version",
)
class RefusesUnknownMembers(Aviary):
    def parsed(self, connection: Connection, rows: Iterable[object]) -> Iterator[Model | Skipped]:
        for row in rows:
            if isinstance(row, dict) and "xUnknown" in row:
                yield Skipped(id=str(row.get("name")), reason="The row has an unknown member.")
            else:
                yield from super().parsed(connection, [row])


@broken(
    "LIST-09",
    incident="A context window that nobody knew was shown as zero.",
    source="monolith: gateway.py logs what has no price at $0, aws_gcp row 22",
)
class ZeroForUnknown(Aviary):
    def model(self, connection: Connection, row: ModelRow, version: str | None) -> Model:
        known = super().model(connection, row, version)
        return known.model_copy(update={"context_window": known.context_window or 0})


@broken(
    "LIST-09",
    incident="Where the service said nothing, a usual context window was shown.",
    source=OPTIONAL,
)
class GuessesTheContext(Aviary):
    def model(self, connection: Connection, row: ModelRow, version: str | None) -> Model:
        known = super().model(connection, row, version)
        return known.model_copy(update={"context_window": known.context_window or 4096})


@broken(
    "LIST-09",
    incident="Members that the answer did not have became empty texts.",
    source=OPTIONAL,
)
class EmptyTextForUnknown(Aviary):
    def model(self, connection: Connection, row: ModelRow, version: str | None) -> Model:
        known = super().model(connection, row, version)
        return known.model_copy(update={"canonical_name": known.canonical_name or ""})
