"""How the faults are prepared that take a line, each step with what it is about."""

from __future__ import annotations

from collections.abc import Callable

from host.tests.doctor import preparing
from host.tests.doctor.bench import Bench, write_text
from tests.core.sites import FITTING, working


def variable(name: str, value: str) -> Callable[[Bench], object]:
    return lambda bench: bench.environment.update({name: value})


def plugin(source: str, requires: tuple[str, ...] = FITTING) -> Callable[[Bench], object]:
    return lambda bench: bench.site.add("acme", source, requires=requires)


def plugin_with(variable: str, value: str) -> Callable[[Bench], object]:
    def prepare(bench: Bench) -> None:
        bench.site.add("acme", working("acme"))
        bench.environment[variable] = value

    return prepare


def stored_then(change: Callable[[Bench], object]) -> Callable[[Bench], object]:
    def prepare(bench: Bench) -> None:
        bench.store()
        change(bench)

    return prepare


def answering(status: int, headers: dict[str, str], body: object) -> Callable[[Bench], object]:
    def prepare(bench: Bench) -> None:
        bench.answer(status, headers, body)
        bench.choose()

    return prepare


def trusting(text: str | None) -> Callable[[Bench], object]:
    def prepare(bench: Bench) -> None:
        path = bench.folder / "anchors.pem"
        if text is not None:
            write_text(path, text)
        bench.environment["SSL_CERT_FILE"] = str(path)
        bench.choose()

    return prepare


def leading_to(address: str, port: int, *, trusted: bool) -> Callable[[Bench], object]:
    def prepare(bench: Bench) -> None:
        bench.choose()
        networks = ("127.0.0.0/8",) if trusted else ()
        bench.lead_to((address, port or preparing.closed_port()), trusted=networks)

    return prepare


def by_proxy_nobody_serves(bench: Bench) -> None:
    bench.choose()
    bench.environment["BONITO_PROXY"] = f"http://127.0.0.1:{preparing.closed_port()}"


def by_server_nobody_runs(bench: Bench) -> None:
    port = preparing.closed_port()
    bench.environment["BONITO_STORE"] = f"postgresql://me:canary-store-01@127.0.0.1:{port}/bonito"


def chosen(text: str, *, mode: int = 0o600) -> Callable[[Bench], object]:
    return lambda bench: bench.choose_file(text, mode=mode)


def missing_file(bench: Bench) -> None:
    bench.choose_file("{}")
    (bench.folder / "credentials.json").unlink()


def with_fields(*, without: tuple[str, ...] = (), **changes: str) -> Callable[[Bench], object]:
    return lambda bench: bench.choose(without=without, **changes)


def unknown_id(bench: Bench) -> None:
    bench.store()
    bench.choose_stored("prd")


def exposed_file(bench: Bench) -> None:
    bench.serve()
    bench.choose()
    (bench.folder / "credentials.json").chmod(0o644)
