"""The planner: reads the spec and the code, and divides the work. It can change nothing; what it hands in is checked by code."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.agents.material import material, one_line, tree_listing
from bot.agents.outcome import AgentOutcome
from bot.agents.prompts import render
from bot.agents.roles.repository_ways import root_ways
from bot.agents.roles.role import Opening, Role
from bot.agents.roles.spec_text import SPEC_CHARACTERS, shown_specs
from bot.agents.tools.blocked import BLOCKED
from bot.agents.tools.finish_plan import FINISH_PLAN, PLAN_DRAFT
from bot.agents.tools.list import LIST
from bot.agents.tools.read import READ
from bot.agents.tools.search import SEARCH
from bot.core.plans.checks import MOST_TASKS, PlanFault
from bot.core.plans.draft import PlanDraft
from bot.core.specs.model import Criterion, Spec

NAME = "planner"

TREE_CHARACTERS = 6_000
"""Of the listing (about 1,500 tokens): who divides the work needs to see all of it from above; `list` shows the rest."""

MOST_FAULTS = 20
"""Told of a plan at once. One mistake often shows in many places; after twenty it is better made anew."""


@dataclass(frozen=True, slots=True)
class PlannerBriefing:
    """What the planner is told.

    `criteria` are those that are to be covered, `scope` gitignore patterns (empty: anywhere), `paths` the files of the tree it looks at,
    `own_tasks` the reasons why the author's tasks are no plan, `agents_md` the base branch's AGENTS.md.
    """

    specs: tuple[Spec, ...]
    criteria: tuple[Criterion, ...]
    scope: tuple[str, ...]
    protected: tuple[str, ...]
    paths: tuple[str, ...]
    at_once: int
    own_tasks: tuple[str, ...] = ()
    agents_md: bytes | None = None


def planner() -> Role:
    """The role; the same bytes in every run."""
    return Role(NAME, (LIST, SEARCH, READ, FINISH_PLAN, BLOCKED), render("planner", most_tasks=MOST_TASKS))


def planner_opening(briefing: PlannerBriefing) -> Opening:
    """The first user message: the work, and the code from above."""
    return Opening(
        render(
            "planner_opening",
            agents_md=root_ways(briefing.agents_md),
            specs=shown_specs(briefing.specs),
            criteria=[_criterion(criterion) for criterion in briefing.criteria],
            scope=_lines("patterns", briefing.scope),
            protected=", ".join(f"`{one_line(pattern).replace('`', '')}`" for pattern in briefing.protected),
            own_tasks=_lines("reasons", [f"- {reason}" for reason in briefing.own_tasks[:MOST_FAULTS]]),
            tree=material("files", tree_listing(briefing.paths, TREE_CHARACTERS), TREE_CHARACTERS),
            at_once=briefing.at_once,
        )
    )


def replan_message(faults: Sequence[PlanFault]) -> str:
    """What the planner is told of a plan that did not pass, for a `Continuation`."""
    told = [f"- {fault.sentence}" for fault in faults[:MOST_FAULTS]]
    more = [f"- and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
    return render("replan", faults=_lines("faults", [*told, *more]))


def draft(outcome: AgentOutcome) -> PlanDraft | None:
    """The plan that was handed in; None when the planner ended otherwise."""
    return PLAN_DRAFT.decode(outcome.handed_in) if outcome.handed_in else None


def _criterion(criterion: Criterion) -> str:
    commands = "\n".join(f"command:\n{command.script.strip()}" for command in criterion.commands) or "command: none"
    return material(f"criterion {criterion.name}", f"{criterion.text.strip()}\n{commands}", SPEC_CHARACTERS)


def _lines(title: str, lines: Sequence[str]) -> str:
    return material(title, "\n".join(one_line(line, 500) for line in lines), SPEC_CHARACTERS) if lines else ""
