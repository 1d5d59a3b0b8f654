"""`specbot worker`: pump and workflows until told to stop."""

import os

import click

from bot.app import run_worker
from bot.settings import WORKER_NEEDS, load_settings


@click.command(name="worker")
def command() -> None:
    """Do the work: turn deliveries into commands, run agents and proofs, write to GitHub."""
    run_worker(load_settings(os.environ, needs=WORKER_NEEDS))
