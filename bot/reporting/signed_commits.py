"""What is said where a branch takes only commits that GitHub has signed."""

from collections.abc import Sequence

from bot.core.plans.model import Task
from bot.reporting.sanitize import code, inline

CANNOT_SIGN_WAY_OUT = "take the work from its branch, sign it and push it; or let somebody who may push there do so. `/specbot retry` proves it then"

CONTRADICTION_HINT = "set `commits: auto` in `.github/specbot.yml`"
API_CANNOT_CARRY_HINT = "a person who can sign may push it; or make it a plain file, and try again"


def api_cannot_carry(reason: str) -> str:
    """Why proven work is not on the pull request's branch."""
    return f"{reason}, and this branch takes only signed commits: GitHub's API cannot make this one"


def made_otherwise(commit: str) -> str:
    return f"GitHub made {commit[:12]} with other files than were asked for"


def forks_are_unsigned(branch: str, author: str) -> str:
    """Why a fork's commits cannot come to a branch of the base repository."""
    return f"{code(branch)} takes only signed commits, and {inline(author)}'s are taken as they are: not all of them are signed"


def forks_way_out(author: str) -> str:
    return f"{inline(author)} may sign them and push again; or let a branch like this one take unsigned commits"


def forks_may_be_unsigned(base: str, author: str) -> str:
    """Said where a fork's commits are carried on towards a branch that will not take them unsigned."""
    return f"{code(base)} takes only signed commits. Specbot's are signed; what {inline(author)} committed is taken as it is, and cannot be signed by anybody else: GitHub merges this only if all of it is signed."


def may_not_be_carried(reason: str) -> str:
    """Asked before any money is spent."""
    return f"{reason}, and this branch takes only commits that GitHub signs, which hold plain files: work on it would not get here"


def task_lines(tasks: Sequence[Task]) -> str:
    """The tasks of a commit that holds several; "" for one, whose title the commit has."""
    return "\n".join(f"- {task.task_id}: {task.title}" for task in tasks) if len(tasks) > 1 else ""
