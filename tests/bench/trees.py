"""Checkouts and snapshots of a large tree, against git doing the same without our precautions."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from bot.ids import Sha
from tests.adapters.git.origin import REPO
from tests.bench.measuring import Row, Way, in_turns, seconds, times
from tests.bench.place import Place, folder, place, sources

FILES = 3_000
CHANGED = 10
TURNS = 3


def measure() -> list[Row]:
    with folder() as root, place(root, sources(FILES)) as here:
        subject = _Subject(here)
        laid = in_turns({"ours": seconds(subject.check_out), "git": seconds(subject.git_check_out)}, TURNS)
        still = in_turns({"ours": seconds(subject.snapshot), "git": seconds(subject.git_add)}, TURNS)
        after = in_turns({"ours": subject.edited(subject.snapshot), "git": subject.edited(subject.git_add)}, TURNS)
    return [
        times(
            f"checkout of {FILES:,} files",
            laid["ours"],
            "`git rm` and `git checkout`",
            laid["git"],
            "before every agent and every execution of a proof, the old one removed first; ours checks each name, runs no filter and gives the files to the box's user",
        ),
        times(
            "snapshot, nothing changed",
            still["ours"],
            "`git add -A` and `git write-tree`",
            still["git"],
            f"after every command of an agent; {FILES:,} files are looked at and no process is started",
        ),
        times(
            f"snapshot, {CHANGED} files changed",
            after["ours"],
            "`git add -A` and `git write-tree`",
            after["git"],
            "after a command that changed something; ours starts one git command and asks git what the rules ignore when files are new; git two",
        ),
    ]


class _Subject:
    """The same tree in a checkout of ours and in a work tree of git's own; both are used again and again."""

    def __init__(self, here: Place) -> None:
        self._here = here
        self._ours = here.git.checkout(REPO, here.tree, "snapshots")
        self._theirs = here.root / "theirs"
        self._edits = 0
        _git(here.root, "clone", "-q", "--shared", str(here.root / "origin.git"), str(self._theirs))
        self._commit = Sha(_git(self._theirs, "rev-parse", "HEAD"))

    def check_out(self) -> None:
        """Into a fresh folder, as always; the old one of that name is removed before, as git has to below."""
        self._here.git.checkout(REPO, self._here.tree, "laid")

    def git_check_out(self) -> None:
        _git(self._theirs, "rm", "-rqf", "--", ".")
        _git(self._theirs, "checkout", "-qf", self._commit, "--", ".")

    def snapshot(self) -> None:
        self._here.git.snapshot(self._ours)

    def git_add(self) -> None:
        _git(self._theirs, "add", "-A")
        _git(self._theirs, "write-tree")

    def edited(self, work: Callable[[], None]) -> Way:
        """`work` after an edit of some files, which is not timed."""

        def once() -> float:
            self._edits += 1
            for root in (self._ours.path, self._theirs):
                for number in range(CHANGED):
                    (root / f"package_{number}" / f"module_{number * 50}.py").write_text(f"EDIT = {self._edits}\n")
            return seconds(work)()

        return once


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()
