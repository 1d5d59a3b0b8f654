"""Which agent works on a task: its role follows from the task, so that everybody who looks for its work finds the same key."""

from bot.agents.roles import implementer, responder
from bot.core.feedback.work import REVIEW
from bot.ids import AgentKey, RunId, TaskId, agent_key


def role_name(task_id: TaskId) -> str:
    return responder.NAME if task_id == REVIEW else implementer.NAME


def task_agent(run_id: RunId, task_id: TaskId, attempt: int) -> AgentKey:
    return agent_key(run_id, role_name(task_id), task_id, attempt)
