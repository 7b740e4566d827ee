"""Hypothesis profiles, for the tests of every distribution.

`HYPOTHESIS_PROFILE` chooses one: `ci`, the default, or `nightly`.
"""

from __future__ import annotations

import os

from hypothesis import settings

# The same examples in every run, and no clock: a failure is a change, never luck or a slow machine.
settings.register_profile("ci", derandomize=True, database=None, deadline=None, max_examples=100)
settings.register_profile("nightly", database=None, deadline=None, max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
