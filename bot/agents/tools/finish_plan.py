"""The planner's `finish`: the plan, each task with what it owns, proves and waits for."""

from typing import Literal

from pydantic import Field

from bot.agents.outcome import AgentStatus
from bot.agents.tools.tool import Arguments, Ending, HandedIn
from bot.core.codec import Format
from bot.core.plans.checks import MOST_TASKS
from bot.core.plans.draft import PlanDraft, Size
from bot.core.plans.model import Interface, Task
from bot.core.visible import visible
from bot.ids import CriterionName, TaskId

MOST_PATTERNS = 20
"""Of one task. A task that owns more places is several tasks, or owns a folder."""

MOST_INTERFACES = 12
"""As many as tasks: more contracts than parts are a design, and belong into the spec."""


class TaskArguments(Arguments):
    id: str = Field(pattern=r"^T-[1-9][0-9]?$", description="T-1, T-2, …")
    title: str = Field(min_length=1, max_length=120, description="What is done, in a few words.")
    instructions: str = Field(
        min_length=1,
        max_length=6_000,
        description="What its agent has to know: where to look, what to change, what to leave alone.",
    )
    owns: list[str] = Field(
        default_factory=list,
        max_length=MOST_PATTERNS,
        description="gitignore patterns from the root of the files it may write; empty only when the plan is one task.",
    )
    proves: list[str] = Field(
        default_factory=list, max_length=60, description="Names of the criteria that hold when it is done."
    )
    after: list[str] = Field(
        default_factory=list, max_length=MOST_TASKS, description="Ids of the tasks it needs done before."
    )
    interfaces: list[str] = Field(
        default_factory=list, max_length=MOST_INTERFACES, description="Names of the interfaces that it keeps or uses."
    )
    size: Literal["small", "medium", "large"] = Field(
        default="medium", description="How much work it is beside the others."
    )


class InterfaceArguments(Arguments):
    name: str = Field(min_length=1, max_length=80)
    text: str = Field(
        min_length=1,
        max_length=4_000,
        description="Written out: signatures, formats, names, and what happens on errors.",
    )


class FinishPlanArguments(Arguments):
    summary: str = Field(min_length=1, max_length=2_000, description="The plan in a few sentences.")
    tasks: list[TaskArguments] = Field(min_length=1, max_length=MOST_TASKS)
    interfaces: list[InterfaceArguments] = Field(
        default_factory=list, max_length=MOST_INTERFACES, description="What tasks of different agents rely on."
    )
    risks: list[str] = Field(default_factory=list, max_length=6, description="What may go wrong; one sentence each.")


PLAN_DRAFT = Format(PlanDraft)
"""What the planner hands in, as stored in `AgentOutcome.handed_in`; its golden file is `tests/agents/golden/plan_draft.v1.json`."""


def _hand_in(arguments: FinishPlanArguments) -> HandedIn:
    draft = PlanDraft(
        tasks=tuple(_task(task) for task in arguments.tasks),
        sizes=tuple(Size(task.size) for task in arguments.tasks),
        interfaces=tuple(Interface(_line(one.name), visible(one.text)) for one in arguments.interfaces),
        risks=tuple(_line(risk)[:300] for risk in arguments.risks if risk.strip()),
    )
    return HandedIn(summary=visible(arguments.summary), value=PLAN_DRAFT.encode(draft))


def _task(task: TaskArguments) -> Task:
    return Task(
        task_id=TaskId(task.id),
        title=_line(task.title),
        instructions=visible(task.instructions),
        owns=tuple(dict.fromkeys(_line(pattern).removeprefix("/ws/") for pattern in task.owns if pattern.strip())),
        proves=tuple(dict.fromkeys(CriterionName(_line(name)) for name in task.proves)),
        after=tuple(dict.fromkeys(TaskId(_line(name)) for name in task.after)),
        interfaces=tuple(dict.fromkeys(_line(name) for name in task.interfaces)),
    )


def _line(text: str) -> str:
    return " ".join(visible(text).split())


FINISH_PLAN = Ending("finish", "Hand in the plan. Ends your task.", FinishPlanArguments, AgentStatus.FINISHED, _hand_in)
