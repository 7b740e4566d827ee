"""Save connections and replace them again and again, as one of several processes."""

from __future__ import annotations

import sys
from pathlib import Path

from bonito_host.store.store import Store


def main(path: Path, name: str, rounds: int) -> None:
    store = Store(path)
    for number in range(rounds):
        for id in (f"{name}-{number}", "shared"):
            store.connections.save(
                id,
                provider="acme",
                cloud="sky",
                title="Acme",
                credentials={"key": f"secret of {name} {number}", "again": f"{name} {number}"},
                report={"by": name},
                replace=True,
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
