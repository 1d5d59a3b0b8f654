"""`specbot verify SPEC`: run every proof of a spec on the commit that is checked out, with the sandbox and the rules of the service."""

import sys
from pathlib import Path

import click
from rich.console import Console

from bot.adapters.local.clone import Clone, LocalWork
from bot.commands.ledger import read_ledger
from bot.core.proofs.agreement import agreements, all_agree
from bot.core.proofs.ledger import audit
from bot.core.proofs.recorded import RecordedProof, recorded_proofs
from bot.demo.watching import Watch
from bot.errors import UserFault
from bot.local_run import LocalResult, run_locally
from bot.reporting.ledger_words import agreement_lines
from bot.reporting.masking import Redactor
from bot.reporting.terminal import bill_line, headline_line, verdict_lines


@click.command(name="verify")
@click.argument("spec", type=click.Path(path_type=Path))
@click.option("--base", help="Compare with this revision instead of the commit before the spec.")
@click.option(
    "--ledger", metavar="FILE", help="An exported ledger: say whether the results agree with it (- reads it)."
)
@click.option("--head", default="", metavar="HASH", help="The ledger head that the pull request's check names.")
def command(spec: Path, base: str | None, ledger: str | None, head: str) -> None:
    """Prove what is committed. Calls no model and changes nothing. Exit status 0 only when everything is proven.

    With --ledger it runs what the ledger recorded for this tree again, against the same base, and the exit status says whether all of it
    agrees, whatever the verdicts are.
    """
    console = Console()
    clone = Clone.around(spec.absolute().parent)
    recorded = _recorded(clone, ledger, head) if ledger else None
    work = clone.find_work(spec, base or (recorded.base if recorded else None))
    console.print(f"{work.spec_path} at {work.head[:12]} against {work.base[:12]}\n", highlight=False)
    result = run_locally(clone, work, Watch(console).tell, verify_only=True)
    conclude(console, result)
    if recorded is None:
        sys.exit(0 if result.accepted else 1)
    sys.exit(0 if _agrees(console, clone, work, recorded, result) else 1)


def _recorded(clone: Clone, ledger: str, head: str) -> RecordedProof:
    """The newest proof of what is checked out, else the newest of all. Raises `UserFault` when the ledger is not whole or has none."""
    rows = read_ledger(ledger)
    faults = audit(rows, head.strip().lower())
    if faults:
        first = f"record {faults[0].sequence}: {faults[0].message}"
        raise UserFault(f"the ledger is not whole: {first}", hint="`specbot ledger audit` names every fault")
    proofs = recorded_proofs(rows)
    if not proofs:
        raise UserFault("the ledger has no proof", hint="export it after a verification")
    tree = clone.tree("HEAD")
    return next((one for one in reversed(proofs) if one.candidate_tree == tree), proofs[-1])


def _agrees(console: Console, clone: Clone, work: LocalWork, recorded: RecordedProof, result: LocalResult) -> bool:
    verification = result.report.verification
    compared = agreements(recorded, verification) if verification is not None else ()
    console.print()
    for line in agreement_lines(recorded, clone.tree(work.head), compared):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return all_agree(compared)


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
