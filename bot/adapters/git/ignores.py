"""Which new files are rubbish: the rules of the tree that a checkout was made from, and a few of our own.

The rules are laid out in a folder of ours that holds nothing but those `.gitignore` files, and git is asked there: an agent that
edits a `.gitignore` hides nothing, and git's own reading of the rules is the one that counts.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

from bot.adapters.git.commandline import GitProgram
from bot.adapters.git.faults import local_fault
from bot.adapters.git.folders import lay_out
from bot.adapters.git.names import raw, text
from bot.adapters.git.trees import blobs
from bot.core.ports import TreeEntry

RUBBISH_FOLDERS = frozenset(
    {
        "__pycache__",
        ".cache",
        ".eggs",
        ".hypothesis",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".tox",
        ".venv",
        "node_modules",
    }
)
"""Made by the tools that run in the box; never source, and by far too large to be looked through each time."""

RUBBISH_ENDINGS = (".pyc", ".pyo")
"""Compiled by running; a tracked one stays tracked."""

MAX_RULE_BYTES = 1 << 20
"""A `.gitignore` above this is no list that a person wrote; it is left out, so that more is kept rather than less."""

_NOTHING_IGNORED = 1


def lay_out_rules(program: GitProgram, git_dir: Path, rules: Path, entries: Sequence[TreeEntry]) -> None:
    """Write the tree's `.gitignore` files below the new folder `rules`."""
    rules.mkdir()
    kept = [
        entry
        for entry in entries
        if entry.path.rpartition("/")[2] == ".gitignore"
        and entry.mode in ("100644", "100755")
        and entry.size <= MAX_RULE_BYTES
    ]
    lay_out(rules, kept, blobs(program, git_dir, kept), None)


def in_rubbish_folder(path: str) -> bool:
    """Whether an untracked folder, or one of those above it, is left out by our own rules."""
    return not RUBBISH_FOLDERS.isdisjoint(path.split("/"))


def is_rubbish(path: str) -> bool:
    """Whether an untracked file is left out by our own rules."""
    return path.endswith(RUBBISH_ENDINGS) or in_rubbish_folder(path)


def ignored(program: GitProgram, git_dir: Path, rules: Path, paths: Collection[str]) -> frozenset[str]:
    """Those of the paths that the laid-out rules ignore; folders are given with a slash at the end."""
    if not paths:
        return frozenset()
    # In front of a name, `./` keeps git from reading magic words in it.
    asked = b"".join(b"./" + raw(path) + b"\0" for path in paths)
    command = [f"--work-tree={rules}", "check-ignore", "--no-index", "-z", "--stdin"]
    ended = program.run(git_dir, command, stdin=asked)
    if ended.code > _NOTHING_IGNORED:
        raise local_fault("check-ignore", ended.err)
    return frozenset(text(path).removeprefix("./") for path in ended.out.split(b"\0")[:-1])
