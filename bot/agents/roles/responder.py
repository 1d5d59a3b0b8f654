"""The responder: answers what people say about a pull request's code, point by point, and changes what is to be changed."""

from dataclasses import dataclass

from bot.agents.material import material, one_line, without_comments
from bot.agents.outcome import AgentOutcome
from bot.agents.prompts import render
from bot.agents.roles.implementer import ImplementerBriefing
from bot.agents.roles.repository_ways import nested_ways, root_ways
from bot.agents.roles.role import Opening, Role
from bot.agents.roles.spec_text import shown_specs
from bot.agents.roles.task_text import (
    foreign_patterns,
    own_patterns,
    shown_constraints,
    shown_criterion,
    shown_keep,
)
from bot.agents.roles.verdicts import one_line_each
from bot.agents.tools.bash import bash
from bot.agents.tools.blocked import BLOCKED
from bot.agents.tools.create import CREATE
from bot.agents.tools.edit import EDIT
from bot.agents.tools.finish_answers import ANSWERS, FINISH_ANSWERS
from bot.agents.tools.may_write import MAY_WRITE
from bot.agents.tools.read import READ
from bot.core.feedback.model import Answer, Feedback, Place, Point
from bot.core.proofs.model import Verification

NAME = "responder"

DIFF_CHARACTERS = 40_000
"""Of the pull request's change (about 10,000 tokens): the points bring the lines they are about, and the files are in the checkout."""

POINT_CHARACTERS = 12_000
"""Of one thread with its piece of the diff (about 3,000 tokens): longer ones are discussions, whose end counts."""

HUNK_LINES = 20
"""Of the diff above a thread, the last ones: GitHub's own page shows four."""


@dataclass(frozen=True, slots=True)
class ResponderBriefing:
    """Everything a responder is told: what an implementer of the same specs is (its task and plan are not shown), the change so far, what holds
    of it, and the feedback."""

    work: ImplementerBriefing
    diff: str
    verification: Verification | None
    feedback: Feedback


def responder() -> Role:
    """The role; the same bytes in every run, so that providers' prompt caches serve them."""
    tools = (bash(writable=True), READ, EDIT, CREATE, MAY_WRITE, FINISH_ANSWERS, BLOCKED)
    return Role(NAME, tools, render("responder"))


def responder_opening(briefing: ResponderBriefing) -> Opening:
    """The first user message: what stays the same within a pull request first, the points last."""
    work = briefing.work
    keeps = [shown_keep(spec) for spec in work.specs if spec.keep]
    verdicts = briefing.verification.verdicts if briefing.verification else ()
    return Opening(
        render(
            "responder_opening",
            agents_md=root_ways(work.ways.root),
            specs=shown_specs(work.specs),
            criteria=[shown_criterion(c) for c in work.criteria] + keeps,
            verdicts=one_line_each(verdicts),
            scope=foreign_patterns(work.scope),
            protected=own_patterns(work.protected),
            trusted=own_patterns(work.trusted),
            contracts=own_patterns(work.contracts),
            constraints=shown_constraints(work.specs),
            environment=one_line(work.environment, 1_000),
            diff=material("diff", briefing.diff, DIFF_CHARACTERS),
            nested_md=nested_ways(work.ways),
            points=[shown_point(point) for point in briefing.feedback.points],
            names=", ".join(point.name for point in briefing.feedback.points),
        )
    )


def shown_point(point: Point) -> str:
    """One point as material: where it is, the code it is about, and who said what."""
    said = "\n\n".join(
        f"{one.voice.value} ({one_line(one.login)}):\n{without_comments(one.body)}" for one in point.said
    )
    hunk = "\n".join(point.hunk.split("\n")[-HUNK_LINES:])
    about = f"the change it is about:\n{hunk}\n\n" if hunk.strip() else ""
    return material(f"point {point.name}, {_place(point)}", f"{about}{said}", POINT_CHARACTERS)


def _place(point: Point) -> str:
    if point.place is Place.REVIEW:
        return "the review's own words"
    if point.place is Place.COMMENT:
        return "a comment in the conversation"
    where = (
        f"{point.path}:{point.line}" if point.line else f"{point.path} (the line is not there any more, or all of it)"
    )
    return f"a thread on {where}"


def answers(outcome: AgentOutcome) -> tuple[Answer, ...]:
    """What a responder handed in; () when it did not finish."""
    return ANSWERS.decode(outcome.handed_in) if outcome.handed_in else ()
