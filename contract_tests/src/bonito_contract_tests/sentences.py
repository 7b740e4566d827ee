"""Texts that people read are sentences."""

from __future__ import annotations

from bonito_contract_tests.violation import must

_SHORTEST, _LONGEST = 8, 1000


def must_be_sentences(what: str, *texts: str) -> None:
    """Go on only if each text says something a person can read on a page.

    Raises:
        Violation: One is empty, a mere word, or a dump.
    """
    for text in texts:
        said = text.strip()
        must(
            _SHORTEST <= len(said) <= _LONGEST and " " in said and said == text,
            seen=f"{what} is {text[:80]!r}",
            expected="a sentence that a page can show",
        )
