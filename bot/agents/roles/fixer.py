"""The fixer: puts two pieces of work together that git could not. One at a time, on the merged tree, with both sides' intent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.agents.material import material, one_line
from bot.agents.prompts import render
from bot.agents.roles.repository_ways import root_ways
from bot.agents.roles.role import Opening, Role
from bot.agents.roles.spec_text import SPEC_CHARACTERS, shown_specs
from bot.agents.roles.task_text import (
    foreign_patterns,
    own_patterns,
    shown_constraints,
    shown_criterion,
    shown_keep,
    shown_task,
)
from bot.agents.tools.bash import bash
from bot.agents.tools.blocked import BLOCKED
from bot.agents.tools.create import CREATE
from bot.agents.tools.edit import EDIT
from bot.agents.tools.finish import FINISH
from bot.agents.tools.may_write import MAY_WRITE
from bot.agents.tools.read import READ
from bot.core.plans.model import Task
from bot.core.ports import Merged
from bot.core.specs.model import Criterion, Spec
from bot.ids import TaskId

NAME = "fixer"

DIFF_CHARACTERS = 20_000
"""Of each side (about 5,000 tokens): what is in conflict comes first and mostly fits; the merged files are in the checkout."""

SHOWN_CONFLICTS = 100
"""More files in conflict than that are no task for one agent; those beyond are in the checkout and in its `may_write`."""

SUMMARY_CHARACTERS = 4_000
"""Of what an agent said of its work: as much as it may say."""


@dataclass(frozen=True, slots=True)
class FixerBriefing:
    """Everything a fixer is told. `ours` are the tasks whose work was merged before, `theirs` the one whose work is in conflict with it.

    `criteria` are those of all of them. `ours_diff` and `theirs_diff` are what each side made of the tree that both started from. `summaries`
    are their agents' own words, by task.
    """

    specs: tuple[Spec, ...]
    criteria: tuple[Criterion, ...]
    ours: tuple[Task, ...]
    theirs: Task
    merged: Merged
    ours_diff: str
    theirs_diff: str
    protected: tuple[str, ...]
    environment: str
    summaries: Mapping[TaskId, str] = field(default_factory=dict)
    agents_md: bytes | None = None


def fixer() -> Role:
    """The role; the same bytes in every run, so that providers' prompt caches serve them."""
    tools = (bash(writable=True), READ, EDIT, CREATE, MAY_WRITE, FINISH, BLOCKED)
    return Role(NAME, tools, render("fixer"))


def fixer_opening(briefing: FixerBriefing) -> Opening:
    """The first user message; it names the tree that the merge made, so that a transcript tells which conflict it is about."""
    paths = [path for path, _ in briefing.merged.conflicts]
    tasks = (*briefing.ours, briefing.theirs)
    owns = () if any(not task.owns for task in tasks) else tuple(dict.fromkeys(p for task in tasks for p in task.owns))
    return Opening(
        render(
            "fixer_opening",
            agents_md=root_ways(briefing.agents_md),
            specs=shown_specs(briefing.specs),
            criteria=[shown_criterion(c) for c in briefing.criteria]
            + [shown_keep(spec) for spec in briefing.specs if spec.keep],
            constraints=shown_constraints(briefing.specs),
            environment=one_line(briefing.environment, 1_000),
            ours=[_told(task, briefing.summaries) for task in briefing.ours],
            ours_diff=material("diff of ours", conflicts_first(briefing.ours_diff, paths), DIFF_CHARACTERS),
            theirs=_told(briefing.theirs, briefing.summaries),
            theirs_diff=material("diff of theirs", conflicts_first(briefing.theirs_diff, paths), DIFF_CHARACTERS),
            owns=foreign_patterns(owns),
            protected=own_patterns(briefing.protected),
            tree=briefing.merged.tree,
            conflicts=_conflicts(briefing.merged),
        )
    )


def conflicts_first(diff: str, paths: Collection[str]) -> str:
    """A unified diff with the files that are in conflict before the others, so that these are cut off first."""
    first, *more = ("\n" + diff).split("\ndiff --git ")
    pieces = [f"diff --git {piece}".rstrip("\n") for piece in more]
    return "\n".join(
        [*([first.strip("\n")] if first.strip() else []), *sorted(pieces, key=lambda p: not _names_one(p, paths))]
    )


def _names_one(piece: str, paths: Collection[str]) -> bool:
    """Whether the piece's first line names one of the paths (`diff --git a/OLD b/NEW`)."""
    line = piece.partition("\n")[0]
    return any(f" a/{path} " in line or line.endswith(f" b/{path}") for path in paths)


def _told(task: Task, summaries: Mapping[TaskId, str]) -> str:
    said = summaries.get(task.task_id, "")
    told = shown_task(task)
    return f"{told}\n\n{material(f'what its agent says of {task.task_id}', said, SUMMARY_CHARACTERS)}" if said else told


def _conflicts(merged: Merged) -> str:
    shown: Sequence[tuple[str, str]] = merged.conflicts[:SHOWN_CONFLICTS]
    lines = [f"- {one_line(path)}: {one_line(sentence, 500)}" for path, sentence in shown]
    more = len(merged.conflicts) - len(shown)
    return material("conflicts", "\n".join([*lines, *([f"and {more:,} more"] if more else [])]), SPEC_CHARACTERS)
