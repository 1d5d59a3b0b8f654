"""The reviewer: reads the change with a fresh context and reports what is wrong. It can change nothing."""

from dataclasses import dataclass

from bot.agents.material import material, one_line
from bot.agents.outcome import AgentOutcome
from bot.agents.prompts import render
from bot.agents.roles.role import Opening, Role
from bot.agents.roles.spec_text import shown_specs
from bot.agents.roles.verdicts import one_line_each
from bot.agents.tools.bash import bash
from bot.agents.tools.finish_review import FINDINGS, FINISH_REVIEW
from bot.agents.tools.list import LIST
from bot.agents.tools.read import READ
from bot.agents.tools.search import SEARCH
from bot.core.policy.model import ReviewConfig
from bot.core.proofs.model import Verification
from bot.core.reviews.model import ReviewFinding
from bot.core.specs.model import Spec

NAME = "reviewer"

DIFF_CHARACTERS = 60_000
"""Of the diff (about 15,000 tokens): reviewers get worse with more context, and the files are in the checkout."""


@dataclass(frozen=True, slots=True)
class ReviewerBriefing:
    """The spec slice, the diff and what was proven; nothing of the implementer's conversation, on purpose."""

    specs: tuple[Spec, ...]
    diff: str
    verification: Verification | None
    environment: str
    most: int = ReviewConfig().most


def reviewer() -> Role:
    return Role(NAME, (bash(writable=False), READ, FINISH_REVIEW), render("reviewer"))


def reader() -> Role:
    """A reviewer that only reads: nothing of the change is executed."""
    return Role(NAME, (LIST, SEARCH, READ, FINISH_REVIEW), render("reader"))


def reviewer_opening(briefing: ReviewerBriefing) -> Opening:
    verdicts = briefing.verification.verdicts if briefing.verification else ()
    return Opening(
        render(
            "reviewer_opening",
            specs=shown_specs(briefing.specs),
            most=briefing.most,
            verdicts=one_line_each(verdicts),
            environment=one_line(briefing.environment, 1_000),
            diff=material("diff", briefing.diff, DIFF_CHARACTERS),
        )
    )


def findings(outcome: AgentOutcome) -> tuple[ReviewFinding, ...]:
    """What the reviewer handed in; () when it did not finish."""
    return FINDINGS.decode(outcome.handed_in) if outcome.handed_in else ()
