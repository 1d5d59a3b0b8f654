"""What lies in a checkout, seen without following links and without git, which would read configuration there."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bot.adapters.git.folders import MAX_FOLDER_DEPTH, open_up, opened_folder, stamp
from bot.errors import Unsafe

MAX_FOUND = 300_000
"""Files in a checkout: the largest tree we take (`MAX_ENTRIES`) and half of that again as rubbish of builds."""

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Found(NamedTuple):
    """A file or link in a checkout: its mode in git's words, its `stamp`, when it last changed, and how many names it has."""

    mode: str
    stamp: str
    changed_ns: int
    links: int
    inode: int


@dataclass(slots=True)
class Walked:
    """All files by path, and the folders that were entered, both relative to the checkout."""

    files: dict[str, Found] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)


def walk(root: Path, prune: Callable[[str], bool]) -> Walked:
    """Every file and link below `root`, except `.git` and the folders for which `prune(path)` says yes.

    Sockets, pipes and devices are no part of a tree and are left out. Folders that the box made unreadable are made readable.
    Raises `Unsafe` for too many files or levels, and for a file that has another name outside of the checkout.
    """
    seen = Walked()
    with opened_folder(root) as top:
        _enter(top, "", 0, prune, seen)
    _require_own_names(seen)
    return seen


def read_found(root: Path, path: str, mode: str, limit: int) -> bytes:
    """The bytes of a file (or a link's target) that `walk` found. Raises `Unsafe` when it is larger than `limit` or no longer there."""
    *folders, name = path.split("/")
    held: list[int] = []
    try:
        here = os.open(root, _FOLDER_FLAGS)
        held.append(here)
        for folder in folders:
            here = os.open(folder, _FOLDER_FLAGS, dir_fd=here)
            held.append(here)
        if mode == "120000":
            return os.fsencode(os.readlink(name, dir_fd=here))
        return _content(here, name, path, limit)
    except OSError as error:
        raise Unsafe(f"{path!r} cannot be read: {error.strerror}", hint="remove it or make it a plain file") from error
    finally:
        for descriptor in held:
            os.close(descriptor)


def _enter(folder: int, prefix: str, depth: int, prune: Callable[[str], bool], seen: Walked) -> None:
    if depth > MAX_FOLDER_DEPTH:
        raise Unsafe(f"{prefix[:200]!r} is nested too deeply", hint=f"{MAX_FOLDER_DEPTH} levels are the limit")
    with os.scandir(folder) as found:
        listed = [(entry.name, entry.stat(follow_symlinks=False)) for entry in found if entry.name != ".git"]
    for name, status in listed:
        path = prefix + name
        if stat.S_ISDIR(status.st_mode):
            if not prune(path):
                seen.folders.append(path)
                below = _opened_below(folder, name)
                try:
                    _enter(below, path + "/", depth + 1, prune, seen)
                finally:
                    os.close(below)
        elif mode := _mode(status):
            seen.files[path] = Found(mode, stamp(status), status.st_ctime_ns, status.st_nlink, status.st_ino)
    if len(seen.files) > MAX_FOUND:
        raise Unsafe(f"there are more than {MAX_FOUND} files", hint="remove what was built or downloaded")


def _opened_below(folder: int, name: str) -> int:
    with suppress(PermissionError):
        return os.open(name, _FOLDER_FLAGS, dir_fd=folder)
    open_up(folder, name)
    return os.open(name, _FOLDER_FLAGS, dir_fd=folder)


def _mode(status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return "120000"
    if stat.S_ISREG(status.st_mode):
        return "100755" if status.st_mode & stat.S_IXUSR else "100644"
    return ""


def _require_own_names(seen: Walked) -> None:
    linked: dict[int, int] = {}
    for found in seen.files.values():
        if found.links > 1 and found.mode != "120000":
            linked[found.inode] = linked.get(found.inode, 0) + 1
    for path, found in seen.files.items():
        if found.inode in linked and linked[found.inode] < found.links:
            raise Unsafe(f"{path!r} has another name (hard link) outside of the work", hint="copy the file instead")


def _content(folder: int, name: str, path: str, limit: int) -> bytes:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(name, flags, dir_fd=folder)
    except PermissionError:
        open_up(folder, name)
        descriptor = os.open(name, flags, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unsafe(f"{path!r} is no plain file any more", hint="remove it")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise Unsafe(f"{path!r} has more than {limit} bytes", hint="remove it or add it to .gitignore first")
    return content
