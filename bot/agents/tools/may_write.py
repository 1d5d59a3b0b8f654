"""The tool `may_write`: which files are the task's, and whose the others are."""

from pydantic import Field

from bot.agents.desk import Desk
from bot.agents.material import one_line
from bot.agents.tools.paths import inside
from bot.agents.tools.tool import Arguments, Tool, ToolFault
from bot.core.plans.model import Task
from bot.core.plans.territory import Territory

MOST_PATHS = 50
"""Asked about at once: more than one task changes."""

ANYWHERE = "You may write anywhere in the checkout."


class MayWriteArguments(Arguments):
    paths: list[str] = Field(
        default_factory=list, max_length=MOST_PATHS, description="None: everything you may write is listed."
    )


async def use(arguments: MayWriteArguments, desk: Desk) -> str:
    land = desk.territory
    if land is None:
        return ANYWHERE
    if arguments.paths:
        return "\n".join(_answer(inside(path), land) for path in arguments.paths)
    return _all(land)


def refuse_outside(desk: Desk, path: str) -> None:
    """Raises `ToolFault` with the reason when the agent may not write `path` (relative to the checkout)."""
    reason = desk.territory.why_not(path) if desk.territory is not None else ""
    if reason:
        raise ToolFault(
            f"you may not write {one_line(path)}: {one_line(reason, 500)} Nothing was changed. When the task cannot be"
            " done without it, call blocked and say so."
        )


def _answer(path: str, land: Territory) -> str:
    reason = land.why_not(path)
    return f"{one_line(path)}: {'no. ' + one_line(reason, 500) if reason else 'yes'}"


def _all(land: Territory) -> str:
    lines = [f"{_named(task)}, yours: {_patterns(task.owns) or 'everything within the scope'}" for task in land.tasks]
    if land.also:
        lines.append(f"in conflict, yours: {_patterns(sorted(land.also))}")
    lines.append(f"scope, no file outside of it: {_patterns(land.scope) or 'the whole checkout'}")
    lines += [f"{_named(task)}, not yours: {_patterns(task.owns) or 'no paths named'}" for task in land.others]
    lines.append(f"never: spec files, {_patterns(land.config.protected)}")
    return "\n".join(lines)


def _named(task: Task) -> str:
    return f"{task.task_id} {one_line(task.title, 80)}"


def _patterns(patterns: tuple[str, ...] | list[str]) -> str:
    return ", ".join(one_line(pattern) for pattern in patterns)


MAY_WRITE = Tool(
    "may_write", "Ask whether you may write these files, and whose they are.", MayWriteArguments, use, writes=False
)
