"""The base of every value that passes between plugin, core and host."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value that prints, stores and compares.

    Unknown fields are ignored, because clouds add fields without notice. Values that a user
    writes derive from `StrictValue` instead. Validators are built at first use, so that importing
    the contract stays cheap, and errors never show the refused input, which may be a secret.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", defer_build=True, hide_input_in_errors=True
    )


class StrictValue(Value):
    """A frozen value that a person or a plugin's author writes: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")
