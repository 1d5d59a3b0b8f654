"""`specbot logs RUN`: every event of a run, and with -f what comes."""

import os
import time

import click

from bot.adapters.store.store import SqlStore
from bot.core.visible import visible
from bot.errors import NotThere
from bot.ids import RunId
from bot.settings import load_settings

LOOK_SECONDS = 0.5
"""How often a followed run is looked at."""


@click.command(name="logs")
@click.argument("run")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run has ended.")
def command(run: str, follow: bool) -> None:
    """Print what happened in RUN, one event a line."""
    store = SqlStore(load_settings(os.environ).database_url.reveal())
    try:
        seen = 0
        while True:
            found = store.run(RunId(run))
            if found is None:
                raise NotThere(f"there is no run {run}", hint="`specbot runs` lists them")
            for number, at, kind, data in store.events(RunId(run), seen):
                click.echo(f"{number:5} {at:%H:%M:%S} {kind:14} {visible(data)}")
                seen = number
            if not follow or not found.state.live:
                return
            time.sleep(LOOK_SECONDS)
    finally:
        store.close()
