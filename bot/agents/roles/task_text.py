"""Pieces of a task as the roles that write are told it: the criteria, the bounds, the task. All of it is material."""

from bot.agents.material import material, one_line
from bot.agents.roles.spec_text import SPEC_CHARACTERS
from bot.core.plans.model import Task
from bot.core.specs.model import Criterion, ProofKind, Spec


def shown_criterion(criterion: Criterion) -> str:
    keep = " (keep)" if criterion.kind is ProofKind.KEEP else ""
    commands = "\n".join(f"command:\n{command.script.strip()}" for command in criterion.commands) or "command: none"
    return material(f"criterion {criterion.name}{keep}", f"{criterion.text.strip()}\n{commands}", SPEC_CHARACTERS)


def shown_keep(spec: Spec) -> str:
    return material(
        f"keep {spec.path}", "\n".join(f"command:\n{command.script.strip()}" for command in spec.keep), SPEC_CHARACTERS
    )


def shown_constraints(specs: tuple[Spec, ...]) -> str:
    lines = [f"- {' '.join(constraint.split())}" for spec in specs for constraint in spec.constraints]
    return material("constraints", "\n".join(lines), SPEC_CHARACTERS) if lines else ""


def shown_task(task: Task) -> str:
    proves = f"\nproves: {', '.join(task.proves)}" if task.proves else ""
    keeps_to = f"\nkeeps to the interfaces: {', '.join(task.interfaces)}" if task.interfaces else ""
    return material(f"task {task.task_id}", f"{task.title}\n\n{task.instructions}{proves}{keeps_to}", SPEC_CHARACTERS)


def foreign_patterns(patterns: tuple[str, ...]) -> str:
    """Patterns from a spec: whoever opened the pull request wrote them."""
    return (
        material("patterns", "\n".join(one_line(pattern) for pattern in patterns), SPEC_CHARACTERS) if patterns else ""
    )


def own_patterns(patterns: tuple[str, ...]) -> str:
    """Patterns of ours and of the repository's configuration."""
    return ", ".join(f"`{one_line(pattern).replace('`', '')}`" for pattern in patterns)
