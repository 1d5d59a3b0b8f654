"""`specbot run SPEC`: the same work on a local clone, without GitHub, onto a branch."""

import os
import sys
from pathlib import Path

import click
from rich.console import Console

from bot.adapters.local.clone import Clone
from bot.commands.verify import conclude
from bot.demo.watching import Watch
from bot.errors import UserFault
from bot.local_run import run_locally


@click.command(name="run")
@click.argument("spec", type=click.Path(path_type=Path))
@click.option("--base", help="Compare with this revision instead of the commit before the spec.")
def command(spec: Path, base: str | None) -> None:
    """Implement and prove SPEC in the clone that holds it. The work goes to a new branch `specbot/…`; nothing else is touched."""
    if not (os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL")):
        raise UserFault(
            "no model is configured",
            hint="set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible endpoint, and SPECBOT_MODEL",
        )
    console = Console()
    clone = Clone.around(spec.absolute().parent)
    work = clone.prepare(spec, base)
    console.print(
        f"{work.spec_path} at {work.head[:12]} against {work.base[:12]}, onto {work.branch}\n", highlight=False
    )
    result = run_locally(clone, work, Watch(console).tell, verify_only=False)
    conclude(console, result)
    report = result.report
    if report.run.published:
        console.print(f"\nthe work is on {work.branch}: git switch {work.branch}", highlight=False)
    elif report.kept_on:
        console.print(f"\nunproven work is on {report.kept_on}; {work.branch} has only the spec", highlight=False)
    sys.exit(0 if result.accepted else 1)
