"""Repositories and the protection of their branches."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; its content is the bare git repository at `path`."""

    id: int
    owner_id: int
    owner: str
    name: str
    private: bool
    default_branch: str
    path: Path
    created_at: datetime
    clone_url: str
    fork_of_id: int | None = None

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True)
class RequiredCheck:
    """A check that must pass before a merge. `app_id` pins who must have reported it; None takes it from anybody."""

    context: str
    app_id: int | None = None


ALL = "~ALL"
"""As the branch of a protection: it stands for every branch that has none of its own (so rulesets name all branches)."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What protects one branch. `strict`: the head must also contain the tip of the base. `merge_queue`: only its queue merges. `signatures` and
    `linear` hold for every push; `merge_methods` are those allowed, () for all. `ruleset`: it is shown by the route of rules, which everybody
    may read who may read the repository; else only to administrators."""

    id: int
    repository_id: int
    branch: str
    checks: tuple[RequiredCheck, ...]
    strict: bool = False
    enforce_admins: bool = False
    required_approvals: int = 0
    merge_queue: bool = False
    signatures: bool = False
    linear: bool = False
    merge_methods: tuple[str, ...] = ()
    ruleset: bool = False
