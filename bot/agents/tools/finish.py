"""The tool `finish`: hand in the work. A claim; what it is worth is shown by the proof."""

from pydantic import Field

from bot.agents.outcome import AgentStatus
from bot.agents.tools.tool import Arguments, Ending, HandedIn
from bot.core.visible import visible


class FinishArguments(Arguments):
    summary: str = Field(
        min_length=1,
        max_length=4_000,
        description="What you changed and why, in a few sentences, and honestly what you could not do.",
    )


def _hand_in(arguments: FinishArguments) -> HandedIn:
    return HandedIn(summary=visible(arguments.summary))


FINISH = Ending(
    "finish",
    "Hand in the work: the files as they are now. Ends your task.",
    FinishArguments,
    AgentStatus.FINISHED,
    _hand_in,
)
