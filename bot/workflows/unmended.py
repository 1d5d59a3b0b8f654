"""Step: what a review showed could not be mended, because the budget or the model ended on the way. What was proven before is no worse for it."""

from dataclasses import replace

from bot.core.proofs.model import CriterionVerdict, Verification
from bot.core.proofs.outcome import outcome
from bot.core.reviews.rows import is_row
from bot.core.runs import RunState
from bot.core.specs.naming import bare
from bot.ids import RunId
from bot.reporting.endings import half_mended, unmended
from bot.workflows.admission import live_run
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Work, find, keep
from bot.workflows.steps import Ended, step

PROVEN, MOVED = "proven", "moved"


async def without_the_repair(house: House, run_id: RunId, number: int, end: Ended) -> None:
    """The candidate still is the one that was proven and reviewed, and may be published: then it is said why nothing was mended. Else raises the ending,
    which says why nothing is published. What ends the run from outside is not for us to pass over."""
    if end.state not in (RunState.FAILED, RunState.WAITING):
        raise end
    reason = end.reason
    word = await step(
        house, run_id, f"go on without the repair {number}", lambda h, r: in_thread(lambda: _say(h, r, reason))
    )
    if word == MOVED:
        raise Ended(end.state, half_mended(reason), end.way_out, end.output)


def _say(house: House, run_id: RunId, reason: str) -> str:
    live_run(house, run_id)
    work, shown = find(house, run_id, Work), find(house, run_id, Verification)
    if work is None or shown is None or shown.candidate_tree != work.tree or not outcome(shown).publishable:
        return MOVED  # half of a repair was merged already, and nobody has proven that
    keep(house, run_id, replace(shown, verdicts=tuple(_told(verdict, reason) for verdict in shown.verdicts)))
    return PROVEN


def _told(verdict: CriterionVerdict, reason: str) -> CriterionVerdict:
    """Repeated after a crash, it is told once."""
    if not is_row(verdict.name) or verdict.verdict.done or reason in verdict.way_out:
        return verdict
    return replace(verdict, way_out=unmended(bare(verdict.name), reason, verdict.way_out))
