"""Somebody's work tree as files: what is in it, and putting a file's new content in the old one's place."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UserFault

IGNORED = frozenset({".git", ".venv", "node_modules", "__pycache__"})
"""Folders that no repository means when it says its files."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A work tree by its top folder. Paths inside it are relative, with `/` between their parts."""

    root: Path

    @classmethod
    def around(cls, start: Path) -> "Folder":
        """The repository's top folder, or `start` itself outside of one."""
        return cls(next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start).resolve())

    def paths(self) -> list[str]:
        """All files, tracked or not."""
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in IGNORED]
            found += [(Path(folder) / name).relative_to(self.root).as_posix() for name in names]
        return found

    def inside(self, path: Path) -> str:
        """The path of something in this folder, which need not be there; "." for the folder itself. A link keeps its own name. Raises `UserFault`
        outside of it."""
        named = path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()
        try:
            return named.relative_to(self.root).as_posix()
        except ValueError:
            raise UserFault(f"{path} lies outside of {self.root}", hint="go to its repository first") from None

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """The content of those that are files. Raises `UserFault` for one that may not be read."""
        try:
            return {name: (self.root / name).read_bytes() for name in names if (self.root / name).is_file()}
        except OSError as error:
            raise UserFault(f"{error.filename} cannot be read: {error.strerror}", hint="see who may read it") from error

    def replace(self, name: str, data: bytes) -> None:
        """Give a file a new content at once, with its mode: nobody ever sees half of it. A link stays one, where it leads to a file in here.
        Raises `UserFault` when that is not possible."""
        file = self.root / self.inside((self.root / name).resolve())
        draft = ""
        try:
            handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            shutil.copymode(file, draft)
            os.replace(draft, file)
        except OSError as error:
            if draft:
                Path(draft).unlink(missing_ok=True)
            raise UserFault(f"{name} cannot be written: {error.strerror}", hint="see who may write there") from error
