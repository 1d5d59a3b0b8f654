"""Writing and removing folders that somebody hostile may have filled: by directory descriptors, never through a link."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.core.ports import TreeEntry
from bot.errors import Unsafe

MAX_BYTES = 4 << 30
"""What a whole checkout may take on disk; GitHub recommends repositories below 1 GB."""

MAX_FOLDER_DEPTH = 128
"""A descriptor is held for each level; real trees have about twenty."""

_EXECUTABLE = "100755"
_LINK = "120000"
_GITLINK = "160000"
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Laid:
    """A file as it was written: its `stamp`, and its change time."""

    stamp: str
    changed_ns: int


def stamp(status: os.stat_result) -> str:
    """What changes whenever a file changes: nobody in the box can set the change time or the inode."""
    return f"{status.st_ino}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_size}:{status.st_mode:o}"


@contextmanager
def opened_folder(path: Path) -> Iterator[int]:
    """The folder as a descriptor, also when the box has closed it to us. A link in its place is an OSError."""
    try:
        descriptor = os.open(path, _FOLDER_FLAGS)
    except PermissionError:
        path.chmod(0o700)
        descriptor = os.open(path, _FOLDER_FLAGS)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_up(folder: int, name: str) -> None:
    """Give ourselves the right to read and change what lies at `name` (no link is followed)."""
    descriptor = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        os.chmod(f"/proc/self/fd/{descriptor}", mode | (0o700 if stat.S_ISDIR(os.fstat(descriptor).st_mode) else 0o600))
    finally:
        os.close(descriptor)


def lay_out(root: Path, entries: Sequence[TreeEntry], contents: Iterable[bytes], owner: int | None) -> dict[str, Laid]:
    """Write the entries below the empty folder `root`, with contents in the same order; returns each file as it was `Laid`.

    Links are written as links, gitlinks as empty folders, bytes exactly as they are (no filter, no line ends). All belongs to
    `owner` (uid and gid) when given. Raises `Unsafe` for names that collide on this file system and for too much.
    """
    if sum(entry.size for entry in entries) > MAX_BYTES:
        raise Unsafe("the tree is too large to be checked out", hint=f"{MAX_BYTES >> 30} GiB are the limit")
    stamps: dict[str, Laid] = {}
    filled = iter(contents)
    with opened_folder(root) as top:
        cursor = _Cursor(top, owner)
        try:
            for entry in entries:
                *folders, name = entry.path.split("/")
                if entry.mode == _GITLINK:
                    cursor.at([*folders, name])
                else:
                    stamps[entry.path] = _write(cursor.at(folders), name, entry, next(filled), owner)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise Unsafe(f"the tree's names collide: {error.filename!r}", hint="rename one of the files") from error
        finally:
            cursor.close()
        if owner is not None:
            os.fchown(top, owner, owner)
    return stamps


def lay_over(root: Path, entries: Sequence[TreeEntry], contents: Iterable[bytes], owner: int | None) -> None:
    """Write the entries below `root`, whatever somebody left in their places or in the way, and nothing else. As `lay_out` otherwise.

    Raises `Unsafe` when it cannot be done. Nobody else may be writing there.
    """
    with opened_folder(root) as top:
        os.fchmod(top, 0o700)
        for entry in entries:
            _make_way(top, entry.path.split("/"))
    filled = iter(contents)
    for entry in entries:
        lay_out(root, [entry], filled if entry.mode != _GITLINK else (), owner)


def empty(root: Path) -> None:
    """Remove everything below `root`, however deep, unreadable or linked it is. Nobody else may be writing there any more."""
    with opened_folder(root) as top:
        os.fchmod(top, 0o700)
        while names := os.listdir(top):
            for name in names:
                _remove(top, name, top, 0)


def remove(root: Path) -> None:
    """Remove the folder `root` and everything below it; fine when it is not there."""
    with suppress(FileNotFoundError):
        empty(root)
        root.rmdir()


def _make_way(top: int, names: Sequence[str]) -> None:
    """Nothing lies at the path `names` any more, and what lies above it are folders, as far as they are there."""
    held: list[int] = []
    here = top
    try:
        for name in names[:-1]:
            try:
                status = os.stat(name, dir_fd=here, follow_symlinks=False)
            except FileNotFoundError:
                return None
            if not stat.S_ISDIR(status.st_mode):
                return _remove(here, name, top, 0)
            open_up(here, name)
            here = os.open(name, _FOLDER_FLAGS, dir_fd=here)
            held.append(here)
        with suppress(FileNotFoundError):
            _remove(here, names[-1], top, 0)
    finally:
        for descriptor in held:
            os.close(descriptor)


def _write(folder: int, name: str, entry: TreeEntry, content: bytes, owner: int | None) -> Laid:
    if entry.mode == _LINK:
        os.symlink(content, name, dir_fd=folder)
        if owner is not None:
            os.chown(name, owner, owner, dir_fd=folder, follow_symlinks=False)
        return _laid(os.stat(name, dir_fd=folder, follow_symlinks=False))
    descriptor = os.open(name, _NEW_FILE_FLAGS, 0o600, dir_fd=folder)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        if owner is not None:
            os.fchown(descriptor, owner, owner)
        os.fchmod(descriptor, 0o755 if entry.mode == _EXECUTABLE else 0o644)
        return _laid(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _laid(status: os.stat_result) -> Laid:
    return Laid(stamp(status), status.st_ctime_ns)


class _Cursor:
    """The open folders from the root to where the last file was written."""

    def __init__(self, top: int, owner: int | None) -> None:
        self._owner = owner
        self._names: list[str] = []
        self._open = [top]

    def at(self, names: Sequence[str]) -> int:
        """The descriptor of that folder, made where it is missing."""
        if len(names) > MAX_FOLDER_DEPTH:
            raise Unsafe(f"the tree has more than {MAX_FOLDER_DEPTH} levels", hint="make it flatter")
        same = 0
        while same < min(len(names), len(self._names)) and names[same] == self._names[same]:
            same += 1
        self._leave(same)
        for name in names[same:]:
            self._enter(name)
        return self._open[-1]

    def close(self) -> None:
        self._leave(0)

    def _enter(self, name: str) -> None:
        with suppress(FileExistsError):
            os.mkdir(name, 0o755, dir_fd=self._open[-1])
        descriptor = os.open(name, _FOLDER_FLAGS, dir_fd=self._open[-1])
        self._open.append(descriptor)
        self._names.append(name)
        os.fchmod(descriptor, 0o755)
        if self._owner is not None:
            os.fchown(descriptor, self._owner, self._owner)

    def _leave(self, depth: int) -> None:
        while len(self._names) > depth:
            self._names.pop()
            os.close(self._open.pop())


def _remove(folder: int, name: str, top: int, depth: int) -> None:
    """Remove `name` in `folder`. What lies too deep is moved up to `top` and removed from there, so that depth costs no descriptors."""
    if not stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        return os.unlink(name, dir_fd=folder)
    # Reading a folder and moving it need rights that the box may have taken away.
    open_up(folder, name)
    if depth >= MAX_FOLDER_DEPTH:
        return os.rename(name, f"removed-{os.urandom(12).hex()}", src_dir_fd=folder, dst_dir_fd=top)
    inner = os.open(name, _FOLDER_FLAGS, dir_fd=folder)
    try:
        for child in os.listdir(inner):
            _remove(inner, child, top, depth + 1)
    finally:
        os.close(inner)
    return os.rmdir(name, dir_fd=folder)
