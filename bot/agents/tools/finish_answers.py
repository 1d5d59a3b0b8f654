"""The responder's `finish`: one answer to each point of the feedback."""

from typing import Literal

from pydantic import Field

from bot.agents.outcome import AgentStatus
from bot.agents.tools.tool import Arguments, Ending, HandedIn
from bot.core.codec import Format
from bot.core.feedback.model import Answer, Answering
from bot.core.feedback.waiting import MOST_POINTS
from bot.core.visible import visible


class AnswerArguments(Arguments):
    point: str = Field(pattern=r"^P-[1-9][0-9]?$", description="P-1, P-2, … as it was told.")
    what: Literal["changed", "declined", "question", "settled"] = Field(
        description="changed: the files do it now; declined: they stay, and the text says why; question: it cannot be decided without the "
        "person; settled: nothing is to change, and the person says so too."
    )
    text: str = Field(
        min_length=1,
        max_length=2_000,
        description="To the person, in one to four sentences: what was changed and how, why not, or what you have to know.",
    )


class FinishAnswersArguments(Arguments):
    summary: str = Field(
        min_length=1, max_length=4_000, description="What you changed and why, in a few sentences, for the commit."
    )
    answers: list[AnswerArguments] = Field(
        min_length=1, max_length=MOST_POINTS, description="Exactly one for each point."
    )


ANSWERS = Format(tuple[Answer, ...])
"""What the responder hands in, as stored in `AgentOutcome.handed_in`; its golden file is `tests/agents/golden/answers.v1.json`."""


def _hand_in(arguments: FinishAnswersArguments) -> HandedIn:
    """Of two answers to one point the later one counts."""
    answers = {one.point: Answer(one.point, Answering(one.what), visible(one.text)) for one in arguments.answers}
    return HandedIn(summary=visible(arguments.summary), value=ANSWERS.encode(tuple(answers.values())))


FINISH_ANSWERS = Ending(
    "finish",
    "Hand in the answers, and the files as they are now. Ends your task.",
    FinishAnswersArguments,
    AgentStatus.FINISHED,
    _hand_in,
)
