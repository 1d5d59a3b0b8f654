"""What agents have tried, for a person who is to decide what is wrong."""

from bot.core.plans.progress import TaskProgress, TaskState
from bot.core.runs import RunReport
from bot.reporting.counting import count
from bot.reporting.sanitize import inline
from bot.reporting.words import task_name

TASKS_SHOWN = 6
"""Ours: a person looks at a few tasks that did not work out; the rest is on the run's page."""

REASON_CHARS = 300
"""Ours: of an agent's own words about why it stopped."""


def tried(report: RunReport) -> str:
    """One line for each task that took more than one agent or did not get done, "" when all went well or nothing is known."""
    done = report.verification is not None and report.verification.done
    if report.progress is None or done or report.run.state.live:
        return ""
    lines = [_line(task) for task in report.progress.tasks if task.attempt > 1 or _undone(task)]
    if not lines:
        return ""
    shown = lines[:TASKS_SHOWN]
    if len(lines) > len(shown):
        shown.append(f"- … and {count(len(lines) - len(shown), 'more task')}")
    return "\n".join(["**What was tried**", "", *shown])


def _undone(task: TaskProgress) -> bool:
    return task.state in (TaskState.BLOCKED, TaskState.FAILED, TaskState.HELD)


def _line(task: TaskProgress) -> str:
    parts = [_agents(task.attempt) if task.attempt > 1 else "", _ending(task)]
    return f"- **{inline(task_name(task.task_id))}**: {'; '.join(part for part in parts if part)}."


def _agents(attempt: int) -> str:
    """The ladder of repairs (`core/plans/repair.py`)."""
    second = "one agent, and again with the output of what failed"
    return second if attempt == 2 else f"{second}, then {count(attempt - 2, 'fresh agent')} with a clean context"


def _ending(task: TaskProgress) -> str:
    reason = inline(task.reason, REASON_CHARS).rstrip(".")
    match task.state:
        case TaskState.BLOCKED:
            return f"blocked: {reason}"
        case TaskState.FAILED:
            return f"not done: {reason}"
        case TaskState.HELD:
            return f"never started: {reason}"
        case _:
            return ""
