"""The spec author's `finish`: the spec in parts, and what only a person can say."""

from pydantic import Field

from bot.agents.outcome import AgentStatus
from bot.agents.tools.tool import Arguments, Ending, HandedIn
from bot.core.codec import Format
from bot.core.orchestration.questions import MOST_CHOICES, MOST_QUESTIONS, Question
from bot.core.orchestration.spec_text import SpecDraft
from bot.core.visible import visible

MOST_BODY = 40_000
"""Characters of a spec, as much as roles are shown of one; a longer one is several."""

MOST_PATTERNS = 20
"""Of `scope` and of `keep`: more is a list of files, and not a scope."""


class QuestionArguments(Arguments):
    question: str = Field(
        min_length=1, max_length=300, description="One sentence that a person can answer by choosing."
    )
    choices: list[str] = Field(
        min_length=2,
        max_length=MOST_CHOICES,
        description="What can be chosen, each in a few words, without a letter in front.",
    )
    recommended: int = Field(
        ge=1, le=MOST_CHOICES, description="The number (from 1) of the choice that the spec is written for."
    )


class FinishSpecArguments(Arguments):
    title: str = Field(min_length=1, max_length=120, description="What will be so, in a few words.")
    body: str = Field(
        min_length=1,
        max_length=MOST_BODY,
        description="Markdown from `## Intent` on: no front matter and no title, which are made from the other fields.",
    )
    scope: list[str] = Field(
        default_factory=list, max_length=MOST_PATTERNS, description="gitignore patterns of what may be written for it."
    )
    keep: list[str] = Field(
        default_factory=list, max_length=MOST_PATTERNS, description="Commands that are green today and must stay so."
    )
    questions: list[QuestionArguments] = Field(
        default_factory=list, max_length=MOST_QUESTIONS, description="What only a person can decide; none is best."
    )
    summary: str = Field(min_length=1, max_length=2_000, description="What the spec says, in two or three sentences.")


SPEC_DRAFT = Format(SpecDraft)
"""What the spec author hands in, as stored in `AgentOutcome.handed_in`; its golden file is `tests/agents/golden/spec_draft.v1.json`."""


def _hand_in(arguments: FinishSpecArguments) -> HandedIn:
    draft = SpecDraft(
        title=_line(arguments.title),
        body=visible(arguments.body),
        scope=tuple(dict.fromkeys(_line(one).removeprefix("/ws/") for one in arguments.scope if one.strip())),
        keep=tuple(dict.fromkeys(visible(one).strip() for one in arguments.keep if one.strip())),
        questions=tuple(_question(one) for one in arguments.questions),
        summary=visible(arguments.summary),
    )
    return HandedIn(summary=draft.summary, value=SPEC_DRAFT.encode(draft))


def _question(asked: QuestionArguments) -> Question:
    choices = tuple(_line(choice)[:200] for choice in asked.choices)
    return Question(_line(asked.question), choices, min(asked.recommended, len(choices)) - 1)


def _line(text: str) -> str:
    return " ".join(visible(text).split())


FINISH_SPEC = Ending("finish", "Hand in the spec. Ends your task.", FinishSpecArguments, AgentStatus.FINISHED, _hand_in)
