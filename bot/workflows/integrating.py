"""Code, not an agent, puts the tasks' work together: one merge and one commit for each, in the order of the plan."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.core.feedback.work import is_answering
from bot.core.plans.graph import before
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress, TaskProgress, TaskState
from bot.core.ports import Authorship
from bot.core.runs import Run
from bot.ids import Sha, TaskId, TreeSha
from bot.reporting.commit_message import commit_message, noreply_address
from bot.reporting.happenings import CONFLICT, TASK, task_event
from bot.reporting.masking import Redactor
from bot.workflows.fixing import Collision, fix
from bot.workflows.here import carry, result_here
from bot.workflows.house import House, in_thread
from bot.workflows.locks import start_of
from bot.workflows.notes import Specs, TaskResult, Work, find, keep, need, result_name

CONFLICTS_TOLD = 10
"""Of a merge, in the run's log; the fixer is told all of them."""

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
    """Half a task among finished ones would only break them. Where there is nothing else, the proof shows what half of it is worth; of half an
    answer to people no proof shows anything."""
    return outcome.status is AgentStatus.FINISHED or not (plan.is_team or is_answering(plan))


async def _merge(house: House, run: Run, plan: Plan, progress: Progress, result: TaskResult) -> None:
    task, at, tree = plan.task(result.task_id), progress.of(result.task_id), result.tree
    if tree is None or at.start is None:
        return
    await in_thread(lambda: result_here(house, run, task, at, result))
    began = await in_thread(lambda: house.git.tree(run.repo, at.start or run.start_head))
    merged = await in_thread(lambda: house.git.merge(run.repo, began, progress.tree, tree))
    if not merged.conflicts:
        await in_thread(lambda: take_in(house, run, task, result, merged.tree))
        return
    met = _merged_since(plan, progress, at)
    summaries = await in_thread(lambda: _summaries(house, run, progress, (*met, task)))
    collision = Collision(task, met, began, progress.tree, tree, merged, summaries)
    await _resolve(house, run, progress, result, collision, at.attempt)


async def _resolve(
    house: House, run: Run, progress: Progress, result: TaskResult, collision: Collision, attempt: int
) -> None:
    """A conflict is the fixer's, one at a time. What it resolves is proven like everything else; what it cannot is said."""
    words = json.dumps(
        {"task": result.task_id, "conflicts": list(map(list, collision.merged.conflicts[:CONFLICTS_TOLD]))}
    )
    await in_thread(lambda: house.store.emit(run.run_id, CONFLICT, Redactor(house.secrets).mask_json(words)))
    fixed = await fix(house, run, collision, attempt)
    resolved = fixed.tree
    if resolved is None:
        await in_thread(lambda: _set(house, run, progress, result, TaskState.FAILED, fixed.reason))
        return
    with_both = replace(result, dropped=tuple(dict.fromkeys((*result.dropped, *fixed.dropped))))
    await in_thread(lambda: take_in(house, run, collision.task, with_both, resolved, fixed=True))


def _merged_since(plan: Plan, progress: Progress, at: TaskProgress) -> tuple[Task, ...]:
    """The tasks whose work may have come into the candidate since this one began: all merged ones that it did not wait for."""
    earlier = before(plan.tasks)[at.task_id]
    return tuple(
        task
        for task in plan.tasks
        if task.task_id not in (at.task_id, *earlier) and progress.of(task.task_id).commit is not None
    )


def _summaries(house: House, run: Run, progress: Progress, tasks: Iterable[Task]) -> dict[TaskId, str]:
    """What each task's agent said of its work."""
    found = {}
    for task in tasks:
        name = result_name(task.task_id, progress.of(task.task_id).attempt, run.segment)
        result = find(house, run.run_id, TaskResult, name)
        if result is not None and result.outcome is not None:
            found[task.task_id] = result.outcome.summary
    return found


def take_in(house: House, run: Run, task: Task, result: TaskResult, merged: TreeSha, *, fixed: bool = False) -> None:
    """The merged tree becomes the candidate."""
    progress, plan = need(house, run.run_id, Progress), need(house, run.run_id, Plan)
    outcome = result.outcome or AgentOutcome(AgentStatus.FINISHED, "", "", 0)
    state, reason = _state(outcome)
    if merged == progress.tree:
        _set(house, run, progress, result, state, reason)
        return
    onto = progress.head if plan.is_team else start_of(house, run.run_id)[0]
    commit = commit_of(house, run, task, outcome.summary, merged, onto)
    keep(house, run.run_id, Work(commit, merged, _put_back(progress, result)))
    house.store.update_run(run.run_id, candidate=commit)
    grown = replace(progress, head=commit, tree=merged)
    ever_fixed = fixed or progress.of(task.task_id).fixed
    _set(house, run, grown, result, state, reason, commit=commit, fixed=ever_fixed)


def _put_back(progress: Progress, result: TaskResult) -> tuple[str, ...]:
    """What was taken out of all tasks' work so far; of this one only what its newest agent did."""
    others = [line for task in progress.tasks if task.task_id != result.task_id for line in task.dropped]
    return tuple(dict.fromkeys((*others, *result.dropped)))


def commit_of(house: House, run: Run, task: Task, summary: str, tree: TreeSha, onto: Sha) -> Sha:
    """One commit for each task, in a line; what is mended later is a commit of its own. A plan of one task is one commit, mended or not, so it
    is always put onto the starting head.

    The commit's date is the run's, so that repeating this makes the very same commit.
    """
    specs = need(house, run.run_id, Specs)
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
    commit = house.git.commit(run.repo, tree, [onto], message, author)
    carry(house, run, commit, onto)
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
    waiting = halted.with_task(result.task_id, state=TaskState.WAITING)
    keep(house, run.run_id, waiting)
    tell_task(house, run, waiting, result.task_id)


def _set(
    house: House, run: Run, progress: Progress, result: TaskResult, state: TaskState, reason: str, **more: Any
) -> None:
    """Where the task stands now; `more` are further fields of `TaskProgress`."""
    final = result.outcome is not None and result.outcome.status in NO_OTHER_AGENT
    changed = progress.with_task(
        result.task_id, state=state, reason=reason, dropped=result.dropped, final=final, reused=result.reused, **more
    )
    keep(house, run.run_id, changed)
    tell_task(house, run, changed, result.task_id)


def tell_task(house: House, run: Run, progress: Progress, task_id: TaskId) -> None:
    """The run's log hears where a task stands. Said after it was stored: whoever hears it looks there."""
    house.store.emit(run.run_id, TASK, Redactor(house.secrets).mask_json(task_event(progress.of(task_id))))
