"""The reviewer's `finish`: the findings, each on a line of the new side of the diff."""

from typing import Literal

from pydantic import Field

from bot.agents.outcome import AgentStatus
from bot.agents.tools.tool import Arguments, Ending, HandedIn
from bot.core.codec import Format
from bot.core.runs import ReviewFinding
from bot.core.visible import visible

MOST_FINDINGS = 20
"""More is noise to the person who reads it; the most serious ones are asked for."""


class FindingArguments(Arguments):
    path: str = Field(min_length=1, max_length=1_000, description="A changed file, relative to /ws.")
    line: int = Field(ge=1, description="A line of the new file that the diff shows.")
    severity: Literal["high", "medium", "low"]
    message: str = Field(
        min_length=1, max_length=2_000, description="What is wrong, when it shows, and why; plain words."
    )


class FinishReviewArguments(Arguments):
    summary: str = Field(min_length=1, max_length=4_000, description="The review in a few sentences.")
    findings: list[FindingArguments] = Field(
        default_factory=list, max_length=MOST_FINDINGS, description="Real problems only; none is a good answer."
    )


FINDINGS = Format(tuple[ReviewFinding, ...])
"""What the reviewer hands in, as stored in `AgentOutcome.handed_in`."""


def _hand_in(arguments: FinishReviewArguments) -> HandedIn:
    findings = tuple(
        ReviewFinding(visible(f.path).replace("\n", " ").removeprefix("/ws/"), f.line, f.severity, visible(f.message))
        for f in arguments.findings
    )
    return HandedIn(summary=visible(arguments.summary), value=FINDINGS.encode(findings))


FINISH_REVIEW = Ending(
    "finish", "Hand in the review. Ends your task.", FinishReviewArguments, AgentStatus.FINISHED, _hand_in
)
