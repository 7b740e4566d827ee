"""The command `bonito-contract`.

Exit codes: 0 conformant, gaps included · 1 not conformant · 2 wrong usage · 130 interrupted ·
143 terminated
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bonito_contract_tests.signals import Terminated, termination_raises
from bonito_contract_tests.violation import HarnessError

if TYPE_CHECKING:
    from bonito_contract_tests.check import Check
    from bonito_contract_tests.harness import Harness
    from bonito_contract_tests.judgement import Row
    from bonito_contract_tests.report import Report, Subject
    from bonito_contract_tests.workers import Tried

INTERRUPTED = 130
TERMINATED = 143
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
@click.version_option(package_name="bonito-contract-tests")
def main() -> None:
    """Prove that a provider keeps the contract."""


@main.command()
@click.argument("provider")
@click.option("--check", "ids", metavar="ID", multiple=True, help="Only this check; repeatable.")
@click.option("--json", "json_file", type=FILE, help="Write the report as JSON.")
@click.option("--markdown", "markdown_file", type=FILE, help="Write the report as Markdown.")
@click.option(
    "--thorough",
    type=click.IntRange(1),
    default=1,
    help="Times as many examples, and others in every run.",
)
@click.option("--seed", type=click.IntRange(0), help="Draw the examples of that thorough run.")
@click.option(
    "--litellm-python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The interpreter whose LiteLLM proves the gateway entries; by default this one.",
)
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=lambda: min(2, os.cpu_count() or 1),
    show_default="2",
    help="How many processes share the checks.",
)
@click.pass_context
def run(
    context: click.Context,
    provider: str,
    *,
    ids: tuple[str, ...],
    json_file: Path | None,
    markdown_file: Path | None,
    thorough: int,
    seed: int | None,
    litellm_python: Path | None,
    processes: int,
) -> None:
    """Run every check against PROVIDER: an installed provider's name, or module:Harness."""
    with _interruptible(context):
        from bonito_contract_tests.litellm_process import version_with
        from bonito_contract_tests.markdown import report_page
        from bonito_contract_tests.report import subject_of
        from bonito_contract_tests.run import seed_for
        from bonito_contract_tests.summary import conclusion
        from bonito_contract_tests.workers import Workers

        if seed is not None and thorough == 1:
            raise click.UsageError("--seed repeats a thorough run: name --thorough N as well")
        seed = seed_for(thorough, seed)
        drawn = "" if seed is None else str(seed)
        arguments = (provider, str(thorough), drawn, str(litellm_python or ""))
        with Workers(arguments, processes=min(processes, len(ids) or processes)) as workers:
            harness, checks, excused = _chosen(provider, ids)
            try:
                subject = subject_of(
                    harness, litellm=version_with(litellm_python), thorough=thorough, seed=seed
                )
            except HarnessError as error:
                raise click.UsageError(str(error)) from None
            report = _performed(context, subject, workers.tried(checks, harness), len(checks))
        _write(json_file, report.json())
        _write(markdown_file, report_page(report))
        for line in conclusion(report, excused=excused):
            click.echo(line)
        context.exit(1 if report.failing or report.missing(excused) else 0)


@main.command("checks")
@click.option("--markdown", "as_page", is_flag=True, help="As the page of the documentation.")
def list_checks(*, as_page: bool) -> None:
    """List every check: its id, level, the contract that brought it, rule and mend."""
    from bonito_contract_tests.catalogue import all_checks
    from bonito_contract_tests.documentation_page import checks_page
    from bonito_contract_tests.manifest import version_text

    if as_page:
        click.echo(checks_page(), nl=False)
        return
    for check in all_checks():
        click.echo(f"{check.id}  {check.level} since {version_text(check.since)}  {check.rule}")
        click.echo(f"    Mend: {check.mend}")


@main.command("manifest")
@click.option("--write", is_flag=True, help="Make the manifest list the checks there are.")
@click.pass_context
def compare_manifest(context: click.Context, *, write: bool) -> None:
    """Compare the manifest with the checks there are; for developers of the suite."""
    from bonito_contract_tests import manifest
    from bonito_providers import CONTRACT

    if write:
        manifest.write()
    listed = manifest.manifest().get(manifest.version_text(CONTRACT), ())
    there = manifest.current()
    for name in sorted({*listed} ^ {*there}):
        click.echo(f"{name}: {'not in the manifest' if name in there else 'gone'}")
    click.echo(f"{len(there)} checks of contract {manifest.version_text(CONTRACT)}")
    context.exit(0 if tuple(listed) == there else 1)


@contextmanager
def _interruptible(context: click.Context) -> Iterator[None]:
    """End as an interrupted run does, also while it still loads."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Interrupted: no verdict.", err=True)
        context.exit(INTERRUPTED)


def _chosen(
    provider: str, ids: tuple[str, ...]
) -> tuple[Harness[Any], tuple[Check, ...], frozenset[str]]:
    """Return the harness, the checks to run, and the ids of those the user leaves out."""
    from bonito_contract_tests.collection import checks_for, nearest
    from bonito_contract_tests.harnesses import NoHarness, find_harness

    try:
        harness = find_harness(provider)
        checks = checks_for(harness)
    except (NoHarness, HarnessError) as error:
        raise click.UsageError(str(error)) from None
    known = {check.id for check in checks}
    for name in ids:
        if name not in known:
            raise click.UsageError(f"there is no check {name}{nearest(name, known)}")
    chosen = tuple(check for check in checks if not ids or check.id in ids)
    return harness, chosen, frozenset(known - {check.id for check in chosen})


def _performed(
    context: click.Context, subject: Subject, work: Generator[Tried, None, None], number: int
) -> Report:
    """Tell what each check came to: progress on stderr, and what is wrong on stdout."""
    from bonito_contract_tests.judgement import FAILING
    from bonito_contract_tests.report import compiled
    from bonito_contract_tests.summary import today

    rows: list[Row] = []
    try:
        with termination_raises(), closing(work):
            for row, text in work:
                rows.append(row)
                click.echo(f"{row.id}  {row.outcome}  {row.seconds:.2f} s", err=True)
                if row.outcome in FAILING:
                    click.echo(text + "\n")
    except KeyboardInterrupt as signalled:
        terminated = isinstance(signalled, Terminated)
        how = "Terminated" if terminated else "Interrupted"
        click.echo(f"{how}: {len(rows)} of {number} checks, no verdict.", err=True)
        context.exit(TERMINATED if terminated else INTERRUPTED)
    return compiled(subject, rows, date=today())


def _write(path: Path | None, text: str) -> None:
    if path is None:
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror) from None
