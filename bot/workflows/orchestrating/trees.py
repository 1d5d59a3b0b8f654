"""The branch of a spec, in this machine's mirror."""

from bot.core.runs import Run
from bot.core.specs.source import MAX_BYTES
from bot.ids import Sha
from bot.workflows.house import House


def branch_here(house: House, run: Run) -> Sha:
    """Where the spec's branch stands now, or where it would begin; the commit is in the mirror."""
    house.git.fetch(run.repo, [run.start_head], branch=run.base_ref)
    there = house.git.branch_head(run.repo, run.head_ref)
    if there is None:
        return run.start_head
    house.git.fetch(run.repo, [there], branch=run.head_ref)
    return there


def text_at(house: House, run: Run, commit: Sha, path: str) -> str:
    """A file's text at a commit in the mirror, "" when there is none."""
    data = house.git.read(run.repo, house.git.tree(run.repo, commit), path, limit=8 * MAX_BYTES)
    return (data or b"").decode("utf-8", "replace")


def text_on_branch(house: House, run: Run, path: str) -> str:
    return text_at(house, run, branch_here(house, run), path)
