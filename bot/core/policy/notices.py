"""Whether the end of a run is worth a notification. Editing a comment notifies nobody, so a run that waits for a person may wait unseen. Pure."""

from dataclasses import dataclass

from bot.core.policy.model import NoticePolicy
from bot.core.pulls import Permission, Person
from bot.core.runs import RunState


@dataclass(frozen=True, slots=True)
class Ending:
    """How a segment ended. `agents`: an agent was at work in it."""

    state: RunState
    agents: bool


def is_news(policy: NoticePolicy, ending: Ending) -> bool:
    """Only what stands still until a person does something. Without an agent's work it is what a push or a command has just led to, as with any CI:
    whoever pushes ten times wants ten checks, and no ten comments."""
    return policy is not NoticePolicy.NEVER and ending.agents and ending.state in (RunState.WAITING, RunState.FAILED)


def may_be_mentioned(person: Person, permission: Permission) -> bool:
    """Whoever cannot do anything about it is left alone: a stranger behind a fork, a bot, an account without a number."""
    return not person.is_bot and bool(person.user_id) and permission.at_least(Permission.WRITE)
