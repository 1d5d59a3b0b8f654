"""Work that is not published is kept on the run's own branch, also what an interrupted agent had not handed in."""

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress, TaskProgress
from bot.core.runs import Run
from bot.errors import SpecbotError
from bot.ids import Sha
from bot.reporting.names import WORK_BRANCHES
from bot.workflows.candidate import handed_in_again
from bot.workflows.here import run_here
from bot.workflows.house import House, log
from bot.workflows.implementing import implementer_key
from bot.workflows.integrating import take_in
from bot.workflows.notes import Kept, Work, find, keep, need

INTERRUPTED = AgentOutcome(AgentStatus.LIMIT, "Unfinished work of a run that was ended.", "the run was ended", 0)
"""Stands in the message of the commit that keeps unfinished work."""


def keep_unpublished(house: House, run: Run) -> str:
    """`kept`, or why not. The caller holds the run's pen. What fails here is logged: last words matter more."""
    if run.published or run.from_fork:
        return "nothing to keep"
    try:
        run_here(house, run)
        _salvage(house, run)
        work = find(house, run.run_id, Work)
        if work is None:
            return "nothing to keep"
        keep_work(house, run, work.commit)
    except SpecbotError as fault:
        log.warning("work not kept", run=run.run_id, reason=fault.message)
        return f"not kept: {fault.message}"
    return "kept"


def keep_work(house: House, run: Run, commit: Sha) -> None:
    """The commit on the run's own branch, where nothing claims anything for it. Stores `Kept`."""
    branch = f"{WORK_BRANCHES}{run.run_id}"
    there = house.git.branch_head(run.repo, branch)
    if there != commit:
        house.git.push(run.repo, commit, branch, expected=there)
    keep(house, run.run_id, Kept(branch))


def _salvage(house: House, run: Run) -> None:
    """Merge the newest state of what each agent had not handed in yet, as far as it fits; nothing is claimed for it."""
    now, plan = find(house, run.run_id, Progress), find(house, run.run_id, Plan)
    if now is None or plan is None:
        return
    for at in now.tasks:
        if at.start is not None and not at.state.ended:
            _salvage_task(house, run, plan.task(at.task_id), at)


def _salvage_task(house: House, run: Run, task: Task, at: TaskProgress) -> None:
    agent = implementer_key(run.run_id, task.task_id, at.attempt)
    if at.start is None or house.journal.load(agent).snapshot is None:
        return
    start = house.git.tree(run.repo, at.start)
    result = handed_in_again(house, run, task, agent, start, INTERRUPTED, "salvage")
    now = need(house, run.run_id, Progress)
    merged = house.git.merge(run.repo, start, now.tree, result.tree) if result.tree is not None else None
    if merged is not None and not merged.conflicts:
        take_in(house, run, task, result, merged.tree)
