"""What a terminal says of a ledger: its faults, and whether proofs that were run again agree with it."""

from collections.abc import Iterator, Sequence

from bot.core.proofs.agreement import Agreement, Agrees, all_agree
from bot.core.proofs.ledger import LedgerFault, LedgerRow
from bot.core.proofs.recorded import RecordedProof
from bot.core.visible import visible
from bot.reporting.counting import count
from bot.reporting.words import short

SIGNS = {Agrees.YES: "✅", Agrees.DECIDED: "🙋", Agrees.NO: "❌", Agrees.ABSENT: "❔"}


def audit_lines(rows: Sequence[LedgerRow], faults: Sequence[LedgerFault], head: str) -> Iterator[str]:
    """The audit's findings, or that there are none. Without a published `head` it says what it could not see."""
    for fault in faults:
        yield f"record {fault.sequence}: {fault.message}"
    newest = rows[-1][2] if rows else ""
    if faults:
        yield f"{count(len(faults), 'fault')} in {count(len(rows), 'record')}: this ledger proves nothing"
    elif not rows:
        yield "the ledger has no record"
    else:
        yield f"{count(len(rows), 'record')}, whole; its head is {visible(newest)}"
    if rows and not head:
        yield "Compare a head with --head HASH: it stands in the text of the pull request's check. A chain that was built anew is whole by itself."


def agreement_lines(recorded: RecordedProof, tree: str, compared: Sequence[Agreement]) -> Iterator[str]:
    """Criterion by criterion, then all in one line. `tree` is what was proven here."""
    yield f"Compared with record {short(recorded.own_hash)} of the ledger, about {short(recorded.head)} against {short(recorded.base)}:"
    if recorded.candidate_tree != tree:
        yield f"  it is about another tree ({short(recorded.candidate_tree)}) than what is checked out here ({short(tree)})"
    for one in compared:
        yield f"{SIGNS[one.agrees]} {visible(one.criterion)} {one.agrees.value}: {_verdicts(one)}"
        yield from (f"     {visible(detail)}" for detail in one.details)
    yield "All of it agrees with the ledger." if all_agree(tuple(compared)) else "This does not agree with the ledger."


def _verdicts(one: Agreement) -> str:
    then, now = (found.value if found is not None else "unknown" for found in (one.recorded, one.found))
    return then if then == now else f"{then} in the ledger, {now} here"
