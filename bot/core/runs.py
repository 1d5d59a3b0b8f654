"""A run: the work for one pull request at one starting head, its budget, its state and its report."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.chat import Usage
from bot.core.ci import Ci
from bot.core.plans.model import Plan
from bot.core.plans.progress import Progress
from bot.core.proofs.model import Contract, Place, Verification
from bot.core.pulls import Person, RepoRef
from bot.core.reviews.model import ReviewFinding
from bot.core.specs.model import Reading
from bot.ids import AgentKey, PrNumber, RepoId, RunId, Sha, is_of_issue

SEGMENT_MARK = "."
"""Between a run's id, which never holds it, and the number of a later segment, in a check's `external_id`."""


def run_of_check(external_id: str) -> RunId:
    """The run that a check of ours names."""
    return RunId(external_id.partition(SEGMENT_MARK)[0])


class RunState(StrEnum):
    """QUEUED and WORKING are live. WAITING: a person is needed. The rest have ended."""

    QUEUED = "queued"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"

    @property
    def live(self) -> bool:
        return self in (RunState.QUEUED, RunState.WORKING)


class Stage(StrEnum):
    """Where a live run is; the order is the order of work."""

    ADMISSION = "admission"
    SPEC = "write the spec"
    LINT = "lint"
    PROVE_HEAD = "prove the head"
    PLAN = "plan"
    CONTRACTS = "contracts"
    IMPLEMENT = "implement"
    VERIFY = "verify"
    REPAIR = "repair"
    REVIEW = "review"
    PUBLISH = "publish"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Budget:
    """Hard caps on one run. `usd` is None where no price is known or none was set."""

    usd: float | None
    tokens: int
    minutes: float
    turns: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run has used. `usd` is None when some call's price is unknown."""

    usage: Usage = Usage()
    calls: int = 0
    usd: float | None = 0.0


@dataclass(frozen=True, slots=True)
class BillLine:
    """What one agent used of one model; `seconds` is how long it waited for answers in all."""

    agent: AgentKey
    model: str
    spent: Spent
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """A run as stored, for a pull request or (`of_issue`) for an issue. `(repo_id, number, start_head, attempt)` is unique, kept by the database. `verify_only`: asked for by
    `/specbot verify`, no model is called. `segment` counts from 1: a command that resumes a waiting run starts the next one.
    `worked_seconds` is the time of its ended segments, `working_since` when the present one began (None: it is `created_at`)."""

    run_id: RunId
    repo: RepoRef
    number: PrNumber
    start_head: Sha
    attempt: int
    head_repo_id: RepoId
    head_ref: str
    base_ref: str
    state: RunState
    stage: Stage
    reason: str
    requester: Person
    created_at: datetime
    ended_at: datetime | None = None
    candidate: Sha | None = None
    published: bool = False
    verify_only: bool = False
    segment: int = 1
    worked_seconds: float = 0.0
    working_since: datetime | None = None

    @property
    def check_id(self) -> str:
        """The `external_id` of the acceptance check: one for each segment, because a completed check is never reopened."""
        return self.run_id if self.segment == 1 else f"{self.run_id}{SEGMENT_MARK}{self.segment}"

    @property
    def of_issue(self) -> bool:
        """It writes a spec for an issue: `number` is the issue's, `start_head` the target branch's head, `head_ref` the branch of the spec."""
        return is_of_issue(self.run_id)

    @property
    def from_fork(self) -> bool:
        """The head lies in another repository: we prove it, and never write there nor bring its commits into ours."""
        return self.head_repo_id != self.repo.repo_id


def worked(run: Run, now: datetime) -> float:
    """Seconds that the run has worked: all of its segments, and none of the time that it waited for a person."""
    if run.state.live:
        return run.worked_seconds + max((now - (run.working_since or run.created_at)).total_seconds(), 0.0)
    return run.worked_seconds


@dataclass(frozen=True, slots=True)
class RunReport:
    """Everything that checks, review, sticky comment and terminal are rendered from; they all say the same thing.

    `head` is the commit the report is about: the starting head, or the candidate once it is published.
    `kept_on` names the branch that holds unpublished work, "" when there is none. `trouble` is an error in words, `way_out`
    what to do about it, `trouble_output` what a tool printed on that occasion (an environment's set-up). `agents` is False where
    the owners or a spec said that people implement. `repo_url` is the repository's page, "" where there is none (a local clone).
    `put_back`: paths that were taken out of the agents' work, each as `PATH: a sentence why`. `unfinished`: why the last agent ended
    without handing in, "" when it did or none was asked. `estimate` says what runs like this one have cost, `pause` for what and until when
    the run waits; both are sentences, "" when there is nothing to say. `approvable`: the run waits for somebody to approve
    its plan. `contracts` are the locked tests that stand for criteria without a command. `places`: lines of `head` that failures name.
    `review_left_out` says what the reviewer found and is not told, "" when all is.
    `manifests`: files that say what is to be installed, changed at `manifests_at` and approved by nobody, so that the proofs ran without it.
    `of_issue`: the spec was written for an issue, and while it is a draft somebody can approve it.
    `moved`: specs that the base branch has changed too since this branch left it. `ci` is what others report on a commit, None while nothing was heard. `held_patch` is the work that was pushed nowhere.
    """

    run: Run
    head: Sha
    base_sha: Sha
    readings: tuple[Reading, ...]
    spent: Spent
    budget: Budget
    seconds: float
    plan: Plan | None = None
    verification: Verification | None = None
    review: tuple[ReviewFinding, ...] = ()
    review_summary: str = ""
    review_left_out: str = ""
    kept_on: str = ""
    trouble: str = ""
    way_out: str = ""
    details_url: str = ""
    model: str = ""
    ledger_head: str = ""
    sandbox: str = ""
    trouble_output: str = ""
    agents: bool = True
    repo_url: str = ""
    put_back: tuple[str, ...] = ()
    unfinished: str = ""
    progress: Progress | None = None
    estimate: str = ""
    pause: str = ""
    approvable: bool = False
    contracts: tuple[Contract, ...] = ()
    places: tuple[Place, ...] = ()
    manifests: tuple[str, ...] = ()
    manifests_at: str = ""
    of_issue: bool = False
    ci: Ci | None = None
    held_patch: str = ""
    moved: tuple[str, ...] = ()
