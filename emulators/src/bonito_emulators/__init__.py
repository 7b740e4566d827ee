"""Strict emulators of clouds, under the clouds' real host names, on the local machine."""

from __future__ import annotations

from bonito_emulators.clouds import Cloud
from bonito_emulators.emulation import Emulation
from bonito_emulators.exchange import Exchange, exchange_of
from bonito_emulators.faults import (
    Action,
    AfterApplied,
    Drip,
    Fault,
    Faults,
    Redirect,
    Reset,
    Respond,
    Slow,
    Truncate,
)
from bonito_emulators.log import RecordedRequest, RequestLog
from bonito_emulators.scenario import DemoConnection, Scenario

__all__ = [
    "Action",
    "AfterApplied",
    "Cloud",
    "DemoConnection",
    "Drip",
    "Emulation",
    "Exchange",
    "Fault",
    "Faults",
    "RecordedRequest",
    "Redirect",
    "RequestLog",
    "Reset",
    "Respond",
    "Scenario",
    "Slow",
    "Truncate",
    "exchange_of",
]
