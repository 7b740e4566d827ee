"""How the faults are prepared that take more than a line."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import ssl
import threading
from dataclasses import replace

from bonito_emulators.azure import READER, RoleAssignment
from bonito_host.store.keys import next_key_file
from bonito_providers.wrappers import GROUP
from host.tests.doctor.bench import Bench, key_of, write_text
from host.tests.managed import FIELDS, SCOPE
from tests.core.sites import FITTING, working


def two_of_one_name(bench: Bench) -> None:
    bench.site.add("acme", working("acme"), distribution="bonito-acme")
    bench.site.add("acme", working("acme"), distribution="bonito-acme-fork")


def two_of_one_place(bench: Bench) -> None:
    bench.site.add("acme", working("acme", cloud="acmeland"))
    bench.site.add("apex", working("apex", cloud="acmeland"))


def impostor(bench: Bench) -> None:
    bench.site.add("azure_foundry", working("azure_foundry"), distribution="bonito-free-tokens")


def damaged_metadata(bench: Bench) -> None:
    bench.site.add("acme", working("acme"))
    (metadata,) = bench.site.folder.glob("*.dist-info/METADATA")
    metadata.write_text("", encoding="utf-8")


def unreadable_version(bench: Bench) -> None:
    bench.site.describe("birds-of-acme", version="newest", requires=(), entry_points="")
    bench.site.add("acme", working("acme"), requires=(*FITTING, "birds-of-acme>=2"))


def left_over(bench: Bench) -> None:
    bench.site.describe("bonito-host", version="0.9", requires=(), entry_points="")


def litellm_of(version: str, bench: Bench) -> None:
    bench.site.describe("litellm", version=version, requires=(), entry_points="")


def wrapper(bench: Bench, source: str, *distributions: str) -> None:
    for distribution in distributions:
        bench.site.add("audit", source, distribution=distribution, group=GROUP)
    bench.environment["BONITO_WRAPPERS"] = "audit"


def folder_is_a_file(bench: Bench) -> None:
    write_text(bench.path.parent, "not a folder")


def locked(bench: Bench) -> None:
    bench.store()
    database = sqlite3.connect(bench.path, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    bench.stack.callback(database.close)


def wrong_key(bench: Bench) -> None:
    bench.store()
    bench.environment["BONITO_KEY"] = key_of(7)


def other_key_file(bench: Bench) -> None:
    bench.store()
    write_text(bench.key_file, key_of(7))


def open_rotation(bench: Bench) -> None:
    """As a power failure leaves it: sealed with the new key, which has not its final name."""
    bench.store()
    shutil.copy(bench.key_file, next_key_file(bench.key_file))
    write_text(bench.key_file, key_of(7))
    bench.choose_stored()


def swapped_credentials(bench: Bench) -> None:
    bench.store()
    bench.store("other", api_key="another-key-0123456789abcdef")
    other = "(SELECT credentials FROM connections WHERE id = 'other')"
    bench.sql(f"UPDATE connections SET credentials = {other} WHERE id = 'prod'")
    bench.choose_stored()


def stored_with_another_plugin(bench: Bench) -> None:
    bench.store(cloud="acmeland")
    bench.choose_stored()


def intercepted(bench: Bench) -> None:
    """The server's certificate is from an authority that this machine does not know."""
    bench.serve()
    bench.choose()
    assert bench.network is not None
    bench.network = replace(bench.network, tls=ssl.create_default_context())


def no_tls(bench: Bench) -> None:
    """A server that takes the connection and answers in plain text, as some sign-in pages do."""
    server = socket.create_server(("127.0.0.1", 0))
    bench.stack.callback(server.close)

    def answer() -> None:
        taken, _ = server.accept()
        with taken:
            taken.recv(4096)
            taken.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://sign-in.example/\r\n\r\n")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    bench.stack.callback(thread.join)
    bench.choose()
    bench.lead_to(server.getsockname())


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def behind_a_proxy_without_the_name(bench: Bench) -> None:
    """The proxy takes the connection; what it cannot reach, only the check tells."""
    bench.serve()
    bench.choose(endpoint="https://nobody.services.ai.azure.com")
    assert bench.network is not None
    bench.network = replace(bench.network, proxy=bench.emulation.proxy_url)


def reader(bench: Bench) -> None:
    """A service principal that may read, and neither write nor see keys."""
    cloud = bench.serve()
    application = cloud.directory.tenants[0].applications[0]
    application.roles[:] = [RoleAssignment(role=READER, scope=f"{SCOPE}/resourceGroups/other")]
    bench.choose_management()


def keys_off(bench: Bench) -> None:
    bench.account_of(bench.serve()).local_auth_disabled = True
    bench.choose()


def served(bench: Bench, **changes: str) -> None:
    bench.serve()
    bench.choose(**changes)


def all_but_the_host(bench: Bench) -> None:
    """Every field, and an endpoint of the same account that serves less."""
    bench.serve()
    bench.choose_file(json.dumps({**FIELDS, "endpoint": "https://contoso.openai.azure.com"}))


def badly_routed(bench: Bench) -> None:
    """A plugin without a network that lists a deployment for each route that cannot be right."""
    bench.site.add("acme", ROUTED)
    bench.environment |= {"BONITO_CREDENTIAL_API_KEY": "canary-route-0123456789abcdef"}
    bench.choice = replace(bench.choice, provider="acme")


ROUTED = (
    working("acme")
    + """
from bonito_providers import CheckItem, CredentialReport, GatewayEntry, Listing, Verdict
from tests.core.plugins import READY, START

ROUTES = {
    "stray": {"model": "openai/bird", "api_base": "https://other.example/v1"},
    "unknown": {"model": "no-such-service/bird", "api_base": "https://one.acme.example"},
    "right": {"model": "openai/bird", "api_base": "https://one.acme.example/v1"},
}

@hookimpl
async def check_credentials(connection):
    item = CheckItem(name="authenticate", title="Authenticate", verdict=Verdict.PASSED)
    return CredentialReport(items=(item,), observed_at=START)

@hookimpl
async def list_deployments(connection):
    items = tuple(
        READY.model_copy(update={"ref": READY.ref.model_copy(update={"name": name})})
        for name in (*ROUTES, "unroutable")
    )
    return Listing(items=items, complete=True, source="here", observed_at=START)

@hookimpl
def build_gateway_entry(credentials, deployment):
    name = deployment.ref.name
    if name not in ROUTES:
        return GatewayEntry(model_name=name, surface="v1", supported=False, reason="no chat")
    params = {**ROUTES[name], "api_key": credentials.api_key}
    return GatewayEntry(model_name=name, surface="v1", litellm_params=params)
"""
)
