"""The user's own clone: where a spec stands in it, and the branch the work goes to.

Only plumbing, so that the user's index, work tree and hooks are never touched. The clone is the user's own and trusted as such.
"""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.core.policy.configuration import PATH, read_configuration
from bot.core.specs.layouts import SpecPlace, named_place
from bot.errors import NotThere, UserFault
from bot.ids import Sha, TreeSha

GIT_SECONDS = 60
"""Plumbing on a local repository takes milliseconds; a minute means that something hangs (a lock, a dead file system)."""


@dataclass(frozen=True, slots=True)
class LocalWork:
    """What is to be done in a clone: `spec_path` is the spec's file or folder, `head` has the spec, `base` is what it is compared with, `branch` points at `head`."""

    root: Path
    spec_path: str
    head: Sha
    base: Sha
    branch: str


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone, by its top folder."""

    root: Path

    @classmethod
    def around(cls, path: Path) -> "Clone":
        """The clone that holds `path`. Raises `UserFault` outside of one."""
        folder = path if path.is_dir() else path.parent
        found = _git(folder, "rev-parse", "--show-toplevel", missing=f"{folder} is in no git repository")
        return cls(Path(found))

    def prepare(self, spec: Path, base: str | None = None) -> LocalWork:
        """`find_work` with its new branch `specbot/NAME` made."""
        work = self.find_work(spec, base)
        _git(self.root, "update-ref", "--create-reflog", f"refs/heads/{work.branch}", work.head, "0" * 40)
        return work

    def find_work(self, spec: Path, base: str | None = None) -> LocalWork:
        """A commit that has the spec as it stands in the work tree, what to compare it with, and a branch name that is free.

        `spec` is its file, or any file or the folder of one that is a folder. `base`: a revision to compare with; by default HEAD for a spec
        that HEAD lacks or has otherwise, else the commit before the spec came (for one file: before its last change). Nothing but loose
        objects is written. Raises `UserFault`.
        """
        try:
            relative = spec.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            raise UserFault(f"{spec} lies outside of {self.root}", hint="name a spec inside the clone") from None
        place = self._place(relative)
        here = self.commit("HEAD", hint="commit something first")
        head = self._with_spec(here, place)
        against = self.commit(base, hint="name an existing revision") if base else self._before(here, head, place)
        return LocalWork(self.root, place.path, head, against, self._free_branch(place.path))

    def commit(self, revision: str, *, hint: str = "") -> Sha:
        """A revision's commit. Raises `UserFault`."""
        spelled = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return Sha(_git(self.root, *spelled, missing=f"there is no commit {revision!r} in {self.root}", hint=hint))

    def tree(self, revision: str) -> TreeSha:
        """A revision's tree. Raises `UserFault`."""
        return TreeSha(_git(self.root, "rev-parse", f"{self.commit(revision)}^{{tree}}"))

    def file(self, revision: str, path: str) -> bytes | None:
        """A file's content at a revision; None when there is none."""
        try:
            return _git_bytes(self.root, "cat-file", "blob", f"{revision}:{path}")
        except NotThere:
            return None

    def branch_head(self, branch: str) -> Sha | None:
        try:
            return Sha(_git(self.root, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}"))
        except NotThere:
            return None

    def _place(self, relative: str) -> SpecPlace:
        """The spec that a path belongs to. A file in no spec's place is a native one: it was named. Raises `UserFault`."""
        file = self.root / relative
        if not file.exists():
            raise UserFault(f"there is no file {relative}", hint="name a spec, its file or its folder")
        configuration = self.root / PATH
        data = configuration.read_bytes() if configuration.is_file() else None
        place = named_place(relative, read_configuration(data, data), folder=file.is_dir())
        if place is None:
            raise UserFault(f"{relative} is the folder of no spec", hint="name a spec, its file or its folder")
        return place

    def _with_spec(self, here: Sha, place: SpecPlace) -> Sha:
        """HEAD itself when it has exactly this spec, else a commit on top of it that has."""
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            _git(self.root, "read-tree", here, extra=index)
            for path in self._files(place):
                if (self.root / path).is_file():
                    blob = _git(self.root, "hash-object", "-w", "--no-filters", "--", path)
                    _git(self.root, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", extra=index)
                else:
                    _git(self.root, "update-index", "--force-remove", "--", path, extra=index)
            tree = _git(self.root, "write-tree", extra=index)
        if tree == _git(self.root, "rev-parse", f"{here}^{{tree}}"):
            return here
        words = ("commit-tree", "-p", here, "-m", f"Add the spec {place.path}", tree)
        return Sha(_git(self.root, *words, extra=self._author()))

    def _files(self, place: SpecPlace) -> list[str]:
        """The spec's files, those in git and those that are to come; what git ignores is none."""
        if (self.root / place.path).is_file():
            return [place.path]
        listed = _git(self.root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", place.path)
        return sorted({name for name in listed.split("\0") if name})

    def _author(self) -> dict[str, str]:
        """Nothing where git knows who the user is; else a name of our own, for a proof needs no name."""
        try:
            _git(self.root, "var", "GIT_AUTHOR_IDENT")
        except NotThere:
            who = {"NAME": "specbot", "EMAIL": "specbot@localhost"}
            return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
        return {}

    def _before(self, here: Sha, head: Sha, place: SpecPlace) -> Sha:
        if head != here:
            return here
        changes = _git(self.root, "log", "--format=%H", here, "--", place.path).split()
        # A folder grows over several commits, often together with the work: it is compared with what was there before its first one.
        brought = changes[0] if (self.root / place.path).is_file() else changes[-1]
        try:
            return self.commit(f"{brought}^")
        except UserFault:
            return Sha(brought)

    def _free_branch(self, relative: str) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", Path(relative).name.removesuffix(".md").lower()).strip("-") or "spec"
        number = 1
        while self.branch_head(f"specbot/{slug}-{number}") is not None:
            number += 1
        return f"specbot/{slug}-{number}"


def _git(folder: Path, *arguments: str, missing: str = "", hint: str = "", extra: dict[str, str] | None = None) -> str:
    try:
        return _git_bytes(folder, *arguments, extra=extra).decode().strip()
    except NotThere as fault:
        if missing:
            raise UserFault(missing, hint=hint) from fault
        raise


def _git_bytes(folder: Path, *arguments: str, extra: dict[str, str] | None = None) -> bytes:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", **(extra or {})}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=GIT_SECONDS,
        check=False,
    )
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} found nothing"
        raise NotThere(words)
    return done.stdout
