"""`specbot ledger`: a pull request's ledger out of this service's database, and whether a ledger is whole."""

import os
import sys
from pathlib import Path

import click

from bot.adapters.store.store import SqlStore
from bot.core.proofs.export import export_lines, read_export
from bot.core.proofs.ledger import LedgerRow, audit
from bot.core.runs import Run
from bot.errors import NotThere, UserFault
from bot.reporting.ledger_words import audit_lines
from bot.settings import load_settings

LARGEST = 256 << 20
"""Bytes of an export that is read: thousands of records of large suites; more is no ledger."""


@click.group(name="ledger")
def command() -> None:
    """Export the ledger of a pull request, or audit one."""


@command.command(name="export")
@click.argument("pull_request", metavar="OWNER/NAME#NUMBER")
def export(pull_request: str) -> None:
    """Print the ledger of a pull request as JSON Lines, one record a line."""
    run, rows = _stored(pull_request)
    for line in export_lines(rows, run.repo.full_name, run.number):
        click.echo(line)


@command.command(name="audit")
@click.argument("source", metavar="[FILE|OWNER/NAME#NUMBER]", default="-")
@click.option("--head", default="", metavar="HASH", help="The ledger head that the pull request's check names.")
def audit_command(source: str, head: str) -> None:
    """Find altered, missing and foreign records; with --head also a chain that was built anew.

    SOURCE is an export's file (- for standard input) or a pull request of this service's database. Exit status 0 only when it is whole.
    """
    rows = _stored(source)[1] if "#" in source and not Path(source).exists() else read_ledger(source)
    faults = audit(rows, head.strip().lower())
    for line in audit_lines(rows, faults, head):
        click.echo(line)
    sys.exit(1 if faults or not rows else 0)


def read_ledger(file: str) -> tuple[LedgerRow, ...]:
    """An export's rows, from a file or with `-` from standard input. Raises `UserFault`."""
    try:
        if file == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UserFault(f"{file} is larger than any ledger", hint="name a ledger's export")
        return read_export(data.decode())
    except (OSError, UnicodeDecodeError) as fault:
        raise UserFault(
            f"{file} cannot be read: {fault}", hint="name a file that `specbot ledger export` made"
        ) from fault


def _stored(pull_request: str) -> tuple[Run, tuple[LedgerRow, ...]]:
    store = SqlStore(load_settings(os.environ).database_url.reveal())
    try:
        found = store.runs_like(pull_request, 1) if "#" in pull_request else ()
        if not found:
            raise NotThere(f"there is no ledger of {pull_request}", hint="name a pull request: OWNER/NAME#12")
        return found[0], store.ledger(found[0].repo.repo_id, found[0].number)
    finally:
        store.close()
