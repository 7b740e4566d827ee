"""JSON of any type, with what nobody expects a service to send."""

from __future__ import annotations

from hypothesis import strategies as st

_HALF_A_CHARACTER = "\ud800"
_TEXTS = st.text() | st.sampled_from(["", " ", "true", _HALF_A_CHARACTER, "\x00", "x" * 500])
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS
JSON = st.recursive(
    _SCALARS | st.just(10**300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)
