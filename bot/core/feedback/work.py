"""Feedback as the one task of a run. Pure."""

from collections.abc import Sequence

from bot.core.feedback.model import Feedback
from bot.core.plans.model import Plan, Task
from bot.core.specs.model import Spec
from bot.ids import TaskId

REVIEW = TaskId("REVIEW")
"""The id of the task that answers people. It is part of the agent's key and of stored plans, so it never changes; no planner's task has it."""


def answering_plan(specs: Sequence[Spec], feedback: Feedback) -> Plan:
    """One task for one agent, who must leave no criterion worse."""
    count = len(feedback.points)
    task = Task(
        task_id=REVIEW,
        title="Answer the review",
        instructions=f"{count} points" if count > 1 else "One point",
        owns=(),
        proves=tuple(criterion.name for spec in specs for criterion in spec.criteria),
    )
    return Plan((task,), ("People have asked for something: one agent answers all of it.",))


def is_answering(plan: Plan) -> bool:
    """Whether the plan is to answer people, and not to implement a spec."""
    return any(task.task_id == REVIEW for task in plan.tasks)
