"""Git on bare mirrors and private checkouts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.core.pulls import RepoRef
from bot.ids import PrNumber, RepoId, Sha, TreeSha


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file in a tree. `mode` is git's six digits as text (`100644`, `100755`, `120000`, `160000`)."""

    path: str
    mode: str
    blob: str
    size: int


class ChangeKind(StrEnum):
    ADDED = "A"
    MODIFIED = "M"
    DELETED = "D"
    RENAMED = "R"
    TYPE = "T"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One path of a tree diff, without rename detection unless asked for. Modes are `000000` where a side has no file."""

    kind: ChangeKind
    path: str
    old_mode: str
    new_mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Two changes of one tree put together. `conflicts` are paths, sorted, each with git's own sentence, in which the sides are called ours and
    theirs. With conflicts the tree holds markers there (each followed by a blank and the 40 digits of an id), or for what cannot be marked
    (binary files, deletions, links) one of the sides, or both under names that end with `~` and such an id."""

    tree: TreeSha
    conflicts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who made a commit and when. Given, never taken from the clock: equal inputs make an equal SHA."""

    name: str
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checkout:
    """A directory with the files of a tree, and its private git directory elsewhere.

    `path` is laid into the box as /ws. `box_uid` is the uid that owns the files when the service runs as root, else None.
    """

    repo_id: RepoId
    path: Path
    git_dir: Path
    box_uid: int | None


class Git(Protocol):
    """Git on bare mirrors, one a repository, each behind a lock; the only place that ever sees a token.

    Nothing that a pull request brings (hooks, filters, fsmonitor, nested repositories, attributes) executes on the host. Refs and paths are
    never options. Raises `NotThere` for unknown objects, `Transient` for network trouble, `Unsafe` for hostile input, `LeaseLost` on push.
    """

    def fetch(
        self, repo: RepoRef, commits: Sequence[Sha], *, pull: PrNumber | None = None, branch: str | None = None
    ) -> None:
        """The commits and their history are in the mirror. Asked by SHA; `pull` and `branch` name refs that may hold them."""
        ...

    def missing(self, repo: RepoRef, commits: Sequence[Sha]) -> tuple[Sha, ...]:
        """Those of the commits that the mirror does not have with all their history. The remote is not asked."""
        ...

    def has_tree(self, repo: RepoRef, tree: TreeSha) -> bool:
        """Whether the mirror has that tree with all that lies in it."""
        ...

    def branch_head(self, repo: RepoRef, branch: str) -> Sha | None:
        """Where the remote's branch stands now, asked afresh; None when there is none."""
        ...

    def merge_base(self, repo: RepoRef, a: Sha, b: Sha) -> Sha: ...

    def tree(self, repo: RepoRef, commit: Sha) -> TreeSha: ...

    def entries(self, repo: RepoRef, tree: TreeSha) -> tuple[TreeEntry, ...]:
        """All files below the tree, recursively, in path order."""
        ...

    def read(self, repo: RepoRef, tree: TreeSha, path: str, *, limit: int = 1_048_576) -> bytes | None:
        """A regular file's bytes; None when there is no such regular file. Larger than `limit`: `Unsafe`."""
        ...

    def contents(self, repo: RepoRef, wanted: Sequence[TreeEntry], *, limit: int = 1_048_576) -> Mapping[str, bytes]:
        """The bytes of several regular files by path, read at once; entries that are no regular files are left out. One that is larger than
        `limit`: `Unsafe`."""
        ...

    def changed(self, repo: RepoRef, old: TreeSha, new: TreeSha) -> tuple[ChangedFile, ...]: ...

    def diff(self, repo: RepoRef, old: TreeSha, new: TreeSha) -> str:
        """A unified text diff (3 lines of context, renames detected, no external drivers), decoded with replacement."""
        ...

    def with_files(self, repo: RepoRef, tree: TreeSha, put: Mapping[str, TreeEntry], drop: Sequence[str]) -> TreeSha:
        """A new tree: `tree` with the entries of `put` laid over it (by path) and the paths of `drop` removed."""
        ...

    def with_text(self, repo: RepoRef, tree: TreeSha, path: str, text: str) -> TreeSha:
        """A new tree: `tree` with a regular file of that text at `path`. A path that we do not write: `Unsafe`."""
        ...

    def merge(self, repo: RepoRef, base: TreeSha, ours: TreeSha, theirs: TreeSha) -> Merged:
        """What `ours` and `theirs` both make of `base`, by git's own merge (with its rename detection). Equal arguments give equal trees,
        on every machine; no attribute or driver in a tree has a say. A tree with conflicts stays as long as the mirror does."""
        ...

    def checkout(self, repo: RepoRef, tree: TreeSha, name: str) -> Checkout:
        """A fresh checkout of exactly that tree under a meaningless path; one left over under `name` is thrown away first.

        New symlinks are written as git has them; nothing is executed. Owned by an own box uid when we are root.
        """
        ...

    def snapshot(self, checkout: Checkout) -> TreeSha:
        """The checkout's files as a tree in its private git directory, ignoring `.git` and what git's standard ignores of the *base*
        tree leave out. Fast when nothing changed."""
        ...

    def changed_in(self, checkout: Checkout, old: TreeSha, new: TreeSha) -> tuple[ChangedFile, ...]:
        """Like `changed`, for snapshots of the checkout."""
        ...

    def put_back(self, checkout: Checkout, paths: Sequence[str]) -> tuple[str, ...]:
        """Those of the paths that the checkout was made with are as they were then, whatever lies there or in the way now; which these are,
        sorted. Nothing else in it changes. No command may be running in it."""
        ...

    def bundle(self, checkout: Checkout, snapshot: TreeSha, base: TreeSha) -> bytes:
        """What another machine needs to rebuild `snapshot` when its mirror has `base`; opaque."""
        ...

    def restore(self, checkout: Checkout, snapshot: TreeSha, bundle: bytes) -> None:
        """The checkout's files are exactly `snapshot` again (untracked files removed)."""
        ...

    def keep_snapshot(self, checkout: Checkout, snapshot: TreeSha) -> TreeSha:
        """The snapshot's objects are in the mirror (checked by fsck), so that `changed`, `commit` and the rest work on it."""
        ...

    def pack(self, repo: RepoRef, commit: Sha, beyond: Sha, *, limit: int) -> bytes:
        """What another machine needs to have `commit` when its mirror has `beyond`; opaque. Larger than `limit` bytes: `Unsafe`."""
        ...

    def unpack(self, repo: RepoRef, commit: Sha, pack: bytes) -> None:
        """The commit is in the mirror with all that it refers to, checked by fsck and kept alive. A pack that is damaged, hostile or does not
        hold it: `Unsafe`; what it builds on is not here: `NotThere`."""
        ...

    def discard(self, checkout: Checkout) -> None: ...

    def discard_abandoned(self) -> int:
        """Remove the checkouts that dead processes left behind; how many. Those of live processes stay."""
        ...

    def close(self) -> None:
        """Let go of what this process holds (locks, uids); files stay."""
        ...

    def commit(self, repo: RepoRef, tree: TreeSha, parents: Sequence[Sha], message: str, author: Authorship) -> Sha:
        """A commit in the mirror, kept alive by a ref. Equal arguments give the same SHA."""
        ...

    def push(self, repo: RepoRef, commit: Sha, branch: str, *, expected: Sha | None) -> None:
        """The remote's `branch` points at `commit`. `expected` is where it must stand before (None: it must not exist). Already there: fine,
        nothing is sent. Anything else: `LeaseLost`. A refusal by the server's rules: `Refused` with its words."""
        ...
