"""Code, not an agent, puts the tasks' work together: one merge and one commit for each, in the order of the plan."""

import json
from dataclasses import replace
from typing import Any

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress, TaskState
from bot.core.ports import Authorship, Merged
from bot.core.runs import Run
from bot.ids import Sha, TreeSha
from bot.reporting.commit_message import commit_message, noreply_address
from bot.reporting.masking import Redactor
from bot.workflows.here import carry, result_here
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Specs, TaskResult, Work, keep, need

NO_OTHER_AGENT = frozenset({AgentStatus.BLOCKED, AgentStatus.LIMIT, AgentStatus.FAILED})
"""Ends that another agent would meet too: what is missing stays missing, and a model that cannot use its tools will not learn it."""


async def integrate(house: House, run: Run, result: TaskResult) -> None:
    """Take in what one task handed in. Stores `Progress`, and `Work` when the candidate has grown; repeating it changes nothing."""
    plan, progress = await in_thread(lambda: (need(house, run.run_id, Plan), need(house, run.run_id, Progress)))
    task = plan.task(result.task_id)
    if progress.of(task.task_id).state is not TaskState.WORKING:
        return
    if result.outcome is None:
        await in_thread(lambda: _halt(house, run, progress, result))
    elif result.tree is None or not _counts(plan, result.outcome):
        await in_thread(lambda: _without_change(house, run, progress, result))
    else:
        await _merge(house, run, plan, progress, result)


def _counts(plan: Plan, outcome: AgentOutcome) -> bool:
    """Half a task among finished ones would only break them. Where there is nothing else, the proof shows what half of it is worth."""
    return outcome.status is AgentStatus.FINISHED or not plan.is_team


async def _merge(house: House, run: Run, plan: Plan, progress: Progress, result: TaskResult) -> None:
    task, at = plan.task(result.task_id), progress.of(result.task_id)
    tree = result.tree
    if tree is None or at.start is None:
        return
    await in_thread(lambda: result_here(house, run, task, at, result))
    began = await in_thread(lambda: house.git.tree(run.repo, at.start or run.start_head))
    merged = await in_thread(lambda: house.git.merge(run.repo, began, progress.tree, tree))
    if merged.conflicts:
        await _conflict(house, run, progress, result, merged)
        return
    await in_thread(lambda: take_in(house, run, task, result, merged.tree))


async def _conflict(house: House, run: Run, progress: Progress, result: TaskResult, merged: Merged) -> None:
    path, words = merged.conflicts[0]
    reason = f"its work does not fit to what was merged before it: {path}: {words}"
    await in_thread(lambda: _set(house, run, progress, result, TaskState.FAILED, reason))


def take_in(house: House, run: Run, task: Task, result: TaskResult, merged: TreeSha, *, fixed: bool = False) -> None:
    """The merged tree becomes the candidate."""
    progress, plan = need(house, run.run_id, Progress), need(house, run.run_id, Plan)
    outcome = result.outcome or AgentOutcome(AgentStatus.FINISHED, "", "", 0)
    state, reason = _state(outcome)
    if merged == progress.tree:
        _set(house, run, progress, result, state, reason)
        return
    commit = _commit(house, run, plan, task, outcome.summary, merged, progress)
    keep(house, run.run_id, Work(commit, merged, _put_back(progress, result)))
    house.store.update_run(run.run_id, candidate=commit)
    grown = replace(progress, head=commit, tree=merged)
    _set(house, run, grown, result, state, reason, commit=commit, fixed=fixed)


def _put_back(progress: Progress, result: TaskResult) -> tuple[str, ...]:
    """What was taken out of all tasks' work so far; of this one only what its newest agent did."""
    others = [line for task in progress.tasks if task.task_id != result.task_id for line in task.dropped]
    return tuple(dict.fromkeys((*others, *result.dropped)))


def _commit(house: House, run: Run, plan: Plan, task: Task, summary: str, tree: TreeSha, progress: Progress) -> Sha:
    """One commit for each task, in a line; what is mended later is a commit of its own. A plan of one task is one commit, mended or not.

    The commit's date is the run's, so that repeating this makes the very same commit.
    """
    facts, specs = need(house, run.run_id, Facts), need(house, run.run_id, Specs)
    message = commit_message(
        task.title,
        summary,
        specs=[spec.path for spec in specs.in_force],
        tasks=[task.task_id],
        run=run,
        redactor=Redactor(house.secrets),
    )
    bot = house.github.app().bot_user
    author = Authorship(bot.login, noreply_address(bot), run.created_at)
    parent = progress.head if plan.is_team else facts.head
    commit = house.git.commit(run.repo, tree, [parent], message, author)
    carry(house, run, commit, parent)
    return commit


def _state(outcome: AgentOutcome) -> tuple[TaskState, str]:
    if outcome.status is AgentStatus.FINISHED:
        return TaskState.MERGED, ""
    state = TaskState.BLOCKED if outcome.status is AgentStatus.BLOCKED else TaskState.FAILED
    return state, outcome.reason or outcome.summary or outcome.status.value


def _without_change(house: House, run: Run, progress: Progress, result: TaskResult) -> None:
    if result.outcome is not None:
        state, reason = _state(result.outcome)
        _set(house, run, progress, result, state, reason)


def _halt(house: House, run: Run, progress: Progress, result: TaskResult) -> None:
    """The run ends with this once the others have handed in; the task itself is as if it had not been started yet."""
    halted = replace(progress, halted=progress.halted or result.ended)
    keep(house, run.run_id, halted.with_task(result.task_id, state=TaskState.WAITING))
    tell_task(house, run, result.task_id, TaskState.WAITING, halted.of(result.task_id).attempt, "the run has to stop")


def _set(
    house: House, run: Run, progress: Progress, result: TaskResult, state: TaskState, reason: str, **more: Any
) -> None:
    """Where the task stands now; `more` are further fields of `TaskProgress`."""
    final = result.outcome is not None and result.outcome.status in NO_OTHER_AGENT
    changed = progress.with_task(
        result.task_id, state=state, reason=reason, dropped=result.dropped, final=final, reused=result.reused, **more
    )
    keep(house, run.run_id, changed)
    tell_task(house, run, result.task_id, state, progress.of(result.task_id).attempt, reason)


def tell_task(house: House, run: Run, task_id: str, state: TaskState, attempt: int, reason: str = "") -> None:
    """The run's log hears where a task stands."""
    data = {"task": task_id, "state": state.value, "attempt": attempt, "reason": Redactor(house.secrets).mask(reason)}
    house.store.emit(run.run_id, "task", json.dumps(data))
