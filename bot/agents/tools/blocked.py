"""The tool `blocked`: say honestly that the task cannot be done from here, and what is missing."""

from pydantic import Field

from bot.agents.outcome import AgentStatus
from bot.agents.tools.tool import Arguments, Ending, HandedIn
from bot.core.visible import visible


class BlockedArguments(Arguments):
    reason: str = Field(
        min_length=1,
        max_length=4_000,
        description="What stands in the way, and what a person would have to decide or change.",
    )


def _hand_in(arguments: BlockedArguments) -> HandedIn:
    return HandedIn(reason=visible(arguments.reason))


BLOCKED = Ending(
    "blocked",
    "Give the task back because it cannot be done within the rules (contradiction, missing file or permission). Ends your task.",
    BlockedArguments,
    AgentStatus.BLOCKED,
    _hand_in,
)
