"""`specbot runs`: the newest runs of this service's database."""

import os

import click
from rich.console import Console
from rich.table import Table

from bot.adapters.store.store import SqlStore
from bot.settings import load_settings


@click.command(name="runs")
@click.option("--last", default=20, show_default=True, help="How many.")
def command(last: int) -> None:
    """List the newest runs."""
    store = SqlStore(load_settings(os.environ).database_url.reveal())
    try:
        runs = store.recent_runs(last)
    finally:
        store.close()
    table = Table("run", "repository", "pull request", "state", "stage", "reason", "began")
    for run in runs:
        began = run.created_at.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(run.run_id, run.repo.full_name, str(run.number), run.state, run.stage, run.reason, began)
    Console().print(table if runs else "no run yet")
