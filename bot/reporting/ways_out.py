"""What a person can do about one criterion, as a line to paste where there is a command for it."""

from bot.core.proofs.model import CriterionVerdict, Verdict
from bot.core.runs import RunReport
from bot.core.specs.model import ProofKind
from bot.reporting.headline import label
from bot.reporting.words import short

JUDGED = "a model's opinion proves nothing: give it a command that fails without the change, or mark it (accept) and look at it yourself"
"""Whatever the opinion was, and whoever had it."""


def way_out(verdict: CriterionVerdict, report: RunReport) -> str:
    """Markdown from our own words, the criterion's name and the head; "" when nothing is asked of anybody."""
    if verdict.verdict is Verdict.JUDGED:
        return JUDGED
    if not verdict.way_out:
        return ""
    name = label(verdict.name, report).replace("`", "")
    match verdict.kind:
        case ProofKind.ACCEPT:
            return f"look at it, and if it holds, write `/specbot accept {name} {short(report.head)}`"
        case ProofKind.GONE:
            return f"put it back, or say why it may go: `/specbot waive {name} REASON`"
        case _:
            return verdict.way_out
