"""The address under which a reverse proxy shows this host, as the operator says.

What a proxy adds to its requests would tell it as well, but so could anybody who reaches this host
without the proxy: headers are believed for nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_WRITTEN = re.compile(
    r"(?P<scheme>https?)://(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?/?"
)


@dataclass(frozen=True)
class PublicUrl:
    """Scheme, name and port; a path has no place, since every link here begins at the top.

    Attributes:
        text: As it is shown, without a slash at its end.
        name: The host's name, in small letters.
        secure: Whether browsers come by TLS.
    """

    text: str
    name: str
    secure: bool

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what the operator wrote.

        Raises:
            ValueError: It is no address of a host alone.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None or int(found["port"] or 1) not in range(1, 65536):
            message = f"{text!r} is no address such as https://bonito.example, without a path"
            raise ValueError(message)
        name = found["name"].lower()
        return cls(text.rstrip("/"), name, found["scheme"] == "https")
