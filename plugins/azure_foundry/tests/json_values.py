"""JSON of any type, with what services were seen to send and what nobody expects."""

from __future__ import annotations

from hypothesis import strategies as st

HALF_A_CHARACTER = "\ud800"
SURPRISING_TEXT = st.text() | st.sampled_from(
    ["", " ", "true", "0", "null", HALF_A_CHARACTER, f"gpt-4o{HALF_A_CHARACTER}", "\x00", "x" * 500]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | SURPRISING_TEXT
    | st.sampled_from([10**300, -1, 0, 2**63])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SURPRISING_TEXT, inner, max_size=4),
    max_leaves=12,
)
