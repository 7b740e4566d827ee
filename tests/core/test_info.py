"""A provider's name card is refused while something on it cannot be right."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.core.plugins import info


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Acme"}, "name"),
        ({"name": "acme-cloud"}, "name"),
        ({"cloud": ""}, "cloud"),
        ({"title": ""}, "title"),
        ({"summary": ""}, "summary"),
        ({"selector": {"mode": "a", "region": "b"}}, "selector"),
        ({"recommended": True}, "only with a selector"),
        ({"predates_selector": True}, "only with a selector"),
        ({"links": {"Docs": "http://docs.acme.example"}}, "must start with https://"),
        ({"host_suffixes": ("com",)}, "'com' is not a host"),
        ({"host_suffixes": (".com",)}, "'.com' is not a host"),
        ({"host_suffixes": ("*.acme.example",)}, "is not a host"),
        ({"host_suffixes": (".Acme.example",)}, "is not a host"),
        ({"host_suffixes": ("https://acme.example",)}, "is not a host"),
        ({"host_suffixes": (".acme.example\n",)}, "is not a host"),
        ({"host_sufixes": (".acme.example",)}, "host_sufixes"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        info(**changes)


def test_hosts_and_suffixes_are_both_fine() -> None:
    suffixes = (".acme.example", "login.acme.example")
    assert info(host_suffixes=suffixes).host_suffixes == suffixes
