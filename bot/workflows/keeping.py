"""Work that is not published is kept on the run's own branch, also what an interrupted agent had not handed in."""

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress, TaskProgress
from bot.core.policy.model import PublishPolicy
from bot.core.runs import Run
from bot.errors import Refused, SpecbotError
from bot.ids import Sha, TreeSha
from bot.reporting.commit_message import kept_message
from bot.reporting.happenings import KEPT
from bot.reporting.names import WORK_BRANCHES
from bot.workflows.candidate import handed_in_again
from bot.workflows.here import run_here
from bot.workflows.house import House, log
from bot.workflows.integrating import commit_of
from bot.workflows.landing import Landing, Unsignable, demands_signatures, made_by_github
from bot.workflows.locks import start_of
from bot.workflows.notes import Facts, Kept, find, keep
from bot.workflows.task_agents import task_agent

INTERRUPTED = AgentOutcome(AgentStatus.LIMIT, "Unfinished work of a run that was ended.", "the run was ended", 0)
"""Stands in the message of the commit that keeps unfinished work."""


def keep_unpublished(house: House, run: Run) -> str:
    """`kept`, or why not. The caller holds the run's pen. What fails here is logged: last words matter more.

    What the run knows of its tasks stays as it is: a later segment goes on from there.
    """
    if run.published or run.from_fork:
        return "nothing to keep"
    try:
        run_here(house, run)
        commit = _salvaged(house, run)
        if commit is None:
            return "nothing to keep"
        keep_work(house, run, commit)
    except SpecbotError as fault:
        log.warning("work not kept", run=run.run_id, reason=fault.message)
        return f"not kept: {fault.message}"
    return "kept"


def keep_work(house: House, run: Run, commit: Sha) -> None:
    """The commit on a branch of the run's own (another for each segment), where nothing claims anything for it. Stores `Kept`.

    Where the owners hold back what is made, it is pushed nowhere: the database has it.
    """
    facts = find(house, run.run_id, Facts)
    if facts is not None and facts.config.publish is PublishPolicy.HOLD:
        return
    branch = f"{WORK_BRANCHES}{run.check_id}"
    there = house.git.branch_head(run.repo, branch)
    if there != commit:
        try:
            house.git.push(run.repo, commit, branch, expected=there)
        except Refused as fault:
            if not demands_signatures(fault):
                raise
            if not _kept_signed(house, run, commit, branch, there):
                return
    keep(house, run.run_id, Kept(branch))
    house.store.emit(run.run_id, KEPT, branch)


def _kept_signed(house: House, run: Run, commit: Sha, branch: str, there: Sha | None) -> bool:
    """Where all branches take only signed commits, GitHub makes one of all that is kept; False when its API cannot, and then only the database
    has it."""
    onto = there or run.start_head
    if there is not None:
        house.git.fetch(run.repo, [there], branch=branch)
    if house.git.tree(run.repo, onto) == house.git.tree(run.repo, commit):
        return there is not None
    wanted = Landing(run.repo, branch, run.base_ref, onto, commit, kept_message(run), new=there is None)
    try:
        made_by_github(house, wanted)
    except Unsignable as fault:
        log.warning("work not kept", run=run.run_id, reason=fault.message)
        return False
    return True


def _salvaged(house: House, run: Run) -> Sha | None:
    """The candidate so far with the newest state of what each agent had not handed in yet, as far as it fits; None when there is nothing."""
    now, plan, facts = find(house, run.run_id, Progress), find(house, run.run_id, Plan), find(house, run.run_id, Facts)
    if now is None or plan is None or facts is None:
        return None
    head, tree = now.head, now.tree
    for at in now.tasks:
        if at.start is None or at.state.ended:
            continue
        task = plan.task(at.task_id)
        merged = _merged(house, run, task, at, tree)
        if merged is not None and merged != tree:
            onto = head if plan.is_team else start_of(house, run.run_id)[0]
            head, tree = commit_of(house, run, task, INTERRUPTED.summary, merged, onto), merged
    return head if head != facts.head else None


def _merged(house: House, run: Run, task: Task, at: TaskProgress, tree: TreeSha) -> TreeSha | None:
    """`tree` with what the task's agent has left; None when it left nothing or it does not fit."""
    agent = task_agent(run.run_id, task.task_id, at.attempt)
    if at.start is None or house.journal.load(agent).snapshot is None:
        return None
    start = house.git.tree(run.repo, at.start)
    result = handed_in_again(house, run, task, agent, start, INTERRUPTED, "salvage")
    merged = house.git.merge(run.repo, start, tree, result.tree) if result.tree is not None else None
    return merged.tree if merged is not None and not merged.conflicts else None
