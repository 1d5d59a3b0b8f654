"""What an agent changed, judged by the paths and modes of the final diff and by nothing it said. Pure."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.core.patterns import BadPattern, PathPatterns, path_patterns, readable_patterns

MAX_CHANGED_FILES = 300
"""As many files as GitHub's comparison shows; a change that nobody can look at whole is not published."""

MAX_CHANGED_BYTES = 5 * 1_048_576
"""New content in all. Source code of that size is not reviewed; it is data or build output that slipped in."""

MAX_PATH_BYTES = 4_096
MAX_NAME_BYTES = 255
"""PATH_MAX and NAME_MAX of Linux: longer ones cannot be checked out."""

_NOTHING = "000000"
_FILES = frozenset({"100644", "100755"})
_LINK = "120000"
_GITLINK = "160000"


class Changed(Protocol):
    """One path of a diff. Modes are git's six digits, `000000` where a side has no file."""

    @property
    def path(self) -> str: ...
    @property
    def old_mode(self) -> str: ...
    @property
    def new_mode(self) -> str: ...


class FaultKind(StrEnum):
    NAME = "unsafe name"
    GIT_FOLDER = "git folder"
    LINK = "symbolic link"
    GITLINK = "submodule"
    MODE = "unknown mode"
    PROTECTED = "protected path"
    SPEC = "spec"
    SCOPE = "outside of the scope"
    OWNER = "another task's path"
    LOCKED = "locked contract"
    COLLISION = "same name in other letters"
    FILES = "too many files"
    BYTES = "too many bytes"


@dataclass(frozen=True, slots=True)
class PathFault:
    """One reason against the change of one path. `reason` is a sentence for people."""

    kind: FaultKind
    path: str
    reason: str


def judge_changes(
    changes: Sequence[Changed],
    *,
    scope: Sequence[str],
    protected: Sequence[str],
    owns: Sequence[str] = (),
    spec_paths: Collection[str] = (),
    tree_paths: Collection[str] = (),
) -> tuple[PathFault, ...]:
    """Every reason against the changes, in their order; empty when all of them may stand.

    `scope` and `owns` are gitignore patterns, empty for everything; `protected` ones always win, also in other letters. `spec_paths` are
    the files that are specs or parts of one. `tree_paths` are the files before the change. Too many files are a fault of each of them, so that
    whoever puts back what is at fault puts back all of it.
    """
    if len(changes) > MAX_CHANGED_FILES:
        reason = f"{len(changes):,} files were changed; at most {MAX_CHANGED_FILES} can be reviewed."
        return tuple(PathFault(FaultKind.FILES, change.path, reason) for change in changes)
    judge = _Judge(scope, owns, protected, frozenset(spec_paths))
    faults = [fault for change in changes for fault in judge.faults(change)]
    return (*faults, *_collisions(changes, tree_paths))


def judge_sizes(sizes: Mapping[str, int]) -> tuple[PathFault, ...]:
    """A fault of each path when the new contents together, in bytes by path, are more than anybody reviews."""
    total = sum(sizes.values())
    if total <= MAX_CHANGED_BYTES:
        return ()
    reason = f"The change adds {total:,} bytes; at most {MAX_CHANGED_BYTES:,} can be reviewed."
    return tuple(PathFault(FaultKind.BYTES, path, reason) for path in sizes)


def name_fault(path: str) -> tuple[FaultKind, str] | None:
    """What is wrong with a path's name, wherever it is to be written; None when nothing is."""
    names = path.split("/")
    if len(path.encode("utf-8", "surrogatepass")) > MAX_PATH_BYTES or any(
        len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES for name in names
    ):
        return FaultKind.NAME, "The name is too long to be checked out."
    if "" in names or "." in names or ".." in names:
        return FaultKind.NAME, "The path is absolute or has an empty part, `.` or `..` in it."
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in path) or "\\" in path:
        return FaultKind.NAME, "The name holds a control character or a backslash."
    if any(_looks_like_git(name) for name in names):
        return FaultKind.GIT_FOLDER, "The name is `.git`, or a file system may take it for that."
    return None


