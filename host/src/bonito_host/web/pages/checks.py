"""A check as a page that is sent while it goes on; it needs no script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.web.following import Check, Followed
from bonito_host.web.rendering import ENVIRONMENT, written
from bonito_providers.errors import BonitoError
from bonito_providers.report import CheckItem

Result = TypeVar("Result")

_GAP = Markup("<!-- what is still to come -->")
"""Where the page is cut. Values are escaped, so that none of them can say this."""


def followed(
    request: Request,
    check: Check[Result],
    *,
    title: str,
    done: Callable[[Result], str],
    failed: Callable[[BonitoError], str],
) -> Response:
    """Return a page that grows while a check goes on.

    Args:
        request: What it answers.
        check: Tells its items.
        title: What is being done.
        done: The page's end, once the check came to something.
        failed: Its end where it came to nothing.
    """
    whole = written(request, "checking.html", heading=title, gap=_GAP)
    words = _Page(*whole.split(str(_GAP)), done=done, failed=failed)
    return Followed(check, words, media_type="text/html; charset=utf-8")


def onwards(request: Request, words: str, target: str, *, name: str) -> str:
    """Return the end of a page whose reader goes on to another, by a link or without a hand.

    Args:
        request: What it answers.
        words: What was done.
        target: Where to, on this host.
        name: What is there.
    """
    return written(request, "onwards.html", words=words, target=target, name=name)


class _Page(Generic[Result]):
    def __init__(
        self,
        head: str,
        middle: str,
        foot: str,
        *,
        done: Callable[[Result], str],
        failed: Callable[[BonitoError], str],
    ) -> None:
        self._head, self._middle, self._foot = head, middle, foot
        self._done, self._failed = done, failed

    def begun(self) -> str:
        return self._head

    def found(self, item: CheckItem) -> str:
        macros: Any = ENVIRONMENT.get_template("macros.html").module
        return str(macros.check(item.model_dump(mode="json")))

    def done(self, result: Result) -> str:
        return self._middle + self._done(result) + self._foot

    def failed(self, error: BonitoError) -> str:
        return self._middle + self._failed(error) + self._foot
