"""A task that a superseded run of this repository has finished already is taken over instead of being paid for again."""

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.roles.implementer import NAME
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress
from bot.core.plans.reuse import FINISHED_TASK, FinishedTask, Given, task_keys
from bot.core.ports import ChangeKind
from bot.core.proofs.model import Verification
from bot.core.runs import Run
from bot.core.specs.layouts import is_spec
from bot.errors import Defect, NotThere, Unsafe
from bot.ids import Digest, RunId, TreeSha, agent_key
from bot.workflows.bounds import allowed_part
from bot.workflows.candidate import left_by, territory_of
from bot.workflows.house import House, log
from bot.workflows.locks import contracts_of
from bot.workflows.notes import Facts, Specs, TaskResult, find, need


def taken_over(house: House, run: Run, task: Task, start: TreeSha) -> TaskResult | None:
    """The task's work as an earlier run did it, laid over `start`; None when there is none. It is judged and proven like any other."""
    body = house.store.task_result(_key(house, run, task))
    try:
        done = FINISHED_TASK.decode(body) if body else None
        if done is None or done.run_id == run.run_id:
            return None
        left = _laid_over(house, run, start, done)
        tree, dropped = allowed_part(house, run.repo, territory_of(house, run.run_id, task), start, left)
    except (NotThere, Unsafe, Defect) as fault:  # its files cannot be had any more, or another version wrote it
        log.info("work not taken over", run=run.run_id, task=task.task_id, reason=fault.message)
        return None
    outcome = AgentOutcome(AgentStatus.FINISHED, done.summary, "", 0)
    return TaskResult(task.task_id, outcome, None if tree == start else tree, dropped, reused=done.run_id)


def _laid_over(house: House, run: Run, start: TreeSha, done: FinishedTask) -> TreeSha:
    put = {entry.path: entry for entry in done.put}
    try:
        return house.git.with_files(run.repo, start, put, done.drop)
    except NotThere:  # it was done on another machine
        _bring(house, run, done)
        return house.git.with_files(run.repo, start, put, done.drop)


def _bring(house: House, run: Run, done: FinishedTask) -> None:
    """The files of that task's agent, out of its journal; only a first agent's work is ever remembered."""
    earlier, facts = house.store.run(done.run_id), find(house, done.run_id, Facts)
    if earlier is not None and facts is not None:
        house.git.fetch(run.repo, [facts.head], pull=earlier.number)
        left_by(house, run, agent_key(done.run_id, NAME, done.task_id, 1), facts.head_tree)


def remember(house: House, run: Run, task: Task, start: TreeSha, result: TaskResult) -> None:
    """Keep what a task made, until a proof says that it does not hold."""
    if result.outcome is None or result.outcome.status is not AgentStatus.FINISHED or result.tree is None:
        return
    changes = house.git.changed(run.repo, start, result.tree)
    entries = {entry.path: entry for entry in house.git.entries(run.repo, result.tree)}
    done = FinishedTask(
        run.run_id,
        task.task_id,
        result.outcome.summary,
        put=tuple(entries[change.path] for change in changes if change.kind is not ChangeKind.DELETED),
        drop=tuple(change.path for change in changes if change.kind is ChangeKind.DELETED),
    )
    house.store.keep_task_result(_key(house, run, task), run, task.task_id, FINISHED_TASK.encode(done))


def forget_what_failed(house: House, run_id: RunId) -> None:
    """Work that was proven not to hold is never taken over: whoever asks again wants another one."""
    verification, plan, now = (
        find(house, run_id, Verification),
        find(house, run_id, Plan),
        find(house, run_id, Progress),
    )
    if verification is None or plan is None or now is None:
        return
    bad = {verdict.name for verdict in verification.verdicts if verdict.verdict.bad}
    for task in plan.tasks:
        if bad.intersection(task.proves) or (bad and not plan.is_team):
            at = now.of(task.task_id)
            house.store.forget_task_result(RunId(at.reused) if at.reused else run_id, task.task_id)


def _key(house: House, run: Run, task: Task) -> Digest:
    facts, specs, plan = need(house, run.run_id, Facts), need(house, run.run_id, Specs), need(house, run.run_id, Plan)
    files = house.git.entries(run.repo, facts.head_tree)
    given = Given(
        criteria={criterion.name: criterion for spec in specs.in_force for criterion in spec.criteria},
        files=[entry for entry in files if not is_spec(entry.path, facts.config)],
        scope=specs.scope,
        constraints=tuple(constraint for spec in specs.in_force for constraint in spec.constraints),
        contracts={one.criterion: one.digest for one in contracts_of(house, run.run_id)},
    )
    return Digest(f"{run.repo.repo_id}/{task_keys(plan, given)[task.task_id]}")
