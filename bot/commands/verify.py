"""`specbot verify SPEC`: run every proof of a spec on the commit that is checked out, with the sandbox and the rules of the service."""

import sys
from pathlib import Path

import click
from rich.console import Console

from bot.adapters.local.clone import Clone
from bot.demo.watching import Watch
from bot.local_run import LocalResult, run_locally
from bot.reporting.masking import Redactor
from bot.reporting.terminal import bill_line, headline_line, verdict_lines


@click.command(name="verify")
@click.argument("spec", type=click.Path(path_type=Path))
@click.option("--base", help="Compare with this revision instead of the commit before the spec.")
def command(spec: Path, base: str | None) -> None:
    """Prove what is committed. Calls no model and changes nothing. Exit status 0 only when everything is proven."""
    console = Console()
    clone = Clone.around(spec.absolute().parent)
    work = clone.find_work(spec, base)
    console.print(f"{work.spec_path} at {work.head[:12]} against {work.base[:12]}\n", highlight=False)
    result = run_locally(clone, work, Watch(console).tell, verify_only=True)
    conclude(console, result)
    sys.exit(0 if result.accepted else 1)


def conclude(console: Console, result: LocalResult) -> None:
    """The verdicts and the bill."""
    console.print()
    for line in verdict_lines(result.report, Redactor()):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print()
    console.print(headline_line(result.report, Redactor()), markup=False, highlight=False)
    if result.report.way_out:
        console.print(f"  {result.report.way_out}", markup=False, highlight=False)
    console.print(bill_line(result.report), highlight=False)
