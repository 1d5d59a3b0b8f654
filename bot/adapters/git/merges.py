"""Two trees made from one, put together by git's own merge, without a work tree.

What decides how git merges is set here and nowhere else. In a bare repository git 2.39 reads no `.gitattributes` of any tree, newer ones read
those of `attr.tree` (set to an empty tree with the rest of the hardening), so that nothing in a tree can choose a driver (`merge=union`) that
hides a conflict. No configuration that a repository brings is read either.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.git.commandline import Access, GitProgram
from bot.adapters.git.commits import commit
from bot.adapters.git.faults import local_fault, plain
from bot.adapters.git.names import text, tree_id
from bot.adapters.git.trees import MAX_LISTING_BYTES
from bot.core.ports import Authorship, Merged
from bot.errors import Defect, NotThere
from bot.ids import Sha, TreeSha

_NOBODY = Authorship("specbot", "specbot@localhost", datetime.fromtimestamp(0, UTC))
"""Of the commits that only tell git what the two sides have in common; nobody ever sees them."""

_CLEAN, _CONFLICTS = 0, 1
"""`git merge-tree`'s exit statuses (git's documentation); any other is a fault."""

_RULES = (
    "merge.renames=true",
    "merge.directoryRenames=conflict",
    "merge.conflictStyle=zdiff3",
    "merge.renormalize=false",
    "core.abbrev=40",
)
"""A file that moved with its folder is a conflict and no guess; between the markers stands what both sides had before. Without whole ids the
tree would depend on how many objects the mirror holds."""

_OPEN_ENDED = "both sides changed it"
"""For an entry in conflict of which git says no more."""


def merge(
    program: GitProgram,
    git_dir: Path,
    base: TreeSha,
    ours: TreeSha,
    theirs: TreeSha,
    *,
    limit: int = MAX_LISTING_BYTES,
) -> Merged:
    """The merge as a tree. Raises `NotThere` for unknown trees, `Unsafe` when git has more than `limit` bytes to say of it."""
    _require(program, git_dir, (base, ours, theirs))
    if ours in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(ours)
    common = commit(program, git_dir, base, [], "base", _NOBODY)
    left, right = (commit(program, git_dir, tree, [common], "side", _NOBODY) for tree in (ours, theirs))
    command = ["merge-tree", "--write-tree", "-z", "--messages", left, right]
    ended = program.run(git_dir, command, access=Access(config=_RULES), limit=limit)
    if ended.code not in (_CLEAN, _CONFLICTS):
        raise local_fault("merge-tree", ended.err)
    tree, *rest = ended.out.split(b"\0")
    merged = tree_id(tree.decode())
    if ended.code == _CLEAN:
        return Merged(merged)
    conflicts = _conflicts(rest, {left: "ours", right: "theirs"})
    if not conflicts:
        raise Defect("git found a conflict and named none", hint="report it")
    return Merged(merged, conflicts)


def _require(program: GitProgram, git_dir: Path, wanted: Sequence[TreeSha]) -> None:
    """All of them are trees that are here: git's own words for one that is not differ from case to case."""
    asked = "".join(f"{tree_id(tree)}\n" for tree in wanted).encode()
    kinds = program.check(git_dir, ["cat-file", "--batch-check=%(objecttype)"], stdin=asked).decode().splitlines()
    for tree, kind in zip(wanted, kinds, strict=True):
        if kind != "tree":
            raise NotThere(f"there is no tree {tree}", hint="fetch the commit first")


def _conflicts(fields: Sequence[bytes], sides: dict[Sha, str]) -> tuple[tuple[str, str], ...]:
    """Git lists the entries in conflict (`MODE OBJECT STAGE<TAB>PATH`), an empty field, then messages: how many paths, the paths, the kind,
    the words (git-merge-tree, *Output*). Kinds other than `CONFLICT` and `ERROR` only say what went well."""
    end = fields.index(b"") if b"" in fields else len(fields)
    words: dict[str, list[str]] = {text(entry.partition(b"\t")[2]): [] for entry in fields[:end]}
    at = end + 1
    while at < len(fields) and fields[at].isdigit():
        count = int(fields[at])
        paths, kind, message = fields[at + 1 : at + 1 + count], fields[at + 1 + count], fields[at + 2 + count]
        if kind.startswith((b"CONFLICT", b"ERROR")):
            for path in paths:
                words.setdefault(text(path), []).append(_sentence(message, sides))
        at += count + 3
    return tuple(sorted((path, " ".join(said) or _OPEN_ENDED) for path, said in words.items()))


def _sentence(message: bytes, sides: dict[Sha, str]) -> str:
    """Git's words on one line, with `ours` and `theirs` for the ids of commits that nobody knows."""
    said = " ".join(message.decode("utf-8", "replace").split())
    for sha, side in sides.items():
        said = said.replace(sha, side)
    return plain(said)
