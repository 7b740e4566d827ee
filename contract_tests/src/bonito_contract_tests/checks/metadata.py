"""META: what the plugin says of itself, and what loading it costs the host."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from pydantic import ValidationError

from bonito_contract_tests.check import Family, Level
from bonito_contract_tests.importing import imported, module_of
from bonito_contract_tests.plugins import plugin_of, provider_of
from bonito_contract_tests.reading import reads
from bonito_contract_tests.violation import Violation, must
from bonito_providers import Capability, ProviderInfo
from bonito_providers.hookspecs import PROJECT

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench

METADATA = Family("META", "What the plugin says of itself, and what loading it costs")

REGISTRIES = re.compile(r"\.?(ac|co|com|edu|gov|ltd|me|ne|net|or|org)\.[a-z]{2}|\.?[a-z0-9-]+")
"""Where anybody can register a name: one label, or the commercial zones of countries."""
SHARED_VARIABLES = frozenset(
    {
        "ALL_PROXY",
        "HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LANG",
        "LD_LIBRARY_PATH",
        "NO_PROXY",
        "PATH",
        "PYTHONPATH",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TMPDIR",
        "TZ",
        "USER",
    }
)
"""What other programs live by; a host that removed them would break itself."""
HEAVY = frozenset(
    {
        "aiohttp",
        "anthropic",
        "azure",
        "boto3",
        "botocore",
        "cryptography",
        "fastapi",
        "google",
        "grpc",
        "httpcore",
        "httpx",
        "litellm",
        "msal",
        "numpy",
        "openai",
        "pandas",
        "requests",
        "starlette",
        "tiktoken",
        "tokenizers",
        "torch",
        "transformers",
        "uvicorn",
    }
)
"""SDKs, clients and servers: tens to thousands of milliseconds each."""
COSTLIEST = 3.0
"""How many times the contract's own import a plugin's may cost."""
FOREIGN = "foreign-value-of-the-environment"


@METADATA.check(
    1,
    rule="The name card is valid, and the same whenever it is asked for.",
    mend="Build one `ProviderInfo` when the module loads, through its constructor, and return it.",
)
async def the_name_card_is_valid_and_stable(bench: Bench) -> None:
    info = bench.provider.info
    try:
        ProviderInfo.model_validate(info.model_dump())
    except ValidationError as error:
        problems = [f"{item['loc']}: {item['msg']}" for item in error.errors(include_url=False)]
        raise Violation(
            "; ".join(problems), expected="a name card as `ProviderInfo` says"
        ) from None
    async with bench.connect() as connection:
        await bench.provider.check_credentials(connection)
    later = provider_of(bench.harness).info
    changed = [name for name, value in info if value != getattr(later, name)]
    must(not changed, seen=f"different the second time: {changed}", expected="the same name card")


@METADATA.check(
    2,
    rule="A provider goes by one name: of its entry point, its name card and its references.",
    mend="Name the entry point like `ProviderInfo.name`, and put that into every `DeploymentRef`.",
)
async def it_goes_by_one_name(bench: Bench) -> None:
    name = bench.provider.info.name
    named = _entry_points(bench)
    must(
        not named or name in named,
        seen=f"the entry point is called {sorted(named)}, the name card says {name!r}",
        expected="one name",
    )
    for access in bench.accesses_for(Capability.LIST_DEPLOYMENTS):
        async with bench.connect(access) as connection:
            listing = await bench.provider.list_deployments(connection)
        others = {item.ref.provider for item in listing.items} - {name}
        must(
            not others,
            seen=f"references say {sorted(others)}, the name card says {name!r}",
            expected="one name",
        )


def _entry_points(bench: Bench) -> set[str]:
    """Return the names by which installed distributions offer this very plugin."""
    plugin = plugin_of(bench.harness)
    points = [each for each in entry_points(group=PROJECT) if each.module == module_of(plugin)]
    return {each.name for each in points if each.load() is plugin}


@METADATA.check(
    3,
    rule="The hosts a provider may talk to are its own: no suffix covers names that anybody can "
    "register, and there is at least one.",
    mend="Name the service's own domains in `host_suffixes`, `.service.example.com` for all below.",
)
def its_hosts_are_its_own(bench: Bench) -> None:
    suffixes = bench.provider.info.host_suffixes
    must(suffixes, seen="no host at all", expected="at least one host or suffix")
    broad = [each for each in suffixes if REGISTRIES.fullmatch(each)]
    must(not broad, seen=f"anybody can own a name in {broad}", expected="the service's own domain")


@METADATA.check(
    4,
    level=Level.SHOULD,
    rule="A host suffix is as narrow as it can be: hosts of the cloud lie directly below it.",
    mend="Take off suffixes that nothing needs, and write the others with all their labels.",
)
def its_suffixes_are_narrow(bench: Bench) -> None:
    patterns = bench.cloud.host_patterns
    parents = {each.partition(".")[2] for each in patterns}
    idle = [
        each
        for each in bench.provider.info.host_suffixes
        if (each.removeprefix(".") not in parents if each.startswith(".") else each not in patterns)
    ]
    must(
        not idle,
        seen=f"no host of the cloud ({', '.join(patterns)}) is directly below {idle}",
        expected="suffixes that the provider needs",
    )


@METADATA.check(
    5,
    rule="The environment variables named are those of this provider's SDKs, in capitals, each "
    "once; a host removes them.",
    mend="Leave out what other programs use, and write each name once, as the SDK reads it.",
)
def its_environment_variables_are_its_own(bench: Bench) -> None:
    named = bench.provider.info.environment
    strange = [each for each in named if not re.fullmatch(r"[A-Z][A-Z0-9_]*", each)]
    must(not strange, seen=f"not names of variables: {strange}", expected="names like ACME_API_KEY")
    shared = sorted(SHARED_VARIABLES & set(named))
    must(not shared, seen=f"others live by {shared}", expected="this provider's variables only")
    twice = sorted({each for each in named if named.count(each) > 1})
    must(not twice, seen=f"named more than once: {twice}", expected="each once")


@METADATA.check(
    6,
    rule="Discovery loads no SDK: importing the plugin, its name card, its form and reading "
    "credentials bring in no client, SDK or server framework.",
    mend="Import it inside the function that uses it, and for types under `TYPE_CHECKING`.",
)
def discovery_loads_no_sdk(bench: Bench) -> None:
    loaded = {name.partition(".")[0] for name in imported(bench).modules} & HEAVY
    must(
        not loaded,
        seen=f"after discovery these are loaded: {', '.join(sorted(loaded))}",
        expected="none of them before the first call",
    )


@METADATA.check(
    7,
    rule="Importing the plugin does nothing but define it: no network, thread, program, file, "
    "output, and no environment variable read or set.",
    mend="Move it into the function that needs it; what a connection needs belongs to it.",
)
def importing_does_nothing_else(bench: Bench) -> None:
    found = imported(bench)
    must(
        not found.importing,
        seen=f"on import, the plugin {'; '.join(found.importing)}",
        expected="definitions only",
    )
    must(
        not found.printed,
        seen=f"on import, {len(found.printed)} characters were printed: {found.printed[:80]!r}",
        expected="no output",
    )


@METADATA.check(
    8,
    level=Level.SHOULD,
    rule="Importing the plugin costs no more processor time than three imports of the contract.",
    mend="Read data files, compile patterns and build tables at first use.",
)
def importing_is_cheap(bench: Bench) -> None:
    found = imported(bench)
    ratio = found.seconds / found.contract_seconds
    must(
        ratio <= COSTLIEST,
        seen=f"{found.seconds:.2f} s of processor time, {ratio:.1f} imports of the contract",
        expected=f"at most {COSTLIEST:g}",
    )


@METADATA.check(
    9,
    rule="The environment never fills in for a connection: what an SDK would read there changes "
    "no request.",
    mend="Take everything from `connection.credentials`; give SDK clients all arguments.",
)
async def the_environment_changes_no_request(bench: Bench) -> None:
    name = bench.provider.info.name.upper()
    variables = {*bench.provider.info.environment, f"{name}_API_KEY", f"{name}_ENDPOINT"}
    for access in bench.harness.accesses:
        with _environment(dict.fromkeys(variables, FOREIGN)):
            async with bench.connect(access) as connection:
                for hook, read in reads(bench, access).items():
                    await read(connection)
                    _must_be_free_of_it(bench, hook)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _must_be_free_of_it(bench: Bench, hook: str) -> None:
    for request in bench.wire:
        headers = [name for name, value in request.headers if FOREIGN in value]
        sent = FOREIGN in request.path + request.query or FOREIGN.encode() in request.body
        must(
            not headers and not sent,
            seen=f"{hook} sent a variable's value in {headers or 'its address or body'}",
            expected="values of the connection's own credentials only",
        )
