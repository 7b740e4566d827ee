"""Looking for secrets in every form they travel in, wherever they might have got to."""

from __future__ import annotations

import base64
import json
import pickle
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from pydantic import BaseModel

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Access
    from bonito_emulators import RecordedRequest, RequestLog
    from bonito_providers import Provider

SHORTEST = 8
"""Shorter secrets are found by chance in any text."""
_TOKEN = re.compile(r"(?:bearer|basic)\s+(\S{16,})", re.IGNORECASE)


class Secrets:
    """The secrets of one access, and the tokens that were got with them.

    Args:
        plain: By a name that may be shown: a field, or "a token".
    """

    def __init__(self, plain: Iterable[tuple[str, str]]) -> None:
        self.forms: dict[str, str] = {}
        for name, secret in plain:
            if len(secret) >= SHORTEST:
                self.forms |= dict.fromkeys(forms_of(secret), name)

    def found_in(self, text: str) -> str | None:
        """Return the name of the first secret in a text; None where there is none."""
        return next((name for form, name in self.forms.items() if form in text), None)


def secrets_of_access(provider: Provider, access: Access) -> list[tuple[str, str]]:
    """Return the secrets a user typed, by the names of their fields.

    What the harness calls a secret is one, even where the plugin's schema does not know it.
    """
    credentials = provider.read_credentials(access.fields)
    known = {secret.get_secret_value() for secret in credentials.secrets()}
    typed = dict(_texts_of(access.fields, ""))
    named = {value: name for name, value in typed.items()}
    declared = [(named.get(secret, "a secret"), secret) for secret in sorted(known)]
    return [*declared, *((name, typed[name]) for name in access.wrong if name in typed)]


class SecretsSeen:
    """The secrets of an access, and the tokens that were got with them from now on.

    Args:
        plain: The secrets a user typed.
        log: What the cloud sees; tokens are found in it.
    """

    def __init__(self, plain: Iterable[tuple[str, str]], log: RequestLog) -> None:
        self._plain = dict.fromkeys(plain)
        self._log = log
        self._read = len(log.requests)
        self._secrets = Secrets(self._plain)

    def now(self) -> Secrets:
        """Return what is known now."""
        requests = self._log.requests[self._read :]
        self._read += len(requests)
        new = dict.fromkeys(each for each in tokens_in(requests) if each not in self._plain)
        if new:
            self._plain |= new
            self._secrets = Secrets(self._plain)
        return self._secrets


def tokens_in(requests: Iterable[RecordedRequest]) -> list[tuple[str, str]]:
    """Return the tokens that requests were authorised with."""
    found = {
        match[1]
        for request in requests
        for name, value in request.headers
        if name == "authorization" and (match := _TOKEN.search(value))
    }
    return [("a token of the authorization header", each) for each in sorted(found)]


def forms_of(secret: str) -> set[str]:
    """Return a secret as it is, and as it looks reversed, encoded, quoted and escaped."""
    raw = secret.encode()
    encoded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    return {
        secret,
        secret[::-1],
        *encoded,
        *(each.rstrip("=") for each in encoded),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        raw.hex(),
        raw.hex().upper(),
        json.dumps(secret)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
    }


def texts_of_value(value: object) -> Iterator[tuple[str, str]]:
    """Yield the ways in which a value may end up in a log, a file or a page."""
    yield "repr", repr(value)
    if isinstance(value, BaseModel):
        yield "model_dump_json", value.model_dump_json()
    else:
        yield "str", str(value)
        yield "pickle", _pickled(value)


def texts_of_error(error: BaseException) -> Iterator[tuple[str, str]]:
    """Yield every text of an exception: of its chain, its notes, and its traceback's variables."""
    pending: list[BaseException | None] = [error]
    seen: set[int] = set()
    while pending:
        each = pending.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        pending += [each.__cause__, each.__context__]
        where = type(each).__name__
        yield f"{where}'s text", f"{each!s} {each!r} {each.args!r}"
        yield f"{where}'s attributes", repr(vars(each))
        yield f"{where}'s notes", repr(getattr(each, "__notes__", ()))
        yield from _variables_of(each)
    yield from texts_of_value(error)


def _variables_of(error: BaseException) -> Iterator[tuple[str, str]]:
    """Yield what an error tracker records: the variables of each frame but the suite's own."""
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if not str(frame.f_globals.get("__name__", "")).startswith("bonito_contract_tests"):
            for name, value in frame.f_locals.items():
                yield f"the variable {name} in {frame.f_code.co_name}", repr(value)
        trace = trace.tb_next


def _pickled(value: object) -> str:
    try:
        return pickle.dumps(value).decode("latin-1")
    except Exception:  # noqa: BLE001 - what cannot be pickled cannot leak that way
        return ""


def _texts_of(value: Any, name: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - what a user types
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts_of(each, f"{name}.{key}" if name else key)
