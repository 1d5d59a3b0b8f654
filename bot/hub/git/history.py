"""Commits and how they relate."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.hub.git.bare import Bare, GitFailed

FIELD = "\x1f"
FORMAT = FIELD.join(("%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"))


@dataclass(frozen=True, slots=True)
class Signature:
    """Who and when, as a commit says it."""

    name: str
    email: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as git knows it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How `head` stands to `base`: the merge base (None: unrelated), commits only in head (oldest first), count only in base."""

    base: str
    head: str
    merge_base: str | None
    ahead: tuple[Commit, ...]
    behind: int

    @property
    def status(self) -> str:
        """`identical`, `ahead`, `behind` or `diverged`."""
        if self.base == self.head:
            return "identical"
        if self.ahead and self.behind:
            return "diverged"
        return "ahead" if self.ahead else "behind"


def commit(bare: Bare, sha: str) -> Commit:
    """The commit with this full id. Raises GitFailed if there is none."""
    return bare.remember(("commit", sha), lambda: log(bare, "--no-walk", sha)[0])


def log(bare: Bare, *what: str) -> tuple[Commit, ...]:
    """Commits in the order of `git log` with these arguments."""
    out = bare.text("log", "-z", f"--format={FORMAT}", *what)
    return tuple(_commit(entry) for entry in out.split("\0") if entry)


def _commit(entry: str) -> Commit:
    sha, tree, parents, an, ae, at, cn, ce, ct, message = entry.split(FIELD, 9)
    return Commit(
        sha,
        tree,
        tuple(parents.split()),
        Signature(an, ae, datetime.fromisoformat(at).astimezone(UTC)),
        Signature(cn, ce, datetime.fromisoformat(ct).astimezone(UTC)),
        message.rstrip("\n"),
    )


def merge_base(bare: Bare, one: str, other: str) -> str | None:
    """The best common ancestor, or None for unrelated histories."""

    def ask() -> str | None:
        status, out = bare.run("merge-base", one, other, allow=(0, 1))
        return out.decode().split("\n", 1)[0] if status == 0 else None

    return bare.remember(("merge-base", one, other), ask)


def compare(bare: Bare, base: str, head: str) -> Comparison:
    """How two commits stand to each other."""

    def ask() -> Comparison:
        ahead = log(bare, "--reverse", "--topo-order", f"{base}..{head}")
        behind = int(bare.text("rev-list", "--count", f"{head}..{base}"))
        return Comparison(base, head, merge_base(bare, base, head), ahead, behind)

    return bare.remember(("compare", base, head), ask)


def new_commits(bare: Bare, before: str, after: str) -> tuple[Commit, ...]:
    """Commits that a push brought, oldest first; for a new branch those that no other branch had, at most twenty."""
    if not int(after, 16):
        return ()
    if int(before, 16):
        try:
            return log(bare, "--reverse", "--topo-order", f"{before}..{after}")
        except GitFailed:  # the old commit is gone after a force push and a collection
            return log(bare, "-1", after)
    return log(bare, "-20", "--reverse", after)
