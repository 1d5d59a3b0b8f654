"""Which of a reviewer's findings still hold for the candidate as it is now: it may have been mended after it was read."""

from bot.core.proofs.model import Verification
from bot.core.reviews.fingerprints import lines_of, moved
from bot.core.reviews.model import ReviewFinding
from bot.core.reviews.rows import is_row
from bot.core.runs import Run
from bot.errors import SpecbotError
from bot.workflows.house import House, log
from bot.workflows.notes import Reviewed, Work
from bot.workflows.reproducing import contents_at


def remarks_at(
    house: House, run: Run, reviewed: Reviewed, work: Work | None, verification: Verification | None
) -> tuple[ReviewFinding, ...]:
    """The findings where their lines stand in the candidate; without those whose lines are gone, and those that stopped the merge and do so no more."""
    if work is None or reviewed.tree in (None, work.tree) or not reviewed.findings:
        return reviewed.findings
    try:
        contents = contents_at(house, run, work.tree, reviewed.findings)
    except SpecbotError as fault:  # what is said needs no files; only where it stands does
        log.warning("remarks not looked up", run=run.run_id, reason=fault.message)
        return ()
    still = (moved(one, lines_of(contents.get(one.path, b""))) for one in reviewed.findings)
    rows = {one.criterion_digest for one in verification.verdicts if is_row(one.name)} if verification else set()
    return tuple(one for one in still if one is not None and (not one.blocks or one.fingerprint in rows))
