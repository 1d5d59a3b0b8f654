"""`specbot migrate`: bring the database up to date. Safe to repeat; run before every start of a new version."""

import os

import click

from bot.adapters.store.migrate import migrate
from bot.settings import load_settings


@click.command(name="migrate")
def command() -> None:
    """Create or upgrade the database."""
    settings = load_settings(os.environ)
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url.reveal())
    click.echo("the database is up to date")
