"""`bonito keys`: the key that the store's secrets are sealed with."""

from __future__ import annotations

from dataclasses import asdict

import click

from bonito_host.application import Application
from bonito_host.options import common_options, store_options


@click.group()
def keys() -> None:
    """The key that stored credentials are sealed with."""


@keys.command()
@common_options
@store_options
@click.pass_obj
def rotate(application: Application) -> None:
    """Seal everything in the store with a new key.

    A key file gets a new one by itself; a key in BONITO_KEY is followed by the one in
    BONITO_NEW_KEY. Interrupted at any moment, the store opens. A `bonito serve` that runs follows
    a key file by itself. With BONITO_KEY it goes on with what it knows, says so at /ready and has
    to be started again.
    """
    from bonito_host.store.rotation import rotate as rotate_store

    settings, output = application.settings, application.output
    done = rotate_store(application.store_location, key=settings.key, new_key=settings.new_key)
    output.document(asdict(done))
    output.text(f"{done.resealed} sealed with the key {done.new} in place of {done.old}.")
    if settings.key:
        output.progress("→ From now on BONITO_KEY must hold the new key; start what serves again.")
