"""What can go wrong with the store; the command's exit codes are chosen by these classes."""

from __future__ import annotations

from bonito_providers.errors import BonitoError


class StoreError(BonitoError):
    """The store cannot do what was asked; nothing in it was changed."""


class StoreUnusable(StoreError):
    """The database or its key file cannot be opened, or is open to others."""


class StoreBusy(StoreError):
    """Another process has been writing for too long; nothing was changed."""


class WrongKey(StoreError):
    """The key is not the one the store's secrets were sealed with."""


class SealBroken(StoreError):
    """A sealed value was altered, or belongs to another record."""


class RecordExists(StoreError):
    """Something of that id is stored already."""


class RecordMissing(StoreError):
    """Nothing of that id is stored."""


class RecordInUse(StoreError):
    """Other records still need this one."""
