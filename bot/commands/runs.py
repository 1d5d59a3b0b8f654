"""`specbot runs`: the newest runs of this service's database."""

import json
import os

import click

from bot.adapters.clock import SystemClock
from bot.adapters.store.store import SqlStore
from bot.reporting.run_list import HEADER, run_fields, run_lines
from bot.settings import load_settings


@click.command(name="runs")
@click.option("--last", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@click.option("--live", is_flag=True, help="Only those that are queued or at work.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(last: int, live: bool, as_json: bool) -> None:
    """List the newest runs, newest first."""
    settings = load_settings(os.environ)
    store = SqlStore(settings.database_url.reveal())
    try:
        rows = [(run, store.spent(run.run_id)) for run in store.recent_runs(last, live=live)]
    finally:
        store.close()
    now = SystemClock().now()
    if not as_json:
        click.echo(HEADER if rows else "no run is at work" if live else "no run yet")
    for run, spent in rows:
        url = f"{settings.public_url}/runs/{run.run_id}" if settings.public_url else ""
        if as_json:
            click.echo(json.dumps(run_fields(run, spent, now, url)))
        else:
            click.echo("\n".join(run_lines(run, spent, now, url)))
