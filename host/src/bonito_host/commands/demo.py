"""`bonito demo`: the main job, walked through against emulated clouds."""

from __future__ import annotations

import click

from bonito_host.application import Application
from bonito_host.options import common_options


@click.command()
@common_options
@click.pass_obj
def demo(application: Application) -> int:
    """Walk through the main job against emulated clouds: from a key to a routed call.

    Needs no account and no network. Every line tells what has just happened.
    """
    from bonito_host.demo import run

    return run(application)
