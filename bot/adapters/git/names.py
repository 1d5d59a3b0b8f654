"""Names from outside, judged before git or the file system sees them: ids, branches, paths."""

import re

from bot.errors import Unsafe
from bot.ids import Sha, TreeSha

MAX_BRANCH_BYTES = 244
"""GitHub allows 255 bytes for a whole ref; `refs/heads/` takes 11 of them."""

MAX_COMPONENT_BYTES = 255
"""NAME_MAX of every Linux file system we run on."""

MAX_PATH_BYTES = 3072
"""PATH_MAX is 4096 with the checkout's own path in front; a longer name could be written by nobody."""

MODES = frozenset({"100644", "100755", "120000", "160000"})
"""Files, programs, symbolic links and gitlinks: what git writes into trees today."""

_ID = re.compile(r"[0-9a-f]{40}")
_BRANCH_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")
_SUSPICIOUS = re.compile(rb"(?i)git|\\|[\x80-\xff]|\x00|(?:^|/)(?:\.{0,2})(?:/|$)")
_NTFS_GIT = re.compile(r"(?i)(?:\.git|git~1)[ .]*(?::.*)?", re.DOTALL)
_HFS_IGNORED = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF],
)


def text(path: bytes) -> str:
    """A path of git's as text. Bytes that are no UTF-8 survive as lone surrogates (`raw` turns them back)."""
    return path.decode("utf-8", "surrogateescape")


def raw(path: str) -> bytes:
    """The bytes of a path. Raises `Unsafe` for text that no path can be."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise Unsafe(f"{path!r} is no path", hint="use a name that is valid Unicode") from None


def commit_id(value: str) -> Sha:
    """`value`, when it is a full commit id; else `Unsafe`."""
    return Sha(_checked_id(value))


def tree_id(value: str) -> TreeSha:
    """`value`, when it is a full tree id; else `Unsafe`."""
    return TreeSha(_checked_id(value))


def blob_id(value: str) -> str:
    """`value`, when it is a full blob id; else `Unsafe`."""
    return _checked_id(value)


def branch_ref(branch: str) -> str:
    """`refs/heads/BRANCH` for a name that `git check-ref-format --branch` takes; else `Unsafe`."""
    if not _is_branch(branch):
        raise Unsafe(f"{branch!r} is no branch name", hint="rename the branch")
    return f"refs/heads/{branch}"


def _is_branch(branch: str) -> bool:
    try:
        size = len(branch.encode("utf-8"))
    except UnicodeEncodeError:
        return False
    if not 0 < size <= MAX_BRANCH_BYTES or _BRANCH_FORBIDDEN.search(branch):
        return False
    if branch in ("@", "HEAD") or branch.startswith(("-", "/")) or branch.endswith(("/", ".")):
        return False
    return not any(part.startswith(".") or part.endswith(".lock") for part in branch.split("/"))


def path_fault(path: bytes) -> str | None:
    """Why this path may not be in a tree that we write or lay out; None when it may.

    Refused is what leaves the tree (`..`, absolute), what no file system takes, and what some file system would take for `.git`
    (case, HFS+ ignorable characters, NTFS short names, streams, trailing dots and blanks, backslashes).
    """
    if len(path) > MAX_PATH_BYTES or any(len(part) > MAX_COMPONENT_BYTES for part in path.split(b"/")):
        return "is too long"
    if not _SUSPICIOUS.search(path):
        return None
    parts = path.split(b"/")
    if b"\0" in path or any(part in (b"", b".", b"..") for part in parts):
        return "leaves the tree"
    if any(_looks_like_git(text(part)) for whole in parts for part in whole.split(b"\\")):
        return "would be taken for a git directory"
    return None


def safe_path(path: bytes) -> str:
    """The path as text, when `path_fault` finds nothing; else `Unsafe`."""
    fault = path_fault(path)
    if fault:
        raise Unsafe(f"the path {text(path)[:200]!r} {fault}", hint="remove or rename that file")
    return text(path)


def new_path(path: str) -> str:
    """A path for a file that we add: as `safe_path`, and valid UTF-8, so that every reader can name it."""
    safe_path(raw(path))
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise Unsafe(f"the path {path[:200]!r} is not UTF-8", hint="rename that file") from None
    return path


def _checked_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise Unsafe(f"{value[:80]!r} is no object id", hint="a full id of 40 hexadecimal digits is needed")
    return value


def _looks_like_git(part: str) -> bool:
    return bool(_NTFS_GIT.fullmatch(part)) or part.translate(_HFS_IGNORED).lower() == ".git"
