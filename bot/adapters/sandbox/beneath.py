"""Reading and writing files of a checkout from the outside, where the box may have laid any trap.

Every opening goes through openat2 and refuses to leave the checkout, to follow any link, and to hang on a FIFO. A file
with a second name (hard link) is refused too: the other name may be a secret's.
"""

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import NotThere, SandboxUnavailable, Unsafe

OPENAT2 = 437
"""The number of openat2(2) on every architecture that Linux has (calls since 424 share their numbers)."""

RESOLVE = 0x08 | 0x04 | 0x02
"""RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS of linux/openat2.h."""

RACES = 16
"""The kernel answers EAGAIN when something was renamed during a look-up; a box that renames all the time does not get more tries."""

NEW_FILE_MODE = 0o644
NEW_FOLDER_MODE = 0o755


def read_beneath(root: Path, path: str, limit: int) -> bytes:
    """A regular file's bytes. `NotThere` when there is no such file, `Unsafe` for links, devices, bad paths and more than `limit` bytes."""
    parts = _parts(path)
    with _opened_root(root) as top, _opened(top, "/".join(parts), os.O_RDONLY | os.O_NONBLOCK, path) as file:
        _require_plain(file, path)
        data = bytearray()
        while len(data) <= limit and (block := os.read(file, min(limit + 1 - len(data), 1 << 20))):
            data += block
    if len(data) > limit:
        raise Unsafe(f"{path} is larger than {limit} bytes", hint="read less of it, with a command in the box")
    return bytes(data)


def write_beneath(root: Path, path: str, data: bytes, owner: int | None) -> None:
    """Create or replace a regular file; folders on the way are made.

    An old file keeps its mode. New files and folders belong to `owner` (uid and gid) when given. Raises `Unsafe`.
    """
    *folders, name = _parts(path)
    with _opened_root(root) as top, _folder(top, folders, path, owner) as folder:
        flags = os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK
        with _opened(folder, name, flags, path, NEW_FILE_MODE) as file:
            _require_plain(file, path)
            if owner is not None:
                os.fchown(file, owner, owner)
            _replace_content(file, data, path)


def folder_beneath(root: Path, path: str, owner: int | None) -> None:
    """There is a real folder at `path`; made, with those on the way, where nothing is. Raises `Unsafe` when something else is there."""
    parts = _parts(path)
    try:
        with _opened_root(root) as top, _folder(top, parts, path, owner):
            pass
    except NotThere as fault:
        raise Unsafe(f"{path} is no folder") from fault


def _parts(path: str) -> list[str]:
    parts = path.split("/")
    if not path or "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise Unsafe(f"{path!r} is not a plain path below the checkout", hint="use a relative path without '..'")
    if any(part.lower() == ".git" for part in parts):
        raise Unsafe(f"{path!r} is inside a git directory", hint="leave git's own files alone")
    return parts


@contextmanager
def _opened_root(root: Path) -> Iterator[int]:
    try:
        top = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as fault:
        raise NotThere(f"the checkout is not there: {fault.strerror}") from fault
    try:
        yield top
    finally:
        os.close(top)


@contextmanager
def _opened(folder: int, path: str, flags: int, shown: str, mode: int = 0) -> Iterator[int]:
    try:
        file = _openat2(folder, path, flags, mode)
    except OSError as fault:
        raise _explained(fault, shown) from fault
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def _folder(top: int, names: list[str], shown: str, owner: int | None) -> Iterator[int]:
    """The folder below `top`, made step by step so that no link is ever followed."""
    here = os.dup(top)
    try:
        for name in names:
            made = _made(here, name, shown)
            try:
                below = _openat2(here, name, os.O_PATH | os.O_DIRECTORY, 0)
            except OSError as fault:
                raise _explained(fault, shown) from fault
            os.close(here)
            here = below
            if made and owner is not None:
                os.chown(f"/proc/self/fd/{here}", owner, owner)
        yield here
    finally:
        os.close(here)


def _made(folder: int, name: str, shown: str) -> bool:
    try:
        os.mkdir(name, NEW_FOLDER_MODE, dir_fd=folder)
    except FileExistsError:
        return False
    except OSError as fault:
        raise _explained(fault, shown) from fault
    return True


def _openat2(folder: int, path: str, flags: int, mode: int) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    how = ctypes.create_string_buffer(struct.pack("QQQ", flags | os.O_CLOEXEC, mode, RESOLVE))
    for _ in range(RACES):
        file: int = library.syscall(OPENAT2, folder, os.fsencode(path), how, 24)
        if file >= 0:
            return file
        if (code := ctypes.get_errno()) not in (errno.EAGAIN, errno.EINTR):
            raise OSError(code, os.strerror(code), path)
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN), path)


def _replace_content(file: int, data: bytes, shown: str) -> None:
    try:
        # Room first: a full disk must not cost the old content.
        if data:
            os.posix_fallocate(file, 0, len(data))
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
        os.ftruncate(file, len(data))
    except OSError as fault:
        raise Unsafe(f"{shown} cannot be written: {fault.strerror}") from fault


def _require_plain(file: int, shown: str) -> None:
    status = os.fstat(file)
    if stat.S_ISDIR(status.st_mode):
        raise NotThere(f"{shown} is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise Unsafe(f"{shown} is not a regular file")
    if status.st_nlink != 1:
        raise Unsafe(f"{shown} has {status.st_nlink} names (hard links)", hint="copy it instead")


def _explained(fault: OSError, shown: str) -> Exception:
    match fault.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return NotThere(f"there is no file {shown}")
        case errno.EISDIR:
            return NotThere(f"{shown} is a folder, not a file")
        case errno.ELOOP | errno.EXDEV:
            return Unsafe(f"{shown} leads through a link or out of the checkout")
        case errno.ENXIO | errno.ENODEV:
            return Unsafe(f"{shown} is not a regular file")
        case errno.ENOSYS:
            return SandboxUnavailable(
                "this kernel has no openat2, so files of a checkout cannot be opened safely",
                hint="use Linux 5.6 or newer, and a container whose system-call filter knows openat2",
            )
        case _:
            return Unsafe(f"{shown} cannot be opened: {fault.strerror}")
