"""What the terminal shows of several agents at once."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import TaskProgress, TaskState
from bot.core.runs import Spent
from bot.demo.act import Result, Told
from bot.demo.watching import Watch, tasks_table
from bot.ids import Sha, TaskId

START = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


class Screen:
    """A terminal of 60 columns, or a file."""

    def __init__(self, *, terminal: bool = False) -> None:
        self._out = io.StringIO()
        self._console = Console(
            file=self._out, width=60, force_terminal=terminal, color_system="standard" if terminal else None
        )
        self._watch = Watch(self._console)

    def tell(self, seconds: float, kind: str, data: str) -> str:
        """What is printed for one event."""
        before = len(self._out.getvalue())
        self._watch.tell(Told(START + timedelta(seconds=seconds), kind, data))
        return self._out.getvalue()[before:]

    def turn(self, agent: str, *calls: tuple[str, str], text: str = "") -> str:
        said = [{"name": name, "arguments": arguments} for name, arguments in calls]
        return self.tell(1, "agent.turn", json.dumps({"agent": agent, "calls": said, "text": text}))

    def task(self, task: str, state: TaskState, attempt: int = 1, reason: str = "") -> str:
        return self.tell(
            1, "task", json.dumps({"task": task, "state": state.value, "attempt": attempt, "reason": reason})
        )


def test_each_line_names_the_task_and_the_role() -> None:
    screen = Screen()
    assert screen.tell(0, "step.started", "implement") == "   0.0s  implement\n"
    assert screen.turn("run/implementer/T-3/1", ("bash", '{"script": "cat a.py"}')) == (
        "   1.0s    T-3   implementer  bash cat a.py\n"
    )
    assert screen.turn("run/fixer/T-12/1", text="I look at both.") == "   1.0s    T-12  fixer        I look at both.\n"


def test_the_reviewer_works_at_no_task() -> None:
    assert Screen().turn("run/reviewer/candidate/1", ("finish", '{"summary": "Fine."}')) == (
        "   0.0s          reviewer     finish Fine.\n"
    )


def test_changes_of_a_task_are_lines_of_their_own() -> None:
    screen = Screen()
    assert screen.task("T-1", TaskState.WAITING) == ""
    assert screen.task("T-1", TaskState.WORKING).endswith("T-1   working\n")
    assert screen.task("T-1", TaskState.WORKING, attempt=2).endswith("T-1   working, attempt 2\n")
    assert screen.task("T-1", TaskState.BLOCKED, reason="no map").endswith("T-1   blocked: no map\n")


@pytest.mark.parametrize(
    "step", ["wait for approval", "take up the plan", "schedule 1.2", "task T-1", "show 1.1", "integrate 2.1"]
)
def test_bookkeeping_is_left_out(step: str) -> None:
    assert Screen().tell(0, "step.started", step) == ""


def test_a_long_call_still_names_its_file() -> None:
    cut = json.dumps({"path": "weatherlog/table.py", "content": "x" * 3_000})[:2_000]
    assert Screen().turn("run/implementer/T-6/1", ("create", cut)).endswith("create weatherlog/table.py\n")
    assert Screen().turn("run/implementer/T-6/1", ("create", "{")).endswith("create \n")


def test_a_terminal_cuts_a_line_where_a_file_keeps_it() -> None:
    call = ("bash", json.dumps({"script": "echo " + "word " * 15}))
    assert len(Screen().turn("run/implementer/T-1/1", call).rstrip("\n")) > 60
    shown = Screen(terminal=True).turn("run/implementer/T-1/1", call)
    assert shown.count("\n") == 1
    assert "…" in shown


def test_each_task_has_a_colour_that_it_keeps() -> None:
    screen = Screen(terminal=True)
    first, second, again = (screen.task(name, TaskState.WORKING) for name in ("T-1", "T-2", "T-1"))
    assert first.partition("s  ")[2] == again.partition("s  ")[2]
    assert first.replace("T-1", "T-2") != second


def test_nothing_that_was_said_is_taken_for_markup() -> None:
    assert "[bold]x[/bold]" in Screen().turn("run/implementer/T-1/1", ("bash", '{"script": "[bold]x[/bold]"}'))


def test_the_table_has_each_task_with_its_commit() -> None:
    plan = Plan(tuple(Task(TaskId(name), f"Title of {name}", "", (), ()) for name in ("T-1", "T-2")))
    tasks = (
        TaskProgress(TaskId("T-1"), TaskState.MERGED, 1, commit=Sha("a" * 40)),
        TaskProgress(TaskId("T-2"), TaskState.HELD, 0, reason="it waits for T-1"),
    )
    out = io.StringIO()
    result = Result("http://x", "b" * 40, {}, (), None, Spent(), 1.0, "m", plan, tasks)
    Console(file=out, width=80).print(tasks_table(result))
    assert [line.split() for line in out.getvalue().splitlines()] == [
        ["task", "state", "agents", "commit", "title"],
        ["T-1", "merged", "1", "aaaaaaa", "Title", "of", "T-1"],
        ["T-2", "held", "0", "-", "Title", "of", "T-2"],
    ]
    assert json.loads(result.as_json())["tasks"]["T-2"] == {
        "state": "held",
        "attempt": 0,
        "commit": None,
        "reason": "it waits for T-1",
    }
