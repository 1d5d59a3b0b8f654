"""Commits whose id depends on nothing but what they were given."""

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from bot.adapters.git.commandline import GitProgram
from bot.adapters.git.faults import local_fault
from bot.adapters.git.names import commit_id, tree_id
from bot.core.ports import Authorship
from bot.errors import Defect, NotThere, Unsafe
from bot.ids import Sha, TreeSha

_NONE_IN_COMMON = 1
_STRANGER = frozenset("<>\n\0")


def commit(
    program: GitProgram, git_dir: Path, tree: TreeSha, parents: Sequence[Sha], message: str, author: Authorship
) -> Sha:
    """A commit object; author and committer are `author`, in UTC. Raises `NotThere`, `Unsafe`, `Defect` for a naive time."""
    if author.at.tzinfo is None:
        raise Defect("a commit's time has no zone")
    if "\0" in message or _STRANGER & {*author.name, *author.email}:
        raise Unsafe("a commit's message or author holds characters that git cannot keep", hint="remove them")
    date = f"@{int(author.at.astimezone(UTC).timestamp())} +0000"
    identity = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", author.name), ("EMAIL", author.email), ("DATE", date))
    }
    command = ["commit-tree", tree_id(tree), *(part for one in parents for part in ("-p", commit_id(one)))]
    said = program.check(git_dir, command, stdin=message.encode("utf-8", "replace"), environment=identity)
    return commit_id(said.decode().strip())


def tree_of(program: GitProgram, git_dir: Path, commit_sha: Sha) -> TreeSha:
    """The commit's tree. Raises `NotThere`."""
    ended = program.run(git_dir, ["rev-parse", "--verify", "--quiet", f"{commit_id(commit_sha)}^{{tree}}"])
    if ended.code:
        raise NotThere(f"there is no commit {commit_sha}", hint="fetch the commit first")
    return tree_id(ended.out.decode().strip())


def merge_base(program: GitProgram, git_dir: Path, a: Sha, b: Sha) -> Sha:
    """The best common ancestor. Raises `NotThere` when one of them is unknown or they share no history."""
    ended = program.run(git_dir, ["merge-base", commit_id(a), commit_id(b)])
    if ended.code == _NONE_IN_COMMON:
        raise NotThere(f"{a} and {b} share no history", hint="rebase the branch onto its base")
    if ended.code:
        raise local_fault("merge-base", ended.err)
    return commit_id(ended.out.decode().split()[0])


def is_ancestor(program: GitProgram, git_dir: Path, older: Sha, newer: Sha) -> bool:
    """Whether `newer` contains `older`. Raises `NotThere` when one of them is unknown."""
    ended = program.run(git_dir, ["merge-base", "--is-ancestor", commit_id(older), commit_id(newer)])
    if ended.code > 1:
        raise local_fault("merge-base", ended.err)
    return ended.code == 0
