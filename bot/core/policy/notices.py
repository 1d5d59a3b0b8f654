"""Whether the end of a run is worth a notification. Editing a comment notifies nobody, so a run that waits for a person may wait unseen. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.pulls import Permission, Person
from bot.core.runs import RunState

MOMENT_SECONDS = 120.0
"""Ours: who has pushed or commanded something looks for what comes of it for about so long; what came of it later, nobody has seen."""


class NoticePolicy(StrEnum):
    """WAITING: one comment that mentions whoever is behind the run, when only a person can go on. NEVER: none."""

    WAITING = "waiting"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a segment ended. `agents`: an agent was at work in it. `seconds` is how long ago it was asked for."""

    state: RunState
    agents: bool
    seconds: float


def is_news(policy: NoticePolicy, ending: Ending) -> bool:
    """Only what stands still until a person does something, and never what that person's own word has just led to while they looked."""
    if policy is NoticePolicy.NEVER or ending.state not in (RunState.WAITING, RunState.FAILED):
        return False
    return ending.agents or ending.seconds > MOMENT_SECONDS


def may_be_mentioned(person: Person, permission: Permission) -> bool:
    """Whoever cannot do anything about it is left alone: a stranger behind a fork, a bot, an account without a number."""
    return not person.is_bot and bool(person.user_id) and permission.at_least(Permission.WRITE)
