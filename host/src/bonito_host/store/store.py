"""The store: connections, plans and failover groups in one database, with one key."""

from __future__ import annotations

from pathlib import Path

from bonito_host.store.connections import StoredConnections
from bonito_host.store.database import open_database
from bonito_host.store.groups import StoredGroups
from bonito_host.store.plans import StoredPlans

FILE = "bonito.db"


class Store:
    """What the host keeps between runs.

    Args:
        path: The database; made at first use, for its owner alone. Its key stands beside it as
            ``<path>.key`` unless the operator gives one.
        key: The operator's key: 32 bytes in base64 or hexadecimal.

    Attributes:
        path: The database.
        connections: Stored connections.
        plans: Stored plans.
        groups: Accepted failover groups.

    Raises:
        StoreUnusable: It cannot be opened, or its key file is missing or open to others.
        WrongKey: The key is not the store's; nothing was changed.
    """

    def __init__(self, path: Path, *, key: str | None = None) -> None:
        engine, sealer = open_database(path, key=key)
        self.path = path
        self.connections = StoredConnections(engine, sealer)
        self.plans = StoredPlans(engine, sealer)
        self.groups = StoredGroups(engine)


def default_path() -> Path:
    """Return where the store of this user lies unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("bonito", appauthor=False) / FILE
