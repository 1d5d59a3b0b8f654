"""What a run made on one machine is brought into the mirror of the machine that goes on with it.

Hosts that share a database have mirrors of their own, and a run's steps and agents may be on any of them: a worker takes over from a dead
one, or takes an agent from the queue. The head comes from GitHub, each integrated commit from a note of the run, what an agent handed in
from its journal. Commits and trees depend on nothing but their contents, so they have the same ids everywhere.
"""

from bot.core.plans.model import Task
from bot.core.plans.progress import Progress, TaskProgress
from bot.core.runs import Run
from bot.errors import NotThere, Unsafe
from bot.ids import RunId, Sha
from bot.reporting.names import WORK_BRANCHES
from bot.workflows.admission import live_run
from bot.workflows.candidate import handed_in_again
from bot.workflows.house import House, log
from bot.workflows.notes import Carried, Contracted, Facts, TaskResult, Work, find, keep
from bot.workflows.reuse import taken_over
from bot.workflows.task_agents import task_agent

CARRIED_BYTES = 64 << 20
"""Of one commit. A note is text, a third larger than the pack, and held in memory a few times while it is written; what agents write is
source code, a few kilobytes. A larger commit is not stored: the run goes on on its machine, and on another one it ends with these words."""


def carry(house: House, run: Run, commit: Sha, beyond: Sha) -> None:
    """Store a commit for other machines. To be called before anything else that is stored names it, so that whatever is named can be had."""
    try:
        pack = house.git.pack(run.repo, commit, beyond, limit=CARRIED_BYTES)
    except Unsafe as fault:
        log.warning("work cannot be taken over elsewhere", run=run.run_id, commit=commit, reason=fault.message)
        return
    keep(house, run.run_id, Carried(beyond, pack), commit)


def live_here(house: House, run_id: RunId) -> Run:
    """The live run (`live_run`), with all that it has so far in this machine's mirror (`run_here`)."""
    run = live_run(house, run_id)
    run_here(house, run)
    return run


def run_here(house: House, run: Run) -> None:
    """The run's head, its candidate and what its agents start from are in this machine's mirror. Where they are already, it costs three reads
    of the store. Raises `NotThere` when they cannot be had, `Transient`."""
    facts = find(house, run.run_id, Facts)
    if facts is None:
        return
    house.git.fetch(run.repo, [facts.head], pull=run.number)
    for commit in _commits(house, run):
        _bring(house, run, commit)


def result_here(house: House, run: Run, task: Task, at: TaskProgress, result: TaskResult) -> None:
    """As `run_here`, and the files that a task handed in are in this machine's mirror too. Raises `NotThere` when they cannot be had."""
    run_here(house, run)
    if result.tree is None or at.start is None or house.git.has_tree(run.repo, result.tree):
        return
    start = house.git.tree(run.repo, at.start)
    if result.reused or result.outcome is None:
        again = taken_over(house, run, task, start)
    else:
        agent = task_agent(run.run_id, task.task_id, at.attempt)
        again = handed_in_again(house, run, task, agent, start, result.outcome, "again")
    if again is None or again.tree != result.tree:
        raise NotThere(
            f"what {task.task_id} handed in is only on the machine where it was made", hint="`/specbot retry`"
        )


def _commits(house: House, run: Run) -> tuple[Sha, ...]:
    """Every commit that a later step may ask for. A crash can leave the newest one named as work and not yet as progress."""
    now, work = find(house, run.run_id, Progress), find(house, run.run_id, Work)
    starts = [task.start for task in now.tasks if task.start is not None and not task.state.ended] if now else []
    contracted = find(house, run.run_id, Contracted)
    made = [*([work.commit] if work else []), *([contracted.commit] if contracted else [])]
    named = [*made, *([now.head] if now else []), *starts]
    return house.git.missing(run.repo, named)


def _bring(house: House, run: Run, commit: Sha) -> None:
    """From the notes, oldest first; what is in none of them is there if it was published or kept on a branch."""
    line: list[Sha] = []
    while house.git.missing(run.repo, [commit]):
        carried = find(house, run.run_id, Carried, commit)
        if carried is None:
            _fetch(house, run, commit)
            break
        line.append(commit)
        commit = carried.beyond
    for later in reversed(line):
        known = find(house, run.run_id, Carried, later)
        if known is not None:
            house.git.unpack(run.repo, later, known.pack)


def _fetch(house: House, run: Run, commit: Sha) -> None:
    try:
        house.git.fetch(run.repo, [commit], pull=run.number, branch=f"{WORK_BRANCHES}{run.run_id}")
    except NotThere as fault:
        raise NotThere(
            f"the run's commit {commit[:12]} is only on the machine that made it",
            hint="its files were too large to be stored for others; `/specbot retry` starts again",
        ) from fault
