"""`specbot costs`: what the runs of this service's database have cost."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from bot.adapters.store.store import SqlStore
from bot.core.policy.costs import By, CostRow, cost_rows
from bot.core.visible import visible
from bot.settings import load_settings

SHARED = "A run with several specs is divided evenly among them."
MINUTES_OF_MONTH = "Minutes stand in the month in which their run began."


@click.command(name="costs")
@click.option("--by", type=click.Choice([by.value for by in By]), default=By.REPO.value, show_default=True)
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m"]), help="Only calls from this day or month (UTC) on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def command(by: str, since: datetime | None, as_json: bool) -> None:
    """Sum up model calls, tokens, money and time by repository, user, spec or month."""
    store = SqlStore(load_settings(os.environ).database_url.reveal())
    try:
        rows = cost_rows(store.bills(since=since.replace(tzinfo=UTC) if since else None), By(by))
    finally:
        store.close()
    if as_json:
        for row in rows:
            click.echo(json.dumps(_plain(row), ensure_ascii=True))
        return
    notes = {By.SPEC: SHARED, By.MONTH: MINUTES_OF_MONTH}
    console = Console()
    console.print(_table(by, rows) if rows else "no run yet")
    if rows and By(by) in notes:
        console.print(notes[By(by)], highlight=False)


def _table(by: str, rows: tuple[CostRow, ...]) -> Table:
    table = Table(by, *("runs", "calls", "tokens", "cached", "USD", "minutes"))
    table.columns[0].overflow = "fold"
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        share = row.cached_share
        cached = "" if share is None else f"{share:.0%}"
        cells = (
            _number(row.runs),
            _number(row.calls),
            f"{row.tokens:,.0f}",
            cached,
            _usd(row),
            f"{row.seconds / 60:,.1f}",
        )
        table.add_row(visible(row.name), *cells)
    return table


def _usd(row: CostRow) -> str:
    """Unknown is said, never counted as nothing."""
    if row.price_known:
        return f"{row.usd:,.2f}"
    unknown = f"unknown for {_number(row.unpriced)} calls"
    return f"{row.usd:,.2f} + {unknown}" if row.unpriced < row.calls else "unknown"


def _number(value: float) -> str:
    """Whole, but for shares of a run."""
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-9 else f"{value:,.2f}"


def _plain(row: CostRow) -> dict[str, object]:
    """`usd` is null where any price is unknown; `usd_known` is the sum of the rest."""
    values = asdict(row)
    known = values.pop("usd")
    return {**values, "cached_share": row.cached_share, "usd": known if row.price_known else None, "usd_known": known}
