"""The `AGENTS.md` files that hold for an agent's work, read from the base tree of its run."""

from collections.abc import Sequence

from bot.agents.roles.repository_ways import Ways
from bot.core.plans.instructions import AGENTS_MD, MAX_NESTED, nested_instructions
from bot.core.runs import Run
from bot.workflows.house import House
from bot.workflows.notes import Facts

PLAIN_FILE = "100"
"""How the modes of plain files begin; a link of that name could lead anywhere and is not followed."""

MOST_BYTES = 1_048_576
"""Of one file, the cap on reading from git: a larger one is nothing that a person wrote for agents, and is named but not read."""


def ways_for(house: House, run: Run, facts: Facts, owns: Sequence[str]) -> Ways:
    """The root's file, and the nested ones nearest to what `owns` (gitignore patterns, empty for everything) names."""
    files = {e.path: e for e in house.git.entries(run.repo, facts.base_tree) if e.mode.startswith(PLAIN_FILE)}
    nested = nested_instructions(files, owns)
    wanted = [files[path] for path in (AGENTS_MD, *nested[:MAX_NESTED]) if path in files]
    read = house.git.contents(run.repo, [entry for entry in wanted if entry.size <= MOST_BYTES])
    return Ways(
        root=read.get(AGENTS_MD),
        nested=tuple((path, read[path]) for path in nested if path in read),
        left_out=tuple(path for path in nested if path not in read),
    )
