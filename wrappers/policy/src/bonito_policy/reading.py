"""Reading a policy file: rules, or where it is wrong and how to mend it."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bonito_policy.rules import Rule, Rules

_LARGEST = 1_000_000
_MENDS = {
    "missing": "is missing: say why, and whom to ask",
    "too_short": "is empty: name at least one, or leave it out",
    "string_too_short": "is empty: say why, and whom to ask",
    "tuple_type": 'must be a name or a list of names, such as ["eu-*", "europe-*"]',
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number without quotes",
    "greater_than_equal": "must not be negative",
    "bool_type": "must be true or false, without quotes",
    "model_type": "must be a table of conditions, such as [deny.except]",
}
_NO_RULES = "there is no rule: write [[deny]] with a reason, or take the policy off BONITO_WRAPPERS"


class UnreadablePolicy(Exception):
    """The file cannot be read, so nothing may be deployed; the text says where and what mends."""


def read_rules(path: Path) -> Rules:
    """Return the rules of a file.

    Raises:
        UnreadablePolicy: It is not there, no TOML, or says what no rule can mean.
    """
    try:
        if not path.is_file():
            raise UnreadablePolicy(f"{path.name}: there is no such file. Put it there.")
        if path.stat().st_size > _LARGEST:
            raise UnreadablePolicy(f"{path.name} is larger than a megabyte, so it is no policy.")
        return Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UnreadablePolicy(f"{path.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadablePolicy(f"{path.name} is not written in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise UnreadablePolicy(f"{path.name} is no TOML: {error}.") from None
    except ValidationError as error:
        problems = "; ".join(map(_problem, error.errors(include_input=False)))
        raise UnreadablePolicy(f"{path.name}: {problems}.") from None


def _problem(found: ErrorDetails) -> str:
    place, kind = found["loc"], found["type"]
    if place == ("deny",):
        return _NO_RULES
    if kind == "extra_forbidden":
        return f"{_where(place)} is unknown{_meant(str(place[-1]), top=len(place) == 1)}"
    if kind == "value_error":
        return f"{_where(place)}: {found['msg'].removeprefix('Value error, ')}"
    return f"{_where(place)} {_MENDS.get(kind, found['msg'])}"


def _where(place: tuple[str | int, ...]) -> str:
    """Say where, in the words of the file: rules counted from one, fields by name."""
    match place:
        case ("deny", int(number), *fields):
            names = [field for field in fields if isinstance(field, str)]
            return ", ".join([f"rule {number + 1}", *names])
        case _:
            return ", ".join(map(str, place))


def _meant(name: str, *, top: bool) -> str:
    known = ["deny"] if top else [field.alias or key for key, field in Rule.model_fields.items()]
    close = difflib.get_close_matches(name, known, n=1)
    return f": did you mean {close[0]}?" if close else f": there are {', '.join(known)}"
