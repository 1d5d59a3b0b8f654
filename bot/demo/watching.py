"""What the terminal shows while a run goes on: one line a step, and one for each turn of an agent and each change of a task.

Several agents work at once, so each of their lines begins with the task, in the task's own colour.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.core.plans.progress import TaskState
from bot.core.visible import visible
from bot.demo.act import Result, Told
from bot.reporting.words import short

SHOWN = 100
"""Characters of a tool call, a pause or a reason on its line: what a wide terminal shows. A narrower one cuts the line at its edge."""

BOOKKEEPING = ("wait ", "take up the plan", "schedule ", "task ", "show ", "integrate ")
"""Steps that only keep order, by how their names begin: what they did shows in the tasks' own lines, and a run that does wait ends with that."""

FIRST_ARGUMENT = re.compile(r'"\w+":\s*"((?:[^"\\]|\\.)*)')
"""The beginning of a call whose arguments were too long for an event and end in the middle."""

TASK_WIDTH = 5
"""Columns of a task's id in front of a line: `T-10` and a blank."""

ROLE_WIDTH = 12
"""Columns of the role: `implementer` is the longest that is common."""

TASK_COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "bright_red", "bright_cyan", "bright_magenta")
"""One for each task in the order in which they are heard of, then again from the first: readable on light and on dark grounds."""

STATE_COLOURS: Mapping[str, str] = {
    TaskState.MERGED: "green",
    TaskState.FAILED: "red",
    TaskState.BLOCKED: "yellow",
    TaskState.HELD: "yellow",
}
"""How it went, where that is more than that it goes on."""


class Watch:
    """Prints what it is told, with the time since the first event."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began: datetime | None = None
        self._colours: dict[str, str] = {}

    def tell(self, told: Told) -> None:
        line = self._line(told)
        if line is not None:
            self._began = self._began or told.at
            seconds = (told.at - self._began).total_seconds()
            text = Text.assemble((f"{seconds:6.1f}s  ", "dim"), line)
            # One line stays one line: side by side, wrapped ones cannot be told apart. A file has no edge to cut at.
            if self._console.is_terminal:
                self._console.print(text, no_wrap=True, overflow="ellipsis")
            else:
                self._console.print(text, soft_wrap=True)

    def _line(self, told: Told) -> Text | None:
        match told.kind:
            case "step.started":
                return None if told.data.startswith(BOOKKEEPING) else Text(_short(told.data), "bold")
            case "agent.turn":
                return self._turn(json.loads(told.data))
            case "task":
                return self._task(json.loads(told.data))
            case "pause" | "said":
                return Text(f"  {_short(told.data)}", "yellow" if told.kind == "pause" else "bold")
            case "ended":
                return Text(f"ended: {_short(told.data)}", "bold")
        return None

    def _turn(self, data: Mapping[str, Any]) -> Text:
        """The reviewer's task is the whole candidate and has no number: nothing stands in front of it."""
        _, role, task, *_ = str(data["agent"]).split("/")
        said = ", ".join(_call(call) for call in data["calls"]) or str(data["text"])
        name = self._name(task) if any(map(str.isdigit, task)) else Text(" " * (TASK_WIDTH + 3))
        return Text.assemble(name, (f"{_short(role):{ROLE_WIDTH}} ", "cyan"), (_short(said), "dim"))

    def _task(self, data: Mapping[str, Any]) -> Text | None:
        """A change of a task's state; that it waits is no news."""
        state = str(data["state"])
        if state == TaskState.WAITING:
            return None
        again = f", attempt {data['attempt']}" if state == TaskState.WORKING and data["attempt"] > 1 else ""
        reason = f": {_short(str(data['reason']))}" if data["reason"] else ""
        return Text.assemble(self._name(str(data["task"])), (f"{state}{again}{reason}", STATE_COLOURS.get(state, "")))

    def _name(self, task: str) -> Text:
        """The task's id in its colour, padded so that what follows stands in a column."""
        colour = self._colours.setdefault(task, TASK_COLOURS[len(self._colours) % len(TASK_COLOURS)])
        return Text.assemble("  ", (f"{_short(task):{TASK_WIDTH}}", f"bold {colour}"), " ")


def tasks_table(result: Result) -> Table:
    """Each task of the plan with where it ended and the commit that its work became."""
    titles = {task.task_id: task.title for task in result.plan.tasks} if result.plan else {}
    table = Table(box=None, header_style="dim", pad_edge=False)
    for heading, width in (("task", 4), ("state", 9), ("agents", 6), ("commit", 7), ("title", 10)):
        # What is short keeps its width; a narrow terminal cuts the titles.
        table.add_column(heading, justify="right" if heading == "agents" else "left", no_wrap=True, min_width=width)
    for task in result.tasks:
        table.add_row(
            Text(_short(task.task_id), "bold"),
            Text(task.state.value, STATE_COLOURS.get(task.state, "")),
            str(task.attempt),
            short(task.commit) if task.commit else "-",
            Text(_short(titles.get(task.task_id, ""))),
        )
    return table


def _call(call: Mapping[str, str]) -> str:
    """The tool and the first of its arguments: a path, a script, a summary."""
    try:
        arguments = json.loads(call["arguments"])
    except ValueError:
        begun = FIRST_ARGUMENT.search(call["arguments"])
        arguments = {"": begun[1]} if begun else {}
    said = next((str(value) for value in arguments.values()), "") if isinstance(arguments, dict) else ""
    return f"{call['name']} {' '.join(said.split())}"


def _short(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= SHOWN else f"{shown[: SHOWN - 1]}…"
