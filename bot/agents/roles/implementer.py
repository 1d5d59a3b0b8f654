"""The implementer: changes files so that the criteria of its task hold."""

from dataclasses import dataclass

from bot.agents.material import material, one_line, tree_listing
from bot.agents.prompts import render
from bot.agents.roles.role import Opening, Role
from bot.agents.roles.spec_text import shown_specs
from bot.agents.roles.task_text import (
    foreign_patterns,
    own_patterns,
    shown_agents_md,
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
from bot.core.plans.model import Task
from bot.core.proofs.model import Verification
from bot.core.specs.model import Criterion, Spec

NAME = "implementer"

TREE_CHARACTERS = 4_000
"""Of the listing (about 1,000 tokens): to know where to look; `bash` finds the rest."""


@dataclass(frozen=True, slots=True)
class ImplementerBriefing:
    """Everything an implementer is told.

    `criteria` are those its task is to prove, `scope` gitignore patterns (empty: anywhere), `paths` the files of the starting tree,
    `agents_md` the base branch's AGENTS.md, `environment` the description of what runs the commands.
    """

    specs: tuple[Spec, ...]
    criteria: tuple[Criterion, ...]
    task: Task
    scope: tuple[str, ...]
    protected: tuple[str, ...]
    trusted: tuple[str, ...]
    paths: tuple[str, ...]
    environment: str
    agents_md: bytes | None = None


def implementer() -> Role:
    """The role; the same bytes in every run, so that providers' prompt caches serve them."""
    tools = (bash(writable=True), READ, EDIT, CREATE, MAY_WRITE, FINISH, BLOCKED)
    return Role(NAME, tools, render("implementer"))


def implementer_opening(briefing: ImplementerBriefing) -> Opening:
    """The first user message: what stays the same within a run first, the task last."""
    return Opening(
        render(
            "implementer_opening",
            agents_md=shown_agents_md(briefing.agents_md),
            specs=shown_specs(briefing.specs),
            criteria=[shown_criterion(c) for c in briefing.criteria]
            + [shown_keep(spec) for spec in briefing.specs if spec.keep],
            scope=foreign_patterns(briefing.scope),
            owns=foreign_patterns(briefing.task.owns),
            protected=own_patterns(briefing.protected),
            trusted=own_patterns(briefing.trusted),
            constraints=shown_constraints(briefing.specs),
            environment=one_line(briefing.environment, 1_000),
            tree=material("files", tree_listing(briefing.paths, TREE_CHARACTERS), TREE_CHARACTERS),
            task=shown_task(briefing.task),
        )
    )


def repair_message(verification: Verification) -> str:
    """What an implementer is told after its work was proven and something did not hold, for a `Continuation`."""
    return render(
        "repair",
        verdicts=[describe_verdict(v) for v in verification.verdicts if not v.verdict.done],
        tampering=describe_tampering(verification.tampering),
    )
