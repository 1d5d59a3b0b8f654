"""Step: the candidate goes to the pull request's branch when nothing failed, else to a branch of its own. A person's push wins, always."""

from bot.core.held import held
from bot.core.policy.model import PublishPolicy
from bot.core.policy.publications import publications
from bot.core.proofs.model import Verification
from bot.core.proofs.outcome import outcome
from bot.core.pulls import Permission
from bot.core.runs import Run, RunState, Stage
from bot.errors import Defect
from bot.ids import RunId
from bot.reporting.happenings import PUBLISHED
from bot.workflows.admission import configuration_of, still_standing
from bot.workflows.here import run_here
from bot.workflows.house import House, in_thread
from bot.workflows.keeping import keep_work
from bot.workflows.notes import Waits, WaitsFor, Work, keep, need
from bot.workflows.signing import put_on_branch
from bot.workflows.steps import Ended


async def publish(house: House, run_id: RunId) -> str:
    """`published` or `kept`. Rights, head and liveness are looked at again, for minutes have passed since admission."""
    return await in_thread(lambda: _publish(house, run_id))


def _held_back(house: House, run: Run, work: Work) -> None:
    """Ends the run while the owners want a person's word first, and nobody who may write by now has given it for this very tree."""
    if configuration_of(house, run.repo, run.base_ref).publish is not PublishPolicy.HOLD:
        return
    said = publications(house.store.ledger(run.repo.repo_id, run.number), run.start_head, work.tree)
    if any(house.github.permission(run.repo, person).at_least(Permission.WRITE) for person in said):
        return
    start = house.git.tree(run.repo, run.start_head)
    keep(house, run.run_id, held(work.commit, house.git.diff(run.repo, start, work.tree)))
    keep(house, run.run_id, Waits(WaitsFor.PUBLICATION))
    raise Ended(
        RunState.WAITING,
        "the work is proven and waits for a person's word before anything is pushed",
        f"look at the patch in the check's details{_or_page(house)}, then `/specbot publish {work.commit[:7]}`",
    )


def _or_page(house: House) -> str:
    return " or on the run's page" if house.public_url else ""


def _publish(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        standing = still_standing(house, run_id)
        run, pull = standing.run, standing.pull
        if run.from_fork:
            raise Defect("work on a fork's pull request must not be published", hint="report this")
        house.store.update_run(run_id, stage=Stage.PUBLISH)
        run_here(house, run)
        work = need(house, run_id, Work)
        if not outcome(need(house, run_id, Verification)).publishable:
            keep_work(house, run, work.commit)
            return "kept"
        if not house.github.permission(run.repo, run.requester).at_least(Permission.WRITE):
            raise Ended(
                RunState.WAITING,
                f"who asked for this ({run.requester.login}) may not write here any more",
                "`/specbot retry`",
            )
        _held_back(house, run, work)
        commit = put_on_branch(house, run, pull, work)
        house.store.update_run(run_id, published=True)
        house.store.emit(run_id, PUBLISHED, commit)
        house.store.see_head(run.repo.repo_id, run.number, commit)
    return "published"
