"""What a person can do about one criterion, as a line to paste where there is a command for it."""

import re

from bot.core.proofs.model import CriterionVerdict, Verdict
from bot.core.runs import RunReport
from bot.core.specs.model import ProofKind
from bot.reporting.headline import label
from bot.reporting.words import short

JUDGED = "a model's opinion proves nothing: give it a command that fails without the change, or put `(accept)` behind its id and look at it yourself"
"""Whatever the opinion was, and whoever had it."""


_COMMAND = re.compile(r"(/specbot (?:waive|accept|contract reject) )\S+ ")
"""A command in a verdict's own words, which know the criterion by its id alone."""


def way_out(verdict: CriterionVerdict, report: RunReport) -> str:
    """Markdown from our own words, the criterion's name and the head; "" when nothing is asked of anybody."""
    if verdict.verdict is Verdict.JUDGED:
        return JUDGED
    name = label(verdict.name, report).replace("`", "")
    if not verdict.way_out:
        return _of_contract(verdict, report, name)
    match verdict.kind:
        case ProofKind.ACCEPT:
            return f"look at it, and if it holds, write `/specbot accept {name} {short(report.head)}`"
        case ProofKind.GONE:
            return f"put it back, or say why it may go: `/specbot waive {name} REASON`"
        case _:
            return _COMMAND.sub(lambda found: f"{found[1]}{name} ", verdict.way_out)


def _of_contract(verdict: CriterionVerdict, report: RunReport, name: str) -> str:
    """A locked test that no work could satisfy may itself be wrong, and only a person can say so."""
    mine = any(one.criterion == verdict.name for one in report.contracts)
    if verdict.verdict is not Verdict.FAILED or not mine:
        return ""
    return f"if the locked test does not say what is meant, write `/specbot contract reject {name} REASON`"
