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
class Distance:
    """How a head stands to a base: the numbers of commits that only the head has, and only the base."""

    ahead: int
    behind: int

    @property
    def status(self) -> str:
        """`identical`, `ahead`, `behind` or `diverged`."""
        if self.ahead and self.behind:
            return "diverged"
        return "ahead" if self.ahead else "behind" if self.behind else "identical"


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


def distance(bare: Bare, base: str, head: str) -> Distance:
    """How two commits stand to each other."""

    def ask() -> Distance:
        behind, ahead = bare.text("rev-list", "--left-right", "--count", f"{base}...{head}").split()
        return Distance(int(ahead), int(behind))

    return bare.remember(("distance", base, head), ask)


def only_in(bare: Bare, head: str, base: str) -> tuple[Commit, ...]:
    """The commits that only the head has, oldest first."""
    return bare.remember(("only", head, base), lambda: log(bare, "--reverse", "--topo-order", f"{base}..{head}"))


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
