"""The conformance report: what was judged, every check's outcome, and the verdict."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from importlib import metadata
from typing import TYPE_CHECKING, Any

from bonito_contract_tests import manifest
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.check import Level
from bonito_contract_tests.judgement import FAILING, Judgement, Row
from bonito_contract_tests.plugins import provider_of
from bonito_providers.hookspecs import PROJECT

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Harness

SCHEMA = 1
"""The version of the JSON document."""

UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What a report comes to."""

    CONFORMANT = "CONFORMANT"
    WITH_GAPS = "CONFORMANT WITH GAPS"
    NOT_CONFORMANT = "NOT CONFORMANT"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What was judged, and with what.

    Attributes:
        provider: Its name, or the plugin's module where it does not even say that.
        distribution: The package it came with.
        version: That package's version.
        contract: The contract it was judged by.
        suite: The version of this suite.
        python: The interpreter's version.
        litellm: The version of LiteLLM that the gateway entries were proved with.
        thorough: How many times more examples were tried than an author's run takes.
        seed: What the examples were drawn by; None where they are the same in every run.
        capabilities: What each access can do, by the plugin's own words.
        gaps: The declared gaps: check id to kind and reason.
    """

    provider: str
    distribution: str = UNKNOWN
    version: str = UNKNOWN
    contract: str
    suite: str = UNKNOWN
    python: str
    litellm: str = UNKNOWN
    thorough: int = 1
    seed: int | None = None
    capabilities: Mapping[str, list[str]] = field(default_factory=dict)
    gaps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def subject_of(
    harness: Harness[Any],
    *,
    litellm: str | None = None,
    thorough: int = 1,
    seed: int | None = None,
) -> Subject:
    """Return what a harness is about, also where its plugin is too broken to say much.

    Args:
        harness: The author's.
        litellm: The version that proved the gateway entries, where it is not the one installed.
        thorough: How many times more examples were tried than an author's run takes.
        seed: What the examples of a thorough run were drawn by.
    """
    provider, capabilities = _told(harness)
    distribution, version = _origin(provider)
    return Subject(
        provider=provider,
        distribution=distribution,
        version=version,
        contract=manifest.version_text(harness.contract),
        suite=_version("bonito-contract-tests"),
        python=platform.python_version(),
        litellm=litellm or _version("litellm"),
        thorough=thorough,
        seed=seed,
        capabilities=capabilities,
        gaps={
            name: {"kind": str(gap.kind), "reason": gap.reason}
            for name, gap in sorted(harness.gaps.items())
        },
    )


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole outcome for one provider. Two runs alike give equal reports.

    Attributes:
        subject: What was judged.
        rows: Every check, in the catalogue's order; one without an outcome is `NOT_RUN`.
        date: The day, as the caller gives it.
    """

    subject: Subject
    rows: tuple[Row, ...]
    date: str | None = field(default=None, compare=False)

    @property
    def counts(self) -> dict[str, int]:
        """How many checks came to what; only what occurred."""
        found = Counter(row.outcome for row in self.rows)
        return {str(each): found[each] for each in Judgement if found[each]}

    @property
    def failing(self) -> tuple[Row, ...]:
        """The checks that make the provider not conformant."""
        return tuple(row for row in self.rows if row.outcome in FAILING)

    @property
    def not_run(self) -> tuple[Row, ...]:
        """The checks that the contract lists and that had no outcome."""
        return self.of(Judgement.NOT_RUN)

    @property
    def ran(self) -> int:
        """How many checks had an outcome."""
        return len(self.rows) - len(self.not_run)

    def missing(self, excused: Collection[str]) -> tuple[str, ...]:
        """Return the ids that have no outcome although nobody asked to leave them out."""
        return tuple(row.id for row in self.not_run if row.id not in excused)

    def of(self, outcome: Judgement) -> tuple[Row, ...]:
        """Return the checks that came to that."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def binding_gaps(self) -> int:
        """How many rules the provider is known to break; advice it does not take is none."""
        return sum(row.level is Level.MUST for row in self.of(Judgement.GAP))

    @property
    def verdict(self) -> Verdict:
        """What it comes to. One failure is enough; a check that did not run forbids praise."""
        if self.failing:
            return Verdict.NOT_CONFORMANT
        if self.not_run or not self.rows:
            return Verdict.INCOMPLETE
        return Verdict.WITH_GAPS if self.binding_gaps else Verdict.CONFORMANT

    @property
    def headline(self) -> str:
        """The verdict as one reads it: with the contract, and with the number of gaps."""
        contract = self.subject.contract
        if self.verdict is Verdict.WITH_GAPS:
            return f"CONFORMANT {contract} WITH GAPS ({self.binding_gaps})"
        return f"CONFORMANT {contract}" if self.verdict is Verdict.CONFORMANT else self.verdict

    @property
    def summary(self) -> str:
        """The counts as one line."""
        return ", ".join(f"{number} {outcome}" for outcome, number in self.counts.items())

    def document(self) -> dict[str, Any]:
        """Return the report as JSON takes it."""
        return {
            "schema": SCHEMA,
            "verdict": str(self.verdict),
            "headline": self.headline,
            "date": self.date,
            **asdict(self.subject),
            "counts": self.counts,
            "checks": {row.id: _written(row) for row in self.rows},
        }

    def json(self) -> str:
        """Return the document as the text of a file."""
        return json.dumps(self.document(), indent=2, ensure_ascii=False) + "\n"


def compiled(subject: Subject, rows: Iterable[Row], *, date: str | None = None) -> Report:
    """Return the report of a run: its rows, and a `NOT_RUN` for each check the run left out.

    Args:
        subject: What was judged.
        rows: What the checks came to, in any order.
        date: The day.
    """
    known = {check.id: check.level for check in all_checks()}
    found = {row.id: row for row in rows}
    listed = manifest.manifest().get(subject.contract, ())
    order = [*known, *(each for each in (*listed, *found) if each not in known)]
    wanted = {*listed, *found}
    return Report(
        subject=subject,
        rows=tuple(
            found.get(each) or _not_run(each, known.get(each, Level.MUST))
            for each in dict.fromkeys(order)
            if each in wanted
        ),
        date=date,
    )


def _not_run(name: str, level: Level) -> Row:
    return Row(id=name, level=level, outcome=Judgement.NOT_RUN)


def _written(row: Row) -> dict[str, Any]:
    values = {name: value for name, value in asdict(row).items() if name != "id"}
    return {name: value for name, value in values.items() if value != ""}


def _told(harness: Harness[Any]) -> tuple[str, dict[str, list[str]]]:
    try:
        provider = provider_of(harness)
        return provider.info.name, {
            each.name: sorted(provider.read_credentials(each.fields).capabilities().available)
            for each in harness.accesses
        }
    except (Exception, SystemExit):  # noqa: BLE001 - checks say what is wrong with a broken plugin
        named = harness.plugin
        return named if isinstance(named, str) else type(harness).__name__, {}


def _origin(provider: str) -> tuple[str, str]:
    for point in metadata.entry_points(group=PROJECT, name=provider):
        if point.dist is not None:
            return point.dist.name, point.dist.version
    return UNKNOWN, UNKNOWN


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return UNKNOWN