def _looks_like_git(name: str) -> bool:
    """`.git` in any case, as Windows and macOS also write it: `GIT~1`, trailing dots and blanks, streams, characters that HFS+ ignores."""
    shown = "".join(char for char in unicodedata.normalize("NFKC", name) if unicodedata.category(char) != "Cf")
    plain = shown.casefold().partition(":")[0].rstrip(" .")
    return plain in (".git", "git~1")


class _Judge:
    """The rules with their patterns read once."""

    def __init__(
        self,
        scope: Sequence[str],
        owns: Sequence[str],
        protected: Sequence[str],
        spec_paths: frozenset[str],
    ) -> None:
        self._scope = readable_patterns(scope) if scope else None
        self._owns = readable_patterns(owns) if owns else None
        self._protected, self._protected_folded = _protected(protected)
        self._spec_paths = spec_paths

    def faults(self, change: Changed) -> Iterator[PathFault]:
        bad_name = name_fault(change.path)
        if bad_name is not None:
            yield PathFault(bad_name[0], change.path, bad_name[1])
            return
        yield from _mode_faults(change)
        protecting = self._protected.deciding(change.path) or self._protected_folded.deciding(change.path.casefold())
        if protecting is not None:
            yield PathFault(FaultKind.PROTECTED, change.path, f"`{protecting}` is protected: only people change it.")
        if change.path in self._spec_paths:
            yield PathFault(
                FaultKind.SPEC, change.path, "A spec says what is wanted; whoever implements it does not edit it."
            )
        elif self._scope is not None and not self._scope.matches(change.path):
            yield PathFault(FaultKind.SCOPE, change.path, "No spec's scope allows this path.")
        elif self._owns is not None and not self._owns.matches(change.path):
            yield PathFault(FaultKind.OWNER, change.path, "The task does not own this path.")


def _protected(patterns: Sequence[str]) -> tuple[PathPatterns, PathPatterns]:
    """The patterns as they are, and for paths in folded case: some file systems make no difference. Unreadable ones protect everything."""
    positive = [pattern for pattern in patterns if not pattern.startswith("!")]
    try:
        return path_patterns(positive), path_patterns(pattern.casefold() for pattern in positive)
    except BadPattern:
        everything = path_patterns(["**"])
        return everything, everything


def _mode_faults(change: Changed) -> Iterator[PathFault]:
    if change.new_mode == _LINK:
        yield PathFault(
            FaultKind.LINK, change.path, "A symbolic link was made or changed; it could lead out of the repository."
        )
    elif _GITLINK in (change.old_mode, change.new_mode):
        yield PathFault(
            FaultKind.GITLINK, change.path, "A submodule was added, moved or removed; its content cannot be checked."
        )
    elif change.new_mode != _NOTHING and change.new_mode not in _FILES:
        yield PathFault(FaultKind.MODE, change.path, f"The mode `{change.new_mode[:10]}` is no regular file's.")


def _collisions(changes: Sequence[Changed], tree_paths: Collection[str]) -> Iterator[PathFault]:
    """New paths, or folders of theirs, that some file systems cannot tell from another path of the tree."""
    removed = {change.path for change in changes if change.new_mode == _NOTHING}
    added = sorted(c.path for c in changes if c.old_mode == _NOTHING and c.new_mode != _NOTHING)
    if not added:
        return
    known: dict[str, str] = {}
    for path in sorted(set(tree_paths) - removed - set(added)):
        for prefix in _prefixes(path):
            known.setdefault(_folded(prefix), prefix)
    for path in added:
        for prefix in _prefixes(path):
            other = known.setdefault(_folded(prefix), prefix)
            if other != prefix:
                reason = f"Some file systems cannot tell `{prefix[:200]}` from `{other[:200]}`."
                yield PathFault(FaultKind.COLLISION, path, reason)
                break


def _prefixes(path: str) -> Iterator[str]:
    """The path and every folder around it, outermost first."""
    at = path.find("/")
    while at != -1:
        yield path[:at]
        at = path.find("/", at + 1)
    yield path


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
