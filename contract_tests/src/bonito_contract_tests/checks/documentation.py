"""DOC: whether a person who reads a page learns what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests.check import Family, Level
from bonito_contract_tests.fields import fields_of
from bonito_contract_tests.sentences import must_be_sentences
from bonito_contract_tests.violation import must
from bonito_providers import Capability, Verdict

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_providers import Action, Deployment, Listing, Model

DOCUMENTATION = Family("DOC", "Words for people")

FEWEST_WORDS = 4


@DOCUMENTATION.check(
    1,
    rule="The provider's title is a name for people and its summary a sentence with a stop.",
    mend="Write the service's own name as title, and in the summary for whom it is.",
)
def title_and_summary_read_well(bench: Bench) -> None:
    info = bench.provider.info
    must(
        info.title != info.name and info.title[:1].isupper() and not info.title.endswith("."),
        seen=f"the title {info.title!r}",
        expected="a name with a capital, without a stop",
    )
    must_be_sentences("the summary", info.summary)
    must(info.summary.endswith("."), seen=f"the summary {info.summary!r}", expected="a full stop")


@DOCUMENTATION.check(
    2,
    rule="There is a link to the service's console or documentation, each link with words.",
    mend='Add `links={"Console": "https://..."}` to the name card.',
)
def there_are_links(bench: Bench) -> None:
    links = bench.provider.info.links
    must(links, seen="no link", expected="where the credentials are found, at least")
    bare = [address for title, address in links.items() if not title.strip() or "://" in title]
    must(not bare, seen=f"links without words: {bare}", expected="a title for each link")


@DOCUMENTATION.check(
    3,
    level=Level.SHOULD,
    rule="A field's description says where the value is found, in four words or more.",
    mend="Write the way through the console, or the command that prints the value.",
)
def descriptions_say_where(bench: Bench) -> None:
    terse = [
        each.name
        for each in fields_of(bench)
        if not each.chosen and len(str(each.schema.get("description", "")).split()) < FEWEST_WORDS
    ]
    must(not terse, seen=f"hardly described: {', '.join(terse)}", expected="where it is found")


@DOCUMENTATION.check(
    4,
    rule="Titles of fields and groups are for people: no field's own name, no colon or stop; a "
    "group's summary is a sentence.",
    mend="Write titles as a label on a form, and in a group's summary what it adds.",
)
def labels_are_for_people(bench: Bench) -> None:
    labels = {each.name: str(each.schema.get("title", "")) for each in fields_of(bench)}
    groups = bench.provider.schema.field_groups
    labels |= {group.name: group.title for group in groups}
    odd = [title for name, title in labels.items() if not _is_label(title, name)]
    must(not odd, seen=f"titles {odd}", expected="labels such as 'API key'")
    for group in groups:
        must_be_sentences(f"the summary of {group.title}", group.summary)


def _is_label(title: str, name: str) -> bool:
    tidy = title == title.strip() and title[:1].isupper() and title[-1:] not in ".:"
    return tidy and "_" not in title and (title != name)


@DOCUMENTATION.check(
    5,
    rule="Items of a report are titled for people, and its notes are sentences.",
    mend="Write the title as a page shows it beside a tick.",
)
async def reports_read_well(bench: Bench) -> None:
    for access in bench.harness.accesses:
        async with bench.connect(access) as connection:
            report = await bench.provider.check_credentials(connection)
        odd = [each.title for each in report.items if not _is_label(each.title, each.name)]
        must(not odd, seen=f"items titled {odd}", expected="words, with a capital")
        must_be_sentences("a note", *report.notes)
        reasons = [each.reason for each in report.items if each.verdict is Verdict.NOT_CHECKED]
        must_be_sentences("the reason for what was not checked", *reasons)
        for action in (each.action for each in report.items if each.action):
            _must_be_clear(action)


@DOCUMENTATION.check(
    6,
    rule="A listing says where it came from, why something was left out and why it is incomplete, "
    "in words.",
    mend="Fill `source`, each `Skipped.reason`, and `notes` where `complete` is False.",
)
async def listings_explain_themselves(bench: Bench) -> None:
    for access in bench.harness.accesses:
        async with bench.connect(access) as connection:
            if Capability.LIST_MODELS in bench.capabilities(access):
                _must_explain(await bench.provider.list_models(connection))
            if Capability.LIST_DEPLOYMENTS in bench.capabilities(access):
                _must_explain(await bench.provider.list_deployments(connection))


def _must_explain(listing: Listing[Model] | Listing[Deployment]) -> None:
    must(
        len(listing.source.split()) > 1,
        seen=f"the source {listing.source!r}",
        expected="words that a page can show",
    )
    must(
        listing.complete or listing.notes,
        seen="an incomplete listing without notes",
        expected="why it is incomplete",
    )
    must_be_sentences("a note", *listing.notes)
    must_be_sentences("a reason for leaving out", *(each.reason for each in listing.skipped))
    for action in (each.action for each in listing.skipped if each.action):
        _must_be_clear(action)


def _must_be_clear(action: Action) -> None:
    must(action.title.strip(), seen=f"a {action.kind} without a title", expected="a button's words")
    must_be_sentences(f"the instruction of {action.title}", action.instruction)
    must(
        action.url is None or action.url.startswith("https://"),
        seen=f"the address {action.url!r}",
        expected="https",
    )
