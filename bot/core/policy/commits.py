"""How our commits get to a branch: by git push, or made and signed by GitHub itself where the branch requires signatures. Pure."""

from collections.abc import Sequence

from bot.core.policy.branch_rules import BranchRules
from bot.core.policy.model import CommitPolicy
from bot.core.ports import ChangedFile, ChangeKind

PLAIN = "100644"
"""The one mode that GitHub's `createCommitOnBranch` makes: a file addition has a path and contents, and nothing else (GraphQL reference)."""

MOST_FILES = 100
"""Of one commit by the API. GitHub documents no number; one client says it is refused beyond this (devantler-tech/ksail#6442). A guess on the safe
side: what is larger waits for a person."""

MOST_BYTES = 25_000_000
"""Of all contents together. A request of 40 MB was measured to fail (grafana/github-api-commit-action#66); Base64 makes a third more of it."""


def by_api(policy: CommitPolicy, head: BranchRules, base: BranchRules) -> bool:
    """A base that requires signatures does not take a merge with unsigned commits in it, so the head's commits are signed for it too."""
    if policy is CommitPolicy.AUTO:
        return head.signatures or base.signatures
    return policy is CommitPolicy.API


def contradiction(policy: CommitPolicy, head: BranchRules, base: BranchRules) -> str:
    """What makes it pointless to begin, "" when nothing does."""
    if policy is not CommitPolicy.PUSH or not (head.signatures or base.signatures):
        return ""
    which = "this branch" if head.signatures else "the base branch"
    return f"{which} takes only signed commits, and `commits: push` says that ours are pushed unsigned"


def cannot_carry(changes: Sequence[ChangedFile], size: int) -> str:
    """Why a change cannot be made by GitHub's API, in words for people; "" when it can. `size` is of all new contents together, in bytes."""
    odd = next((f for f in changes if f.kind is not ChangeKind.DELETED and f.new_mode != PLAIN), None)
    if odd is not None:
        return f"`{odd.path}` is {_kind(odd.new_mode)}"
    if len(changes) > MOST_FILES:
        return f"{len(changes)} files change, and it takes {MOST_FILES} at most"
    if size > MOST_BYTES:
        return f"the files have {size:,} bytes together, and it takes {MOST_BYTES:,} at most"
    return ""


def _kind(mode: str) -> str:
    return {"100755": "an executable file", "120000": "a symbolic link", "160000": "a submodule"}.get(mode, "no file")
