"""A plan as a picture: a Mermaid flowchart, which GitHub renders from a fenced block marked `mermaid` (GitHub Docs, "Creating diagrams").

Titles come from strangers and models, and Mermaid has directives, links and HTML in its labels. So a label holds letters, digits and a few harmless
marks; everything else is written as the number of its character, which Mermaid shows as that character and reads as nothing.
"""

from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress, TaskState
from bot.reporting.sanitize import one_line
from bot.reporting.words import TASK_STATES

LABEL_CHARS = 40
"""Of a title in a node: longer ones make the nodes so wide that the picture is shrunk until nobody can read it."""

ID_CHARS = 40
"""Of a task's id, as long as ids may be."""

_HARMLESS = frozenset(" ,:/'")
"""Marks that mean nothing to Mermaid inside a quoted label, and nothing to GitHub there."""

_INSIDE = frozenset(".-+")
"""Marks that are harmless inside a word, and a list to Mermaid where a line begins with them or with a number before them."""

_CLASSES = {
    TaskState.WAITING: "fill:#f6f8fa,stroke:#8c959f,color:#1f2328",
    TaskState.WORKING: "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
    TaskState.HANDED_IN: "fill:#ddf4ff,stroke:#0969da,color:#1f2328,stroke-dasharray:4",
    TaskState.MERGED: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    TaskState.BLOCKED: "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    TaskState.FAILED: "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    TaskState.HELD: "fill:#f6f8fa,stroke:#8c959f,color:#59636e,stroke-dasharray:4",
}
"""Each with its own text colour, so that it is read on a dark page too. The state stands in the label as a word: colours are only a help."""


def picture(plan: Plan, progress: Progress | None = None) -> str:
    """The plan's graph as a fenced block; "" for a plan that is no graph (one task or none)."""
    if not plan.is_team:
        return ""
    names = {task.task_id: f"n{number}" for number, task in enumerate(plan.tasks)}
    states = {task.task_id: task.state for task in progress.tasks} if progress is not None else {}
    lines = [f'  {names[task.task_id]}["{_label(task, states.get(task.task_id))}"]' for task in plan.tasks]
    for task in plan.tasks:
        lines += [f"  {names[other]} --> {names[task.task_id]}" for other in task.after if other in names]
    for state in TaskState:
        nodes = [names[name] for name, at in states.items() if at is state and name in names]
        if nodes:
            lines += [
                f"  classDef {state.name.lower()} {_CLASSES[state]}",
                f"  class {','.join(nodes)} {state.name.lower()}",
            ]
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```"])


def _label(task: Task, state: TaskState | None) -> str:
    shown = [_safe(task.task_id, ID_CHARS), _safe(task.title, LABEL_CHARS)]
    return "<br/>".join([*shown, *([TASK_STATES[state]] if state is not None else [])])


def _safe(text: str, limit: int) -> str:
    line = f" {one_line(text, limit)} "
    return "".join(
        char if _is_harmless(before, char, after) else f"#{ord(char)};"
        for before, char, after in zip(line, line[1:], line[2:], strict=False)
    )


def _is_harmless(before: str, char: str, after: str) -> bool:
    return char.isalnum() or char in _HARMLESS or (char in _INSIDE and before.isalnum() and after.isalnum())
