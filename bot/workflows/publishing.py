"""Step: the candidate goes to the pull request's branch when nothing failed, else to a branch of its own. A person's push wins, always."""

from bot.core.proofs.model import Verification
from bot.core.proofs.outcome import outcome
from bot.core.pulls import Permission
from bot.core.runs import Run, RunState, Stage
from bot.errors import LeaseLost
from bot.ids import RunId, Sha
from bot.reporting.names import WORK_BRANCHES
from bot.workflows.admission import still_standing
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Kept, Work, keep, need
from bot.workflows.steps import Ended


async def publish(house: House, run_id: RunId) -> str:
    """`published` or `kept`. Rights, head and liveness are looked at again, for minutes have passed since admission."""
    return await in_thread(lambda: _publish(house, run_id))


def _publish(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        standing = still_standing(house, run_id)
        run, pull = standing.run, standing.pull
        house.store.update_run(run_id, stage=Stage.PUBLISH)
        work = need(house, run_id, Work)
        if not outcome(need(house, run_id, Verification)).publishable:
            keep_work(house, run, work.commit)
            return "kept"
        if not house.github.permission(run.repo, run.requester).at_least(Permission.WRITE):
            keep_work(house, run, work.commit)
            raise Ended(RunState.WAITING, f"{run.requester.login} may not write here any more", "`/specbot retry`")
        try:
            house.git.push(run.repo, work.commit, pull.head_ref, expected=run.start_head)
        except LeaseLost:
            keep_work(house, run, work.commit)
            raise
        house.store.update_run(run_id, published=True)
        house.store.see_head(run.repo.repo_id, run.number, work.commit)
    return "published"


def keep_work(house: House, run: Run, commit: Sha) -> None:
    """The commit on the run's own branch, where nothing claims anything for it. Stores `Kept`."""
    branch = f"{WORK_BRANCHES}{run.run_id}"
    there = house.git.branch_head(run.repo, branch)
    if there != commit:
        house.git.push(run.repo, commit, branch, expected=there)
    keep(house, run.run_id, Kept(branch))
