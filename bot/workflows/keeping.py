"""Work that is not published is kept on the run's own branch, also what an interrupted agent had not handed in."""

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.core.plans.model import Plan
from bot.core.runs import Run
from bot.errors import SpecbotError
from bot.ids import Sha
from bot.reporting.happenings import KEPT
from bot.reporting.names import WORK_BRANCHES
from bot.workflows.candidate import make_candidate
from bot.workflows.house import House, log
from bot.workflows.implementing import REPAIRS, implementer_key
from bot.workflows.notes import Facts, Kept, Specs, Work, find, keep

INTERRUPTED = AgentOutcome(AgentStatus.LIMIT, "Unfinished work of a run that was ended.", "the run was ended", 0)
"""Stands in the message of the commit that keeps unfinished work."""


def keep_unpublished(house: House, run: Run) -> str:
    """`kept`, or why not. The caller holds the run's pen. What fails here is logged: last words matter more."""
    if run.published or run.from_fork:
        return "nothing to keep"
    try:
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
    house.store.emit(run.run_id, KEPT, branch)


def _salvage(house: House, run: Run) -> None:
    """Make a commit of the newest snapshot of the run's implementer, if there is one."""
    facts, plan = find(house, run.run_id, Facts), find(house, run.run_id, Plan)
    if facts is None or plan is None or find(house, run.run_id, Specs) is None:
        return
    for attempt in range(REPAIRS + 1, 0, -1):
        agent = implementer_key(run.run_id, plan.tasks[0], attempt)
        if house.journal.load(agent).snapshot is None:
            continue
        checkout = house.git.checkout(run.repo, facts.head_tree, f"{agent}/salvage")
        try:
            make_candidate(house, run, agent, checkout, find(house, run.run_id, AgentOutcome) or INTERRUPTED)
        finally:
            house.git.discard(checkout)
        return
