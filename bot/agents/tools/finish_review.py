"""The reviewer's `finish`: the findings, each on a line of the new side of the diff."""

from typing import Literal

from pydantic import Field

from bot.agents.outcome import AgentStatus
from bot.agents.tools.tool import Arguments, Ending, HandedIn
from bot.core.codec import Format
from bot.core.reviews.model import ReviewFinding
from bot.core.visible import visible

MOST_FINDINGS = 20
"""More is noise to the person who reads it; the most serious ones are asked for."""


class FindingArguments(Arguments):
    path: str = Field(min_length=1, max_length=1_000, description="A changed file, relative to /ws.")
    line: int = Field(ge=1, description="A line of the new file that the diff shows; the first one of several.")
    end_line: int | None = Field(default=None, ge=1, description="The last line, where it is about several.")
    severity: Literal["high", "medium", "low"]
    kind: Literal["behaviour", "spec", "proof", "hole"] = Field(
        default="behaviour", description="Which of the four things to look for it is."
    )
    message: str = Field(
        min_length=1, max_length=2_000, description="What is wrong, when it shows, and why; plain words."
    )
    suggestion: str | None = Field(
        default=None,
        max_length=5_000,
        description="For a small fix: the whole text, with its indentation, that replaces exactly these lines.",
    )
    reproduce: str = Field(
        default="",
        max_length=4_000,
        description="A shell command, run in /ws of a fresh checkout, that fails while the problem is there and passes without it.",
    )


class FinishReviewArguments(Arguments):
    summary: str = Field(min_length=1, max_length=4_000, description="The review in a few sentences.")
    findings: list[FindingArguments] = Field(
        default_factory=list, max_length=MOST_FINDINGS, description="Real problems only; none is a good answer."
    )


FINDINGS = Format(tuple[ReviewFinding, ...])
"""What the reviewer hands in, as stored in `AgentOutcome.handed_in`."""


def _hand_in(arguments: FinishReviewArguments) -> HandedIn:
    findings = tuple(_finding(one) for one in arguments.findings)
    return HandedIn(summary=visible(arguments.summary), value=FINDINGS.encode(findings))


def _finding(given: FindingArguments) -> ReviewFinding:
    """As the reviewer gave it; what nobody can see is taken out of words, and makes code worthless."""
    end_line = given.end_line or 0
    seen = given.suggestion is None or visible(given.suggestion) == given.suggestion
    return ReviewFinding(
        path=visible(given.path).replace("\n", " ").removeprefix("/ws/"),
        line=given.line,
        severity=given.severity,
        message=visible(given.message),
        end_line=end_line if end_line > given.line else 0,
        suggestion=given.suggestion if seen else None,
        reproduce=given.reproduce.strip() if visible(given.reproduce) == given.reproduce else "",
        kind=given.kind,
    )


FINISH_REVIEW = Ending(
    "finish", "Hand in the review. Ends your task.", FinishReviewArguments, AgentStatus.FINISHED, _hand_in
)
