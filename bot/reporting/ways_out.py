"""What a person can do about one criterion, as a line to paste where there is a command for it."""

import re

from bot.core.proofs.marks import MARK_IT
from bot.core.proofs.model import CriterionVerdict, Verdict
from bot.core.runs import RunReport
from bot.core.specs.model import ProofKind, SpecFormat
from bot.core.specs.naming import bare, spec_of
from bot.reporting.headline import label
from bot.reporting.sanitize import code
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
            named = _COMMAND.sub(lambda found: f"{found[1]}{name} ", verdict.way_out)
            return named.replace(MARK_IT, _mark(verdict, report))


def _mark(verdict: CriterionVerdict, report: RunReport) -> str:
    """How the criterion's own format leaves it to a person: others have no id to put a mark behind."""
    specs = (reading.spec for reading in report.readings if reading.path == spec_of(verdict.name))
    spec = next((spec for spec in specs if spec is not None and spec.format is not SpecFormat.NATIVE), None)
    if spec is None:
        return MARK_IT
    wish = code(f'"{bare(verdict.name)}": {{accept: true}}')
    return f"put {wish} under `proofs:` in the front matter of {code(spec.home.path)}"


def _of_contract(verdict: CriterionVerdict, report: RunReport, name: str) -> str:
    """A locked test that no work could satisfy may itself be wrong, and only a person can say so."""
    mine = any(one.criterion == verdict.name for one in report.contracts)
    if verdict.verdict is not Verdict.FAILED or not mine:
        return ""
    return f"if the locked test does not say what is meant, write `/specbot contract reject {name} REASON`"
