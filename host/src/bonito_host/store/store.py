"""The store: everything the host keeps, in one database, with one key."""

from __future__ import annotations

from pathlib import Path

from bonito_host.store.callers import StoredCallers
from bonito_host.store.calls import StoredCalls
from bonito_host.store.connections import StoredConnections
from bonito_host.store.database import open_database
from bonito_host.store.engines import is_url
from bonito_host.store.groups import StoredGroups
from bonito_host.store.listings import StoredListings
from bonito_host.store.plans import StoredPlans

FILE = "bonito.db"


class Store:
    """What the host keeps between runs.

    Args:
        path: The database: a file, made at first use for its owner alone, whose key stands beside
            it as ``<path>.key`` unless the operator gives one; or the URL of a PostgreSQL database.
        key: The operator's key: 32 bytes in base64 or hexadecimal.

    Attributes:
        path: The database.
        connections: Stored connections.
        plans: Stored plans.
        groups: Accepted failover groups.
        listings: The deployments last seen in each account.
        callers: Who may call the gateway.
        calls: What they called.

    Raises:
        StoreUnusable: It cannot be opened, or its key file is missing or open to others.
        WrongKey: The key is not the store's; nothing was changed.
    """

    def __init__(self, path: Path | str, *, key: str | None = None) -> None:
        engine, sealer = open_database(path, key=key)
        self.path = path
        self.connections = StoredConnections(engine, sealer)
        self.plans = StoredPlans(engine, sealer)
        self.groups = StoredGroups(engine)
        self.listings = StoredListings(engine)
        self.callers = StoredCallers(engine)
        self.calls = StoredCalls(engine)


def located(named: str | None) -> Path | str:
    """Return where the store lies that an operator named: a path, or a URL as it is."""
    if not named:
        return default_path()
    return named if is_url(named) else Path(named).expanduser()


def default_path() -> Path:
    """Return where the store of this user lies unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("bonito", appauthor=False) / FILE
