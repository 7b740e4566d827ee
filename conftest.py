"""What the tests of every distribution stand on: Hypothesis profiles, Ctrl-C, long files first.

`HYPOTHESIS_PROFILE` chooses one: `ci`, the default, or `nightly`.
"""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import settings

# The same examples in every run, and no clock: a failure is a change, never luck or a slow machine.
settings.register_profile("ci", derandomize=True, database=None, deadline=None, max_examples=100)
settings.register_profile("nightly", database=None, deadline=None, max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A shell starts background jobs with Ctrl-C ignored, `nohup` any program with the end of the
# terminal, and children inherit that: how the tests were started would tell what ends a program.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

LONG = frozenset(
    {"test_canaries.py", "test_conformance.py", "test_kills.py", "test_third_party.py"}
)
"""Files that take a worker a minute or more: begun last, they would be waited for."""

NIGHT = frozenset(
    {
        "contract_tests/tests/test_pytest_plugin.py",
        "emulators/tests/test_aws_litellm.py",
        "host/tests/doctor/test_own_endpoint.py",
        "plugins/azure_foundry/tests/test_hostile_endpoints.py",
        "scaffold/tests/test_conformant.py",
        "tests/documentation/test_console_blocks.py",
    }
)
"""Files whose slow tests wait for the night: with them, a day's run takes more than 20 minutes."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what waits for the night, before anything is chosen by marks."""
    path = item.path.relative_to(item.config.rootpath).as_posix()
    if path in NIGHT and item.get_closest_marker("slow") is not None:
        item.add_marker(pytest.mark.nightly)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, and leave the order otherwise as it was drawn."""
    items.sort(key=lambda item: item.path.name not in LONG)
