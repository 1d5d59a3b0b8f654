"""What a set-up left behind: new folders of its checkout taken out of it, and all of it made harmless and readable by every box."""

import os
import shutil
import stat
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.git.folders import opened_folder
from bot.errors import EnvironmentFault

MOST_LAYERS = 200
"""Folders that a set-up may add to the checkout: each is a mount in every box. A monorepo has two for each project."""


@dataclass(frozen=True, slots=True)
class Products:
    """`folders` are paths below the checkout, in the order in which they are numbered on disk. `left_out` are new files outside of new folders: they
    cannot be laid under a checkout without showing there as changes."""

    folders: tuple[str, ...]
    left_out: tuple[str, ...]


def taken(checkout: Path, tracked: Collection[str], place: Path) -> Products:
    """Move the topmost folders that are no part of the tree to `place/0`, `place/1`, …; `tracked` are the paths of the tree's files.

    Nothing may be running in the checkout. Raises `EnvironmentFault` for more than `MOST_LAYERS`.
    """
    known = set(tracked)
    parents = {path[:index] for path in known for index, char in enumerate(path) if char == "/"}
    folders: list[str] = []
    left_out: list[str] = []
    waiting = [""]
    while waiting:
        here = waiting.pop()
        with opened_folder(checkout / here) as opened, os.scandir(opened) as entries:
            for entry in sorted(entries, key=lambda found: found.name):
                path = f"{here}/{entry.name}" if here else entry.name
                if not entry.is_dir(follow_symlinks=False):
                    if path not in known:
                        left_out.append(path)
                elif path in parents:
                    waiting.append(path)
                elif entry.name.lower() != ".git":
                    folders.append(path)
    if len(folders) > MOST_LAYERS:
        raise EnvironmentFault(
            f"the set-up made {len(folders)} new folders, more than {MOST_LAYERS}",
            hint="let it put what it makes into few folders",
        )
    place.mkdir()
    for number, path in enumerate(folders):
        with suppress(PermissionError):
            os.chmod(checkout / path, 0o700)
        os.rename(checkout / path, place / str(number))
    return Products(tuple(folders), tuple(left_out))


def sealed(root: Path) -> int:
    """Everything below belongs to us and is readable by everybody; devices, sockets and FIFOs are gone, and so are set-uid bits. Bytes in all."""
    size = 0
    own = (os.geteuid(), os.getegid())
    waiting = [root]
    while waiting:
        here = waiting.pop()
        with opened_folder(here) as folder:
            os.fchown(folder, *own)
            os.fchmod(folder, 0o755)
            for name in os.listdir(folder):
                status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                size += status.st_blocks * 512
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(here / name)
                elif stat.S_ISLNK(status.st_mode):
                    os.chown(name, *own, dir_fd=folder, follow_symlinks=False)
                elif stat.S_ISREG(status.st_mode):
                    os.chown(name, *own, dir_fd=folder, follow_symlinks=False)
                    os.chmod(name, 0o755 if status.st_mode & 0o100 else 0o644, dir_fd=folder)
                else:
                    os.unlink(name, dir_fd=folder)
    return size


def removed(folder: Path) -> None:
    """Away with it; what a set-up closed to us is opened first. Never raises."""
    for here, names, _ in os.walk(folder):
        for name in names:
            path = os.path.join(here, name)
            if not os.path.islink(path):
                with suppress(OSError):
                    os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)
