"""What is said where a branch takes only commits that GitHub has signed."""

from collections.abc import Sequence

from bot.core.plans.model import Task

CANNOT_SIGN_WAY_OUT = "take the work from its branch, sign it and push it; or let somebody who may push there do so. `/specbot retry` proves it then"


def api_cannot_carry(reason: str) -> str:
    """Why proven work is not on the pull request's branch."""
    return f"{reason}, and this branch takes only signed commits: GitHub's API cannot make this one"


def may_not_be_carried(reason: str) -> str:
    """Asked before any money is spent."""
    return f"{reason}, and this branch takes only commits that GitHub signs, which hold plain files: work on it would not get here"


def task_lines(tasks: Sequence[Task]) -> str:
    """The tasks of a commit that holds several; "" for one, whose title the commit has."""
    return "\n".join(f"- {task.task_id}: {task.title}" for task in tasks) if len(tasks) > 1 else ""
