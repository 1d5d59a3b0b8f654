"""Merging without a work tree, by `git merge-tree`."""

import tempfile
from pathlib import Path

from bot.hub.git.bare import Bare, GitFailed
from bot.hub.git.history import Signature
from bot.hub.git.trees import write_commit


def merged_tree(bare: Bare, base: str, head: str) -> str | None:
    """The tree of a merge of two commits, or None when they conflict or share no history."""

    def ask() -> str | None:
        status, out = bare.run("merge-tree", "--write-tree", base, head, allow=(0, 1, 128))
        return out.decode().split("\n", 1)[0] if status == 0 else None

    return bare.remember(("merged", base, head), ask)


def merge_commit(bare: Bare, base: str, head: str, message: str, who: Signature) -> str | None:
    """A merge commit of head into base, or None when they conflict."""
    tree = merged_tree(bare, base, head)
    return None if tree is None else write_commit(bare, tree, [base, head], message, who, who)


def squash_commit(bare: Bare, base: str, head: str, message: str, who: Signature) -> str | None:
    """All of head as one commit on base, or None when they conflict."""
    tree = merged_tree(bare, base, head)
    return None if tree is None else write_commit(bare, tree, [base], message, who, who)


def rebased(bare: Bare, base: str, head: str, who: Signature) -> str | None:
    """The tip of head's commits replayed on base, or None when one of them conflicts."""
    identity = {"GIT_COMMITTER_NAME": who.name, "GIT_COMMITTER_EMAIL": who.email}
    with tempfile.TemporaryDirectory(prefix="hub-rebase-") as folder:
        tree = Path(folder) / "tree"
        bare.run("worktree", "add", "--detach", str(tree), head)
        work = Bare(tree)
        try:
            work.run("rebase", "--force-rebase", base, environment=identity)
            return work.text("rev-parse", "HEAD")
        except GitFailed:
            return None
        finally:
            bare.run("worktree", "remove", "--force", str(tree))
