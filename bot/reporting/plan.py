"""The plan in the sticky comment: what is to be done by whom, before code is written, and where each task stands while it is."""

from collections.abc import Iterator

from bot.core.feedback.work import is_answering
from bot.core.plans.model import Interface, Plan, Task
from bot.core.plans.progress import TaskProgress, TaskState
from bot.core.proofs.model import Verification
from bot.core.runs import RunReport
from bot.reporting.counting import count
from bot.reporting.headline import prose_label
from bot.reporting.limits import SCREEN_ROWS
from bot.reporting.picture import picture
from bot.reporting.sanitize import cell, cell_code, code, details, fence, inline, summary_html
from bot.reporting.tried import tried
from bot.reporting.words import TASK_STATES, short

INTERFACE_CHARS = 4_000
"""Of one interface's text: what agents agree on fits on two screens, and the rest stands on the run's page."""

OWNS_SHOWN = 6
"""Patterns named of one task before they are counted."""

REASON_CHARS = 300
"""Of the reason why a task is blocked or failed, and of one for the plan's shape: two lines."""


def plan_section(report: RunReport, *, live: bool) -> str:
    """Boxes, the graph, who owns what; "" when nothing was planned. `live`: the graph is open while the run goes on, folded afterwards.

    Boxes are ticked by evidence alone: every criterion that a task is to prove is done. What its agent reached is said beside it.
    """
    plan = report.plan
    if plan is None or not plan.tasks:
        return ""
    if is_answering(plan):
        return _answers(plan)
    if not plan.is_team:
        # Below a list, a list begins only under words of its own.
        parts = ["**The plan**" if tried(report) else "", _tasks(plan, report), _said(plan)]
    else:
        parts = [
            f"**The plan**: {_summary(plan, report)}",
            _tasks(plan, report),
            _said(plan),
            details("The graph", picture(plan, report.progress), opened=live),
            details("Who owns what", _owners(plan)),
            _interfaces(plan.interfaces),
        ]
    return "\n\n".join(part for part in parts if part)


def _answers(plan: Plan) -> str:
    """No box: criteria that hold as before say nothing of how far the answers are."""
    points = "; ".join(inline(task.instructions) for task in plan.tasks)
    return (
        f"One agent reads what people have asked for as a whole ({points[:1].lower()}{points[1:]}) and answers each of it: changed, "
        "left as it is with the reason, or asked back. What it changes is proven before it is pushed, and the replies follow the push."
    )


def _summary(plan: Plan, report: RunReport) -> str:
    tasks = count(len(plan.tasks), "task")
    if report.progress is None:
        return tasks
    names = {task.task_id for task in plan.tasks}
    states = [task.state for task in report.progress.tasks if task.task_id in names]
    told = [f"{states.count(state)} {TASK_STATES[state]}" for state in TaskState if state in states]
    return f"{tasks}: {', '.join(told)}"


def _tasks(plan: Plan, report: RunReport) -> str:
    lines = [_task(task, plan, report) for task in plan.tasks]
    shown = "\n".join(lines[:SCREEN_ROWS])
    if len(lines) > SCREEN_ROWS:
        rest = "\n".join(lines[SCREEN_ROWS:])
        shown += "\n\n" + details(f"{count(len(lines) - SCREEN_ROWS, 'more task')}", rest)
    return shown


def _task(task: Task, plan: Plan, report: RunReport) -> str:
    proves = ", ".join(prose_label(name, report) for name in task.proves)
    text = f"**{inline(task.task_id)}** {inline(task.title)}"
    told = "".join(f" · {part}" for part in _beside(task, plan, report))
    if not task.proves:
        return f"- {text} (no criterion proves it){told}"
    return f"- [{'x' if _shown(task, report.verification) else ' '}] {text} ({proves}){told}"


def _beside(task: Task, plan: Plan, report: RunReport) -> Iterator[str]:
    """What stands behind a task of a team."""
    if not plan.is_team:
        return
    if task.after:
        yield f"after {', '.join(inline(name) for name in task.after)}"
    known = report.progress.tasks if report.progress is not None else ()
    at = next((one for one in known if one.task_id == task.task_id), None)
    if at is not None:
        yield from _state(at)


def _state(at: TaskProgress) -> Iterator[str]:
    commit = f" as `{short(at.commit)}`" if at.commit and at.state is TaskState.MERGED else ""
    again = f" (agent {at.attempt})" if at.attempt > 1 and at.state is TaskState.WORKING else ""
    yield f"*{TASK_STATES[at.state]}*{commit}{again}"
    if at.reason and at.state in (TaskState.BLOCKED, TaskState.FAILED, TaskState.HELD):
        yield inline(at.reason, REASON_CHARS)
    if at.reused:
        yield f"taken over from {code(at.reused)}"
    if at.fixed:
        yield "a conflict was resolved"


def _shown(task: Task, verification: Verification | None) -> bool:
    if verification is None:
        return False
    done = {v.name for v in verification.verdicts if v.verdict.done}
    return set(task.proves) <= done


def _said(plan: Plan) -> str:
    """Why the plan has this shape."""
    return "\n".join(f"*{inline(sentence, REASON_CHARS)}*" for sentence in plan.reasons)


def _owners(plan: Plan) -> str:
    rows = [f"| **{cell(task.task_id)}** | {_owns(task)} | {_uses(task)} |" for task in plan.tasks]
    return "\n".join(["| task | owns | agreed on |", "| --- | --- | --- |", *rows])


def _owns(task: Task) -> str:
    if not task.owns:
        return "everything in scope"
    more = len(task.owns) - OWNS_SHOWN
    shown = ", ".join(cell_code(pattern) for pattern in task.owns[:OWNS_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _uses(task: Task) -> str:
    return ", ".join(cell_code(name) for name in task.interfaces[:OWNS_SHOWN])


def _interfaces(interfaces: tuple[Interface, ...]) -> str:
    if not interfaces:
        return ""
    title = f"{count(len(interfaces), 'interface')} agreed on before the work: " + ", ".join(
        summary_html(interface.name) for interface in interfaces[:OWNS_SHOWN]
    )
    body = "\n\n".join(
        f"**{inline(interface.name)}**\n\n{fence(interface.text[:INTERFACE_CHARS])}" for interface in interfaces
    )
    return details(title, body)
