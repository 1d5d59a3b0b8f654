"""TP210: the change touches a script with which a criterion's command checks. It is no test file that could be laid over the work: it may just
as well be what was to be written, so a person looks at it."""

import re
from collections.abc import Collection, Iterator, Sequence
from posixpath import normpath

from bot.core.ports.git import ChangedFile, ChangeKind
from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.scripts import without_comments
from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT
from bot.core.proofs.tampers.spot import Spot, at_line

_WORD = re.compile(r"[^\s;&|<>()`\"'$={}]+")
_SHELL = re.compile(r"(?:ba|da|k|z)?sh")
_SHELL_FILE = re.compile(r".*\.(?:sh|bash|bats|zsh|ksh)")
_CHECKS = re.compile(
    r"(?:.*/)?(?:scripts?|tools?|ci|\.ci|hack|checks?)/.*|(?:.*/)?[^/]*(?:check|verify|test|assert|validate|smoke|e2e)[^/]*",
    re.IGNORECASE,
)
"""Where scripts that check things lie, and how they are called. `python app.py` runs the code itself, and `python tools/check.py` looks at it."""

_CHANGES_FOLDER = re.compile(r"(?<![\w.-])(?:cd|pushd|--prefix|-C)\s")
_MAKE = re.compile(r"(?<![\w./-])(?:g?make|just|task)(?![\w.-])")
_RECIPES = re.compile(r"(?:.*/)?(?:(?:GNU)?[Mm]akefile|.*\.mk|\.?[Jj]ustfile|[Tt]askfile\.ya?ml)")
_PACKAGE_SCRIPT = re.compile(
    r"(?<![\w./-])(?:(?:npm|pnpm|yarn|bun)\s+(?:-\S+\s+)*(?:run(?:-script)?\s+)?(?:-\S+\s+)*|node\s+--run[ =])(?P<name>[\w:.-]+)"
)


def checking_scripts(
    changes: Sequence[ChangedFile], files: Sequence[FileDiff], commands: Sequence[str], wanted: Collection[str]
) -> Iterator[Spot]:
    """`commands` are the scripts of all criteria. `wanted` are paths that a spec names one by one as its scope: those are the work itself."""
    scripts = [without_comments(command) for command in commands]
    run = {path for script in scripts for path in _files_run(script)}
    moved = tuple(f"/{path}" for script in scripts if _CHANGES_FOLDER.search(script) for path in _files_run(script))
    makes = any(_MAKE.search(script) for script in scripts)
    for change in changes:
        named = change.path in run or change.path.endswith(moved) or (makes and _RECIPES.fullmatch(change.path))
        if named and change.path not in wanted:
            yield Spot("TP210", change.path, _words(change), covers=change.blob)
    names = {found["name"] for script in scripts for found in _PACKAGE_SCRIPT.finditer(script)}
    for file in files:
        if (file.new or file.old).rpartition("/")[2] == "package.json":
            yield from _package_scripts(file, names)


def _words(change: ChangedFile) -> str:
    done = {ChangeKind.ADDED: "added", ChangeKind.DELETED: "deleted"}.get(change.kind, "changed")
    return f"it was {done}, and a criterion's command runs it: does it still check the same?"


def _files_run(script: str) -> Iterator[str]:
    """Words of the script that are files with which it checks."""
    before = ""
    for found in _WORD.finditer(script):
        word = found[0]
        if not word.startswith(("-", "/")):
            by_shell = bool(_SHELL.fullmatch(before.rpartition("/")[2])) or before in (".", "source")
            path = normpath(word)
            if by_shell or _SHELL_FILE.fullmatch(path) or (("." in path or "/" in word) and _CHECKS.fullmatch(path)):
                yield path
            before = word


def _package_scripts(file: FileDiff, names: Collection[str]) -> Iterator[Spot]:
    for line in file.lines if names else ():
        key = re.match(r"\s*\"(?:pre|post)?([\w:.-]+)\"\s*:", line.text[:LOOKED_AT])
        if key and key[1] in names and (line.added or line.removed):
            yield at_line("TP210", file.new or file.old, line)
