"""Ownership, enforced on what an agent left: whatever it was not to touch is as it was before."""

from bot.core.plans.territory import Territory, to_put_back
from bot.core.policy.paths import judge_sizes
from bot.core.pulls import RepoRef
from bot.ids import TreeSha
from bot.workflows.house import House


def allowed_part(
    house: House, repo: RepoRef, land: Territory, start: TreeSha, left: TreeSha
) -> tuple[TreeSha, tuple[str, ...]]:
    """The tree `left` without the changes of `start` that its agent was not to make, and one sentence for each reason against one."""
    before = {entry.path: entry for entry in house.git.entries(repo, start)}
    changes = house.git.changed(repo, start, left)
    sizes = {entry.path: entry.size for entry in house.git.entries(repo, left)}
    faults = (
        *to_put_back(land.judge(changes, tree_paths=frozenset(before))),
        *judge_sizes({change.path: sizes.get(change.path, 0) for change in changes}),
    )
    if not faults:
        return left, ()
    foreign = {fault.path for fault in faults}
    put = {path: before[path] for path in foreign if path in before}
    drop = [path for path in foreign if path not in before]
    return house.git.with_files(repo, left, put, drop), tuple(f"{f.path}: {f.reason}" for f in faults)
