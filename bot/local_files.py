"""The folder in which a command is called, as a tree of files. Read only; follows no link to a folder."""

import os
from pathlib import Path

from bot.core.policy.configuration import PATH, read_configuration
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.tree import TreePaths
from bot.errors import UserFault

IGNORED = frozenset({".git", ".venv", "node_modules", "__pycache__"})
"""Folders that no repository means when it says its files."""


def root_of(start: Path) -> Path:
    """The repository's top folder, or the folder itself outside of one."""
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)


def configuration_of(root: Path) -> RepositoryConfig:
    """What `.github/specbot.yml` says there. Raises `ConfigFault`."""
    file = root / PATH
    data = file.read_bytes() if file.is_file() else None
    return read_configuration(data, data)


def tree_of(root: Path) -> TreePaths:
    """Every file below, by its path from `root`."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in IGNORED]
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in names]
    return TreePaths.of(found)


def path_below(path: Path, root: Path) -> str:
    """A path that somebody named, from `root`. Raises `UserFault` when it lies elsewhere, also through links."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise UserFault(f"{path} lies outside of {root}", hint="go to its repository first") from None
