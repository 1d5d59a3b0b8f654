"""A commit that GitHub made of a run's candidate has another SHA and the same tree. What was proven holds, so the run takes it for its candidate."""

from dataclasses import replace

from bot.core.pulls import PullRequest
from bot.core.runs import Run
from bot.errors import NotThere
from bot.ids import Sha
from bot.workflows.house import House
from bot.workflows.notes import Signing, Work, find, keep


def adopted(house: House, run: Run, pull: PullRequest) -> bool:
    """Whether the pull request's head is the commit that this run has asked GitHub to make, also when a crash, or the webhook coming first, kept
    it from being noted. Then it is noted now; repeating this changes nothing."""
    signing, work = find(house, run.run_id, Signing), find(house, run.run_id, Work)
    if signing is None or work is None or signing.tree != work.tree or run.published:
        return False
    return adopt(house, run, work, pull.head_sha, pull.head_ref)


def adopt(house: House, run: Run, work: Work, commit: Sha, branch: str) -> bool:
    """False when the commit holds something else than the candidate: then it is a push like any other."""
    try:
        house.git.fetch(run.repo, [commit], pull=run.number, branch=branch)
    except NotThere:
        return False
    if house.git.tree(run.repo, commit) != work.tree:
        return False
    keep(house, run.run_id, replace(work, commit=commit))
    house.store.update_run(run.run_id, candidate=commit)
    return True
