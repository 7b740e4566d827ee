"""The configuration of LiteLLM Proxy for a set of routes: references in place of secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bonito_providers.errors import PluginError
from bonito_providers.gateway import GatewayConfig, LeftOut, RoutableDeployment

MASTER_KEY = "LITELLM_MASTER_KEY"
_NOT_IN_A_NAME = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is written.

    Attributes:
        configuration: LiteLLM Proxy's own document.
        variables: Environment variable to what it has to hold, in words.
        left_out: What is not routed, and why.
    """

    configuration: Mapping[str, Any]
    variables: Mapping[str, str]
    left_out: tuple[LeftOut, ...]


def export(config: GatewayConfig) -> Export:
    """Return the configuration that routes the same calls in LiteLLM Proxy.

    Secrets become ``os.environ/NAME``; the same secret of one connection has one name.
    """
    names = _Names()
    models = [_model(route, names) for route in config.routes]
    configuration: dict[str, Any] = {"model_list": models}
    if config.aliases:
        configuration["router_settings"] = {"model_group_alias": dict(config.aliases)}
    # Without a key of its own the proxy answers anybody who reaches it.
    configuration["general_settings"] = {"master_key": f"os.environ/{MASTER_KEY}"}
    variables = names.meanings | {MASTER_KEY: "the proxy's own key, begins with sk-"}
    return Export(configuration=configuration, variables=variables, left_out=config.left_out)


def to_yaml(written: Export, *, redact: Callable[[str], str]) -> str:
    """Return the export as a file, with what a person has to know as comments.

    Raises:
        PluginError: A secret stands in a field that is not marked as one.
    """
    import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

    body = yaml.safe_dump(dict(written.configuration), sort_keys=False, allow_unicode=True)
    lines = ["LiteLLM Proxy reads these environment variables:"]
    lines += [f"  {name}: {meaning}" for name, meaning in written.variables.items()]
    if written.left_out:
        lines += ["Not routed:"]
        lines += [f"  {each.deployment}: {each.reason}" for each in written.left_out]
    text = "".join(f"# {' '.join(line.splitlines())}\n" for line in lines) + body
    return clean(text, redact=redact)


def clean(text: str, *, redact: Callable[[str], str]) -> str:
    """Return the text if there is no secret in it.

    Raises:
        PluginError: There is one: a plugin put it into a field that is not marked as secret.
    """
    if redact(text) != text:
        raise PluginError(
            "The export would hold a secret, so nothing is written.",
            hint="A plugin's gateway entry carries a secret that is not a SecretStr: report it.",
        )
    return text


def _model(route: RoutableDeployment, names: _Names) -> dict[str, Any]:
    params = route.entry.litellm_params

    def reference(parameter: str) -> str:
        secret = params[parameter]
        text = secret.get_secret_value() if isinstance(secret, SecretStr) else str(secret)
        return f"os.environ/{names.of(route.connection, parameter, text)}"

    return route.entry.to_export(reference)


class _Names:
    """Names for secrets: by connection and parameter, numbered where their values differ."""

    def __init__(self) -> None:
        self.meanings: dict[str, str] = {}
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, connection: str, parameter: str, secret: str) -> str:
        known = self._known.setdefault((connection, parameter), {})
        if secret not in known:
            stem = _NOT_IN_A_NAME.sub("_", f"BONITO_{connection}_{parameter}".upper())
            known[secret] = self._free(stem)
            self.meanings[known[secret]] = f"{parameter} of {connection}"
        return known[secret]

    def _free(self, stem: str) -> str:
        name, number = stem, 1
        while name in self.meanings:
            number += 1
            name = f"{stem}_{number}"
        return name
