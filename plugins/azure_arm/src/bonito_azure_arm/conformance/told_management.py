"""What is told of management that answers oddly, and of addresses that are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from bonito_azure_arm.conformance.harness import KEY
from bonito_azure_arm.conformance.questions import (
    ACCOUNTS,
    DEPLOYMENTS,
    MODELS,
    USAGES,
    Body,
    adopting,
    forging,
    instead,
    looking,
    removing,
)
from bonito_azure_arm.conformance.situations import Offered, situation, wish
from bonito_azure_arm.conformance.told_deploying import DEPLOYMENT
from bonito_azure_arm.errors import ResourceMissing
from bonito_contract_tests import Scene, Situation, Told
from bonito_contract_tests.asking import deploying, meeting, planning
from bonito_contract_tests.situations import Ask
from bonito_providers.errors import (
    Conflict,
    HostRefused,
    InvalidCredentials,
    InvalidRequest,
    MalformedAnswer,
    PermissionMissing,
    ProviderError,
)


def of_management(kind: str, sku: str, host: str) -> tuple[Situation, ...]:
    """Return the situations in which management or an address is not as it should be."""
    return (
        Situation(
            name="management that answers oddly",
            prepare=situation(kind, Offered(name=sku)),
            told=_of_management(),
        ),
        Situation(
            name="an account that is named", fields={"account_name": "contoso"}, told=_named()
        ),
        Situation(name="a reference to another resource", told=_foreign()),
        Situation(name="addresses that are typed", told=_typed(host)),
    )


def _of_management() -> tuple[Told, ...]:
    nested = b"[" * 9000
    elsewhere = {"value": [], "nextLink": "https://operations.example.com/next?t=signed"}
    refusals: tuple[tuple[str, int, Body, type[ProviderError], Mapping[str, Any]], ...] = (
        ("a refusal that is nested without end", 403, nested, PermissionMissing, {"code": None}),
        ("a refusal in words", 403, b"No.", PermissionMissing, {"code": None, "status": 403}),
        ("a refusal that is a list", 409, b"[]", Conflict, {"status": 409}),
        ("a page elsewhere", 200, elsewhere, HostRefused, {}),
        ("a redirect", 300, b"", HostRefused, {"status": 300}),
    )
    return (
        *(
            Told(
                name=name,
                ask=meeting(planning(wish()), instead(USAGES, status, body)),
                refused=raised,
                tells=tells,
            )
            for name, status, body, raised, tells in refusals
        ),
        *(
            Told(
                name=f"a deployment that is {body!r}",
                ask=meeting(planning(wish()), instead(DEPLOYMENT, 200, body)),
                refused=MalformedAnswer,
                says=("no deployment.",) if body != b"[]" else (),
            )
            for body in (b"", b"{}", b'{"properties": null}', b"[]")
        ),
        Told(
            name="a place that something else says is not there",
            ask=meeting(planning(wish()), instead(DEPLOYMENT, 404, b"<html>")),
            refused=ResourceMissing,
            tells={"status": 404, "code": None},
        ),
        Told(name="deploying", ask=_version_of(deploying(wish())), tells={"version": "2025-09-01"}),
    )


def _version_of(ask: Ask) -> Ask:
    """Ask, and return the api-version that was written with."""

    async def asked(scene: Scene) -> Mapping[str, Any]:
        await ask(scene)
        [written] = [each for each in scene.wire() if each.method == "PUT"]
        return {"version": dict(parse_qsl(written.query))["api-version"]}

    return asked


def _named() -> tuple[Told, ...]:
    account = f"{ACCOUNTS}/contoso"
    return (
        Told(
            name="answered with something else",
            ask=meeting(planning(wish(model="gpt-4o-mini")), instead(account, 200, b"{}")),
            refused=MalformedAnswer,
            says=("no account.",),
        ),
        Told(
            name="planning",
            ask=planning(wish(model="gpt-4o-mini")),
            tells={"region": "swedencentral"},
            sends=(
                f"GET {account}",
                f"GET {MODELS}",
                f"GET {DEPLOYMENTS}/gpt-4o-mini",
                f"GET {USAGES}",
            ),
        ),
    )


def _foreign() -> tuple[Told, ...]:
    asked = (
        ("looking at it", looking("ours", resource="elsewhere")),
        ("deleting it", removing("ours", resource="elsewhere")),
        ("adopting it", forging(adopting("ours"))),
        ("deploying it", forging(wish(model="gpt-4o-mini"))),
    )
    return tuple(
        Told(
            name=name,
            ask=ask,
            refused=InvalidRequest,
            says=("belongs to", "/elsewhere, not to this connection", "the connection it was made"),
        )
        for name, ask in asked
    )


def _typed(host: str) -> tuple[Told, ...]:
    example = f"https://{host}"
    return tuple(
        Told(
            name=f"{text!r}",
            ask=_reading(text),
            says=(said,),
        )
        for text, said in (
            (host, f"must begin with https://, like {example}"),
            (f"{example} ", "contains a space or a line break; paste the address alone"),
            (f"{example}/\u00e9", "contains a character that no endpoint has"),
            (f"{example}/\u0007", "contains a character that no endpoint has"),
            ("https://contoso\\.azure.com", "contains a character that no endpoint has"),
            ("https://contoso.openai.azure.us", "belongs to Azure Government"),
            ("https://contoso.openai.azure.cn", "belongs to Azure operated by 21Vianet in China"),
            ("https://contoso.openai.azure.de", "belongs to the former Azure Germany"),
            (
                "https://westeurope.api.cognitive.microsoft.com",
                f"give the resource a custom subdomain and use {example} in its form",
            ),
            ("https://contoso.example.com", f"like {example}"),
        )
    )


def _reading(endpoint: str) -> Ask:
    async def ask(scene: Scene) -> object:
        try:
            return scene.provider.read_credentials({"endpoint": endpoint, "api_key": KEY})
        except InvalidCredentials as error:
            return error.problems

    return ask
