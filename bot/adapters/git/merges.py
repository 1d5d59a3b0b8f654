"""Two trees made from one, put together by git's own merge, without a work tree."""

from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.git.commandline import GitProgram
from bot.adapters.git.commits import commit
from bot.adapters.git.faults import local_fault
from bot.adapters.git.names import text, tree_id
from bot.core.ports import Authorship, Merged
from bot.ids import TreeSha

_NOBODY = Authorship("specbot", "specbot@localhost", datetime.fromtimestamp(0, UTC))
"""Of the commits that only tell git what the two sides have in common; nobody ever sees them."""

_CLEAN, _CONFLICTS = 0, 1
"""`git merge-tree`'s exit statuses (git's documentation); any other is a fault."""


def merge(program: GitProgram, git_dir: Path, base: TreeSha, ours: TreeSha, theirs: TreeSha) -> Merged:
    """The merge as a tree. Raises `NotThere` for unknown trees."""
    if ours in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(ours)
    common = commit(program, git_dir, base, [], "base", _NOBODY)
    sides = [commit(program, git_dir, tree, [common], "side", _NOBODY) for tree in (ours, theirs)]
    ended = program.run(git_dir, ["merge-tree", "--write-tree", "-z", "--messages", *sides])
    if ended.code not in (_CLEAN, _CONFLICTS):
        raise local_fault("merge-tree", ended.err)
    tree, *rest = ended.out.split(b"\0")
    merged = tree_id(tree.decode())
    return Merged(merged) if ended.code == _CLEAN else Merged(merged, _conflicts(rest))


def _conflicts(fields: list[bytes]) -> tuple[tuple[str, str], ...]:
    """Git lists the entries in conflict (`MODE OBJECT STAGE<TAB>PATH`), an empty field, then messages: how many paths, the paths, the kind,
    the words (git-merge-tree, *Output*)."""
    end = fields.index(b"") if b"" in fields else len(fields)
    words = {text(entry.partition(b"\t")[2]): "both sides changed it" for entry in fields[:end]}
    at = end + 1
    while at < len(fields) and fields[at].isdigit():
        count = int(fields[at])
        paths, kind, message = fields[at + 1 : at + 1 + count], fields[at + 1 + count], fields[at + 2 + count]
        if kind.startswith(b"CONFLICT"):
            words |= {text(path): text(message).strip() for path in paths}
        at += count + 3
    return tuple(sorted(words.items()))
