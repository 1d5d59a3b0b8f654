"""Step: look at the pull request afresh and decide whether this run may start, and with which configuration.

Level-triggered: whatever event brought us here, only what GitHub says now counts.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.policy.configuration import read_configuration
from bot.core.policy.fork_words import fork_words
from bot.core.policy.model import RepositoryConfig
from bot.core.pulls import Permission, Person, PullRequest, RepoRef
from bot.core.runs import Run, RunState
from bot.errors import Defect
from bot.ids import RunId, Sha
from bot.workflows.adopting import adopted
from bot.workflows.house import House, in_thread
from bot.workflows.lifecycle import CLOSED
from bot.workflows.notes import Facts, keep
from bot.workflows.steps import Ended

CONFIGURATION_PATH = ".github/specbot.yml"


class Admitted(StrEnum):
    """May the run call models and write to the branch, or only look? FORK: only look, until a maintainer has spoken for this commit."""

    WORK = "work"
    LOOK = "look"
    FORK = "fork"


@dataclass(frozen=True, slots=True)
class Standing:
    """A run's pull request as it is now."""

    run: Run
    pull: PullRequest


async def admit(house: House, run_id: RunId) -> str:
    """An `Admitted`; stores `Facts`. Ends the run when the pull request is closed or its head has moved."""
    standing = await in_thread(lambda: still_standing(house, run_id))
    await in_thread(lambda: _settle_facts(house, standing))
    return await in_thread(lambda: _admitted(house, standing))


async def wait_for_rights(house: House, run_id: RunId) -> str:
    """Ends the run: nothing of it may be executed before somebody who may write here says so."""
    run = await in_thread(lambda: live_run(house, run_id))
    sha = run.start_head[:7]
    if run.from_fork:
        raise Ended(
            RunState.WAITING,
            "this comes from a fork: nothing of it is run before somebody who may write here has looked at this commit",
            f"look at the changes, then `/specbot verify {sha}`",
        )
    who = f"the bot that pushed this ({run.requester.login})" if run.requester.is_bot else "whoever pushed this"
    raise Ended(RunState.WAITING, f"{who} may not write here", "somebody who may: `/specbot retry`")


def _admitted(house: House, standing: Standing) -> Admitted:
    """Of a fork's code nothing is executed on the strength of who pushed it: a word covers one commit, and whoever gave it may still write."""
    run, repo = standing.run, standing.pull.repo
    if run.from_fork:
        return Admitted.WORK if spoken_for(house, run, run.start_head) else Admitted.FORK
    return Admitted.WORK if _may_write(house, repo, run.requester) else Admitted.LOOK


def spoken_for(house: House, run: Run, head: Sha) -> bool:
    """Whether somebody who may write here has said that a fork's code may be run at this commit, and may still write."""
    words = fork_words(house.store.ledger(run.repo.repo_id, run.number), head)
    return any(_may_write(house, run.repo, word.by) for word in words)


def _may_write(house: House, repo: RepoRef, person: Person) -> bool:
    return house.github.permission(repo, person).at_least(Permission.WRITE)


def still_standing(house: House, run_id: RunId) -> Standing:
    """The run and its pull request. Raises `Ended` when the run is no longer live, or its pull request closed or moved on.

    Called again before each thing that a pull request notices, because minutes lie between admission and publishing.
    """
    run = live_run(house, run_id)
    pull = house.github.pull_request(run.repo, run.number)
    if not pull.is_open:
        raise Ended(RunState.STOPPED, CLOSED, "reopen it to start again")
    if pull.base_ref != run.base_ref:
        raise Ended(RunState.SUPERSEDED, f"the pull request now aims at `{pull.base_ref}`")
    if pull.head_sha not in (run.start_head, run.candidate) and not adopted(house, run, pull):
        raise Ended(RunState.SUPERSEDED, f"a newer commit was pushed: {pull.head_sha[:12]}")
    return Standing(live_run(house, run_id), pull)


def live_run(house: House, run_id: RunId) -> Run:
    """The run as stored. Raises `Ended` when somebody ended it meanwhile."""
    run = house.store.run(run_id)
    if run is None:
        raise Defect(f"no run {run_id}", hint="report this")
    if not run.state.live:
        raise Ended(run.state, run.reason)
    return run


def _settle_facts(house: House, standing: Standing) -> None:
    run, pull = standing.run, standing.pull
    repo = run.repo
    house.git.fetch(repo, [run.start_head, pull.base_sha], pull=run.number, branch=pull.base_ref)
    base = house.git.merge_base(repo, pull.base_sha, run.start_head)
    keep(
        house,
        run.run_id,
        Facts(
            head=run.start_head,
            head_tree=house.git.tree(repo, run.start_head),
            base=base,
            base_tree=house.git.tree(repo, base),
            config=configuration_of(house, pull.repo, pull.base_ref),
            base_head=pull.base_sha,
        ),
    )


def configuration_of(house: House, repo: RepoRef, base_ref: str) -> RepositoryConfig:
    """The configuration in force for what is to be merged into `base_ref`."""
    default = house.github.repository(repo.installation_id, repo.repo_id).default_branch
    from_default = house.github.file(repo, CONFIGURATION_PATH, default)
    from_base = from_default if base_ref == default else house.github.file(repo, CONFIGURATION_PATH, base_ref)
    return read_configuration(from_default, from_base)
