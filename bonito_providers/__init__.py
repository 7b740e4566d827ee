"""A plugin framework for AI model providers in your users' own cloud accounts.

A host discovers the installed providers, a plugin implements the hooks of
`bonito_providers.hookspecs`, and typed values pass between them. Importing this package loads no
cloud SDK, no LiteLLM and no HTTP client; what needs one loads it at first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "1.0.0"

CONTRACT = (1, 0)
"""The contract's major and minor version: the core's own."""

if TYPE_CHECKING:
    from bonito_providers.actions import Action, ActionKind
    from bonito_providers.catalog import Capacity, Listing, Model, Skipped, Sku
    from bonito_providers.clock import Clock, SystemClock
    from bonito_providers.connection import Connection
    from bonito_providers.connections import Connections
    from bonito_providers.credentials import (
        Capabilities,
        Capability,
        Credentials,
        FieldGroup,
    )
    from bonito_providers.deployment import (
        DeployedModel,
        Deployment,
        DeploymentPlan,
        DeploymentRef,
        DeploymentRequest,
        QuotaUse,
        State,
        Surface,
    )
    from bonito_providers.gateway import (
        ConfigDiff,
        FailoverGroup,
        GatewayConfig,
        GatewayEntry,
        LeftOut,
        RoutableDeployment,
        diff,
    )
    from bonito_providers.guard import HostPolicy
    from bonito_providers.hookspecs import hookimpl
    from bonito_providers.info import ProviderInfo
    from bonito_providers.invocation import Invocation, InvocationRequest
    from bonito_providers.network import NetworkSettings
    from bonito_providers.prices import Price, find_price
    from bonito_providers.provider import Provider
    from bonito_providers.redaction import Redactor, redact_logs
    from bonito_providers.registry import (
        PluginRecord,
        ProviderRegistry,
        RegistrySettings,
        Status,
    )
    from bonito_providers.report import CheckItem, CredentialReport, FieldChange, Verdict
    from bonito_providers.selection import Selection
    from bonito_providers.waiting import verify, wait
    from bonito_providers.wrappers import Call, Proceed, Wrapper

_HOMES = {
    "actions": ("Action", "ActionKind"),
    "catalog": ("Capacity", "Listing", "Model", "Skipped", "Sku"),
    "clock": ("Clock", "SystemClock"),
    "connection": ("Connection",),
    "connections": ("Connections",),
    "credentials": ("Capabilities", "Capability", "Credentials", "FieldGroup"),
    "deployment": (
        "DeployedModel",
        "Deployment",
        "DeploymentPlan",
        "DeploymentRef",
        "DeploymentRequest",
        "QuotaUse",
        "State",
        "Surface",
    ),
    "gateway": (
        "ConfigDiff",
        "FailoverGroup",
        "GatewayConfig",
        "GatewayEntry",
        "LeftOut",
        "RoutableDeployment",
        "diff",
    ),
    "guard": ("HostPolicy",),
    "hookspecs": ("hookimpl",),
    "info": ("ProviderInfo",),
    "invocation": ("Invocation", "InvocationRequest"),
    "network": ("NetworkSettings",),
    "prices": ("Price", "find_price"),
    "provider": ("Provider",),
    "redaction": ("Redactor", "redact_logs"),
    "registry": ("PluginRecord", "ProviderRegistry", "RegistrySettings", "Status"),
    "report": ("CheckItem", "CredentialReport", "FieldChange", "Verdict"),
    "selection": ("Selection",),
    "waiting": ("verify", "wait"),
    "wrappers": ("Call", "Proceed", "Wrapper"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "CONTRACT",
    "Action",
    "ActionKind",
    "Call",
    "Capabilities",
    "Capability",
    "Capacity",
    "CheckItem",
    "Clock",
    "ConfigDiff",
    "Connection",
    "Connections",
    "CredentialReport",
    "Credentials",
    "DeployedModel",
    "Deployment",
    "DeploymentPlan",
    "DeploymentRef",
    "DeploymentRequest",
    "FailoverGroup",
    "FieldChange",
    "FieldGroup",
    "GatewayConfig",
    "GatewayEntry",
    "HostPolicy",
    "Invocation",
    "InvocationRequest",
    "LeftOut",
    "Listing",
    "Model",
    "NetworkSettings",
    "PluginRecord",
    "Price",
    "Proceed",
    "Provider",
    "ProviderInfo",
    "ProviderRegistry",
    "QuotaUse",
    "Redactor",
    "RegistrySettings",
    "RoutableDeployment",
    "Selection",
    "Skipped",
    "Sku",
    "State",
    "Status",
    "Surface",
    "SystemClock",
    "Verdict",
    "Wrapper",
    "__version__",
    "diff",
    "find_price",
    "hookimpl",
    "redact_logs",
    "verify",
    "wait",
]


def __getattr__(name: str) -> object:
    # A name loads its module at first use, so that a command pays for what it needs.
    if name not in _HOME_OF:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
