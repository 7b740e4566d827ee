"""Embeddings: vectors computed from the text, always the same."""

from __future__ import annotations

import hashlib
import math
import struct


def vector(text: str, dimensions: int) -> list[float]:
    """Makes a vector of length one that belongs to the text."""
    digest = hashlib.shake_256(text.encode()).digest(dimensions * 2)
    raw = [value / 32768 for value in struct.unpack(f"<{dimensions}h", digest)]
    length = math.sqrt(sum(value * value for value in raw)) or 1.0
    return [value / length for value in raw]
