"""What a run's steps leave for later steps: typed values under a kind, as versioned JSON in the store."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.agents.outcome import AgentOutcome
from bot.core import codec
from bot.core.plans.model import Plan
from bot.core.policy.budgets import Grants
from bot.core.policy.model import RepositoryConfig
from bot.core.proofs.model import Verification
from bot.core.runs import ReviewFinding
from bot.core.specs.compare import Comparison
from bot.core.specs.dependencies import Unmet
from bot.core.specs.model import Reading, Spec, Status
from bot.errors import Defect
from bot.ids import RunId, Sha, TreeSha
from bot.reporting.masking import Redactor
from bot.workflows.house import House

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was true when the run was admitted: trees to compare and the configuration in force. `base` is the merge base."""

    head: Sha
    head_tree: TreeSha
    base: Sha
    base_tree: TreeSha
    config: RepositoryConfig


@dataclass(frozen=True, slots=True)
class Specs:
    """The changed specs of the head, each with how it compares with the base's, and what those in force still wait for."""

    readings: tuple[Reading, ...]
    comparisons: tuple[Comparison, ...] = ()
    unmet: tuple[Unmet, ...] = ()

    @property
    def in_force(self) -> tuple[Spec, ...]:
        """The specs that claim something: read without error and not drafts."""
        return tuple(r.spec for r in self.readings if r.spec and r.spec.status is Status.READY)

    @property
    def scope(self) -> tuple[str, ...]:
        """What agents may write; () when a spec in force sets no limit."""
        if any(not spec.scope for spec in self.in_force):
            return ()
        return tuple(dict.fromkeys(pattern for spec in self.in_force for pattern in spec.scope))


@dataclass(frozen=True, slots=True)
class Work:
    """A candidate: its commit and tree, and the paths that were taken out of it because they were not the agent's to write."""

    commit: Sha
    tree: TreeSha
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    findings: tuple[ReviewFinding, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a run could not do its work, in words, and the way out."""

    message: str
    way_out: str
    output: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The branch that holds unpublished work."""

    branch: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The newest pause of a run. Time up to `counted` has been taken out of the run's minutes already."""

    since: datetime
    until: datetime
    sentence: str
    counted: datetime | None = None


_KINDS: dict[type, str] = {
    Facts: "facts",
    Specs: "specs",
    Plan: "plan",
    Work: "candidate",
    Verification: "verification",
    Reviewed: "review",
    Trouble: "trouble",
    Kept: "kept",
    AgentOutcome: "agent",
    Grants: "grants",
    Pause: "pause",
}


def keep(house: House, run: RunId, value: object) -> None:
    """Store a note; one a kind, the newest counts. Secrets are taken out: what is stored is shown to people and told to models."""
    house.store.keep_note(run, _KINDS[type(value)], codec.encode(Redactor(house.secrets).masked(value)))


def find(house: House, run: RunId, kind: type[T]) -> T | None:
    body = house.store.note(run, _KINDS[kind])
    return None if body is None else codec.decode(kind, body)


def need(house: House, run: RunId, kind: type[T]) -> T:
    """A note that an earlier step of the same segment must have left."""
    found = find(house, run, kind)
    if found is None:
        raise Defect(f"run {run} has no note {_KINDS[kind]!r}", hint="report this; the run can be tried again")
    return found
