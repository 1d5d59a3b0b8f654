"""`specbot web`: gunicorn with the webhook door."""

import os
import sys
from pathlib import Path

import click

from bot.settings import WEB_NEEDS, load_settings

CONFIGURATION = Path(__file__).resolve().parents[1] / "web" / "gunicorn.conf.py"


@click.command(name="web")
def command() -> None:
    """Receive webhooks. Stores each delivery before it is acknowledged; does nothing else."""
    load_settings(os.environ, needs=WEB_NEEDS)
    arguments = [sys.executable, "-m", "gunicorn", "--config", str(CONFIGURATION), "bot.app:web()"]
    os.execv(sys.executable, arguments)  # noqa: S606 - an argv list, and no shell is wanted
