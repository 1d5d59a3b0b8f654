"""The implementer: changes files so that the criteria of its task hold."""

from dataclasses import dataclass

from bot.agents.material import material, one_line, tree_listing
from bot.agents.prompts import render
from bot.agents.roles.ci_text import shown_failures
from bot.agents.roles.repository_ways import Ways, nested_ways, root_ways
from bot.agents.roles.role import Opening, Role
from bot.agents.roles.spec_text import shown_specs
from bot.agents.roles.task_text import (
    foreign_patterns,
    own_patterns,
    shown_constraints,
    shown_criterion,
    shown_keep,
    shown_task,
)
from bot.agents.roles.verdicts import describe_tampering, describe_verdict
from bot.agents.tools.bash import bash
from bot.agents.tools.blocked import BLOCKED
from bot.agents.tools.create import CREATE
from bot.agents.tools.edit import EDIT
from bot.agents.tools.finish import FINISH
from bot.agents.tools.may_write import MAY_WRITE
from bot.agents.tools.read import READ
from bot.core.ci import CiFailure
from bot.core.plans.model import Plan, Task
from bot.core.proofs.model import Verification
from bot.core.specs.model import Criterion, Spec

NAME = "implementer"

SAID_CHARACTERS = 4_000
"""Of what an earlier agent said when it handed in: as much as `finish` takes."""

TREE_CHARACTERS = 4_000
"""Of the listing (about 1,000 tokens): to know where to look; `bash` finds the rest."""

PLAN_CHARACTERS = 20_000
"""Of the list of tasks, and of each interface (about 5,000 tokens): plans are short, and every agent reads all of it."""


@dataclass(frozen=True, slots=True)
class ImplementerBriefing:
    """Everything an implementer is told.

    `criteria` are those its task is to prove, `scope` gitignore patterns (empty: anywhere), `paths` the files of the starting tree, `ways`
    the base branch's AGENTS.md files, `environment` the description of what runs the commands, `plan` all tasks of the run, `contracts` the
    paths of its locked tests, `ci` what others' red checks say.

    What is the same for all tasks of a run comes first in a team's openings, byte for byte, so that they share a prompt cache: give every
    task of a run the same `specs`, `scope`, `protected`, `trusted`, `paths`, `environment`, `plan`, `contracts` and root file.
    """

    specs: tuple[Spec, ...]
    criteria: tuple[Criterion, ...]
    task: Task
    scope: tuple[str, ...]
    protected: tuple[str, ...]
    trusted: tuple[str, ...]
    paths: tuple[str, ...]
    environment: str
    ways: Ways = Ways()
    plan: Plan = Plan(())
    contracts: tuple[str, ...] = ()
    ci: tuple[CiFailure, ...] = ()


def implementer() -> Role:
    """The role; the same bytes in every run, so that providers' prompt caches serve them."""
    tools = (bash(writable=True), READ, EDIT, CREATE, MAY_WRITE, FINISH, BLOCKED)
    return Role(NAME, tools, render("implementer"))


def implementer_opening(briefing: ImplementerBriefing) -> Opening:
    """The first user message: what stays the same within a run first, the task last."""
    plan = briefing.plan
    return Opening(
        render(
            "implementer_opening",
            agents_md=root_ways(briefing.ways.root),
            specs=shown_specs(briefing.specs),
            team=_team(plan) if plan.is_team else "",
            criteria=[shown_criterion(c) for c in briefing.criteria],
            keeps=[shown_keep(spec) for spec in briefing.specs if spec.keep],
            scope=foreign_patterns(briefing.scope),
            owns=foreign_patterns(briefing.task.owns),
            protected=own_patterns(briefing.protected),
            trusted=own_patterns(briefing.trusted),
            contracts=own_patterns(briefing.contracts),
            constraints=shown_constraints(briefing.specs),
            environment=one_line(briefing.environment, 1_000),
            tree=material("files", tree_listing(briefing.paths, TREE_CHARACTERS), TREE_CHARACTERS),
            nested_md=nested_ways(briefing.ways),
            task=shown_task(briefing.task),
            ci=shown_failures(briefing.ci),
        )
    )


def repair_message(verification: Verification, *, team: bool = False) -> str:
    """What an implementer is told after its work was proven and something did not hold, for a `Continuation`."""
    return render(
        "repair",
        team=team,
        verdicts=[describe_verdict(v) for v in verification.verdicts if not v.verdict.done],
        tampering=describe_tampering(verification.tampering),
    )


def fresh_start(opening: Opening, verification: Verification, said: str, *, merged: bool = True) -> Opening:
    """A clean context for an agent that goes on where others could not: the `opening` as it was told to them, what does not hold, and what the last
    one said about its work. `merged`: that work is in the files."""
    tried = render(
        "fresh_start",
        merged=merged,
        verdicts=[describe_verdict(v) for v in verification.verdicts if not v.verdict.done],
        tampering=describe_tampering(verification.tampering),
        said=material("what the last agent said", said, SAID_CHARACTERS) if said.strip() else "",
    )
    return Opening(f"{opening.briefing}\n\n{tried}")


def _team(plan: Plan) -> str:
    """All tasks and what they agreed on: the same text for each of them."""
    tasks = material("tasks of the plan", "\n".join(_told(task) for task in plan.tasks), PLAN_CHARACTERS)
    agreed = [material(f"interface {one.name}", one.text, PLAN_CHARACTERS) for one in plan.interfaces]
    return "\n\n".join([tasks, *agreed])


def _told(task: Task) -> str:
    notes = [("owns", task.owns), ("proves", task.proves), ("after", task.after), ("interfaces", task.interfaces)]
    told = "; ".join(f"{word}: {', '.join(map(one_line, values))}" for word, values in notes if values)
    return f"- {task.task_id} {one_line(task.title)}" + (f" ({told})" if told else "")
