"""What a run's steps leave for later steps: typed values under a kind, as versioned JSON in the store."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from bot.agents.outcome import AgentOutcome
from bot.core import codec, held, terms
from bot.core.ci import Ci, CiRepair
from bot.core.feedback.model import AskedToAnswer, Feedback
from bot.core.held import Held
from bot.core.merge_groups import GroupProof, MergeGroup
from bot.core.orchestration.notes import Answers, Asked, Assignment, Drafted, Flip, Opened, Ordered
from bot.core.plans.model import Plan
from bot.core.plans.progress import Progress
from bot.core.policy.budgets import Grants
from bot.core.policy.model import RepositoryConfig
from bot.core.proofs.model import Contract, Verification
from bot.core.pulls import Person
from bot.core.reviews.model import ReviewFinding
from bot.core.specs.compare import Comparison
from bot.core.specs.dependencies import Unmet
from bot.core.specs.model import Reading, Spec, Status
from bot.core.terms import Terms
from bot.errors import Defect
from bot.ids import CriterionName, Digest, RunId, Sha, TaskId, TreeSha
from bot.reporting.masking import Redactor
from bot.workflows.house import House

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was true when the run was admitted: trees to compare and the configuration in force. `base` is the merge base, `base_head` where the
    base branch stood (None in notes of before that was kept)."""

    head: Sha
    head_tree: TreeSha
    base: Sha
    base_tree: TreeSha
    config: RepositoryConfig
    base_head: Sha | None = None


@dataclass(frozen=True, slots=True)
class Specs:
    """The changed specs of the head, each with how it compares with the base's, and what those in force still wait for. `moved`: those that the base
    branch has changed too since this branch left it."""

    readings: tuple[Reading, ...]
    comparisons: tuple[Comparison, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    moved: tuple[str, ...] = ()

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
class Contracted:
    """What implementing starts from: `commit` is the starting head with the locked `contracts` on top, or that head itself where it has them all
    already. `without` says of criteria why they have none. `new`: some were written in this run."""

    commit: Sha
    tree: TreeSha
    contracts: tuple[Contract, ...] = ()
    without: tuple[tuple[CriterionName, str], ...] = ()
    new: bool = False


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What one agent of one task handed in. `tree` holds its files, without what it was not to write, None when it changed nothing. `ended` is
    the ending (JSON) that kept it from its work, for the whole run to end with, "" when the agent came to an end of its own. `reused` names the
    run whose agent did this."""

    task_id: TaskId
    outcome: AgentOutcome | None
    tree: TreeSha | None = None
    dropped: tuple[str, ...] = ()
    ended: str = ""
    reused: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """A commit that the run made, for other machines: `pack` holds what it has beyond `beyond`, which is the starting head or carried too."""

    beyond: Sha
    pack: bytes


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a reviewer said of `tree` (None in notes of before that was kept). `left_out` says what it found and is not told.
    For a review that somebody asked for: `unread` says why there was none, and `only_read` that nothing was executed for it."""

    findings: tuple[ReviewFinding, ...]
    summary: str
    left_out: str = ""
    tree: TreeSha | None = None
    unread: str = ""
    only_read: bool = False


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Somebody asked for a review of this head; kept under the command's name on the run that answers for the head."""

    head: Sha
    by: Person


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a run could not do its work, in words, and the way out."""

    message: str
    way_out: str
    output: str = ""


class WaitsFor(StrEnum):
    """What a waiting run can be told to go on with."""

    APPROVAL = "approval"
    READY = "ready for review"
    BUDGET = "budget"
    PUBLICATION = "publication"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Waits:
    """For what a run waits, so that the command or event that brings it starts its next segment."""

    what: WaitsFor


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """What the planner's plan of a run was made for: specs, open criteria, configuration and base. A later run with the same takes it over."""

    digest: Digest


@dataclass(frozen=True, slots=True)
class Noticed:
    """How many model calls the run had made when its last segment ended: more of them are an agent's work since."""

    calls: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """The newest notice of a conversation, and what it is edited to once it is over; "" when it is."""

    marker: str = ""
    over: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The branch that holds unpublished work."""

    branch: str


@dataclass(frozen=True, slots=True)
class Signing:
    """GitHub is being asked to make a commit of this tree: one that appears on the branch meanwhile is the run's own."""

    tree: TreeSha


@dataclass(frozen=True, slots=True)
class Pause:
    """The newest pause of a run. Time up to `counted` has been taken out of the run's minutes already."""

    since: datetime
    until: datetime
    sentence: str
    counted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Manifests:
    """Manifests and lock files that `commit` changes and nobody approved: it was proven in the base's environment. () when there are none."""

    changed: tuple[str, ...] = ()
    commit: Sha | None = None


_KINDS: dict[type, str] = {
    Manifests: "manifests",
    Facts: "facts",
    Specs: "specs",
    Plan: "plan",
    PlanBasis: "plan basis",
    Work: "candidate",
    Verification: "verification",
    Reviewed: "review",
    AskedFor: "asked for review",
    Trouble: "trouble",
    Kept: "kept",
    Held: held.KIND,
    Noticed: "noticed",
    Told: "told",
    AgentOutcome: "agent",
    Grants: "grants",
    Pause: "pause",
    Progress: "progress",
    TaskResult: "result",
    Waits: "waits",
    Terms: terms.KIND,
    AskedToAnswer: "asked to answer",
    Feedback: "feedback",
    Carried: "carried",
    Contracted: "contracts",
    MergeGroup: "merge group",
    Signing: "signing",
    Ci: "ci",
    CiRepair: "ci repair",
    GroupProof: "merge group proof",
    Asked: "order",
    Ordered: "branch",
    Assignment: "issue",
    Drafted: "spec",
    Answers: "answers",
    Opened: "opened",
    Flip: "flip",
}


def keep(house: House, run: RunId, value: object, name: str = "") -> None:
    """Store a note; one a kind (and `name`, where there are several), the newest counts. Secrets are taken out: what is stored is shown to people and told to models."""
    house.store.keep_note(run, _kind(type(value), name), codec.encode(Redactor(house.secrets).masked(value)))


def find(house: House, run: RunId, kind: type[T], name: str = "") -> T | None:
    body = house.store.note(run, _kind(kind, name))
    return None if body is None else codec.decode(kind, body)


def names_of(house: House, run: RunId, kind: type) -> tuple[str, ...]:
    """The names under which a run has notes of that kind."""
    beginning = _kind(kind, "") + " "
    return tuple(one.removeprefix(beginning) for one in house.store.note_kinds(run, beginning))


def need(house: House, run: RunId, kind: type[T]) -> T:
    """A note that an earlier step of the same segment must have left."""
    found = find(house, run, kind)
    if found is None:
        raise Defect(f"run {run} has no note {_KINDS[kind]!r}", hint="report this; the run can be tried again")
    return found


def result_name(task_id: TaskId, attempt: int, segment: int) -> str:
    """Under which the result of one agent is stored; a later segment asks the same agent again, which costs nothing if it had ended."""
    return f"{task_id}/{attempt}/{segment}"


def _kind(kind: type, name: str) -> str:
    return f"{_KINDS[kind]} {name}" if name else _KINDS[kind]
