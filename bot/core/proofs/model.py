"""Proof: what was executed, what it showed, and the verdict that follows (DESIGN, *Proof*)."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from bot.core.specs.model import Position, ProofKind
from bot.ids import CriterionName, Digest, RunId, Sha, TreeSha


class Harness(StrEnum):
    """How a command is run. REPORT collects named tests; CANARY is the same run with a failure of our own planted in it."""

    REPORT = "report"
    CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Execution:
    """A command to be run on a tree in an environment; equal executions are never run twice (`key`).

    `stubs` are missing names that get a stand-in for this run (`bot.core.proofs.missing`); `again` tells a wanted repetition from the
    first time, which is 0.
    """

    tree: TreeSha
    script: str
    environment: Digest
    harness: Harness
    key: Digest
    stubs: tuple[str, ...] = ()
    again: int = 0


class TestOutcome(StrEnum):
    __test__ = False
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One named test. `message` is the failure's text, capped; `path` and `line` say where, when the runner told."""

    __test__ = False
    name: str
    outcome: TestOutcome
    message: str = ""
    path: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a test runner. `exit_status` is the runner's own, None when it was ended behind the runner's back.
    `canary_failed`: the failing test that was planted was reported as failed; `canary_passed`: it was reported as passed. Neither: it
    was not reported. `runner` is a name of `bot.core.proofs.runners`."""

    exit_status: int | None
    collected: int = 0
    canary_failed: bool = False
    runner: str = "pytest"
    canary_passed: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A Python, started by the command itself, that ended with status 0 through a `SystemExit` which a file of the tree was part of.
    `main` is its program (a path below the tree or an absolute one, `<string>` for `-c` and standard input), `through` that file."""

    main: str
    through: str


class StoppedBy(StrEnum):
    """Why a command was ended by us instead of by itself."""

    NOTHING = ""
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Executed:
    """What an execution showed.

    `output` is capped head and tail and clean of control characters; `output_digest` covers all of it. `tests` is None when no
    runner reported, empty when it collected nothing. `python_started` counts interpreters that our start-up hook saw.
    `broken` names why the box itself failed, "" when it did not. `sessions` are the runner's, in the order of their starts.
    `python_cut_short` counts interpreters, started by the command itself, that did not come to their regular end, and `left` names those
    that were left by an exit. `nodes_started` and `nodes_cut_short` are the same for Node.
    """

    key: Digest
    exit_code: int | None
    stopped_by: StoppedBy
    output: str
    output_digest: Digest
    seconds: float
    tests: tuple[TestResult, ...] | None = None
    python_started: int = 0
    broken: str = ""
    sessions: tuple[Session, ...] = ()
    python_cut_short: int = 0
    left: tuple[Left, ...] = ()
    nodes_started: int = 0
    nodes_cut_short: int = 0


class Colour(StrEnum):
    GREEN = "green"
    RED = "red"
    NO_EVIDENCE = "no evidence"


@dataclass(frozen=True, slots=True)
class Reading:
    """The colour of one execution and why."""

    colour: Colour
    reason: str


class Verdict(StrEnum):
    PROVEN = "proven"
    KEPT = "kept"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    UNPROVEN = "unproven"
    VACUOUS = "vacuous"
    FLAKY = "flaky"
    JUDGED = "judged"
    NO_EVIDENCE = "no evidence"
    FAILED = "failed"
    TAMPERED = "tampered"

    @property
    def done(self) -> bool:
        return self in (Verdict.PROVEN, Verdict.KEPT, Verdict.ACCEPTED, Verdict.WAIVED)

    @property
    def bad(self) -> bool:
        return self in (Verdict.FAILED, Verdict.TAMPERED)


@dataclass(frozen=True, slots=True)
class Shown:
    """One command of a criterion with all its executions: on the base, on the candidate, and the canary's.

    `stubbed` are runs on the base with stand-ins for the names that alone made it red; `base_again` and `candidate_again` are
    repetitions, so that red is red twice and green (with the canary's run) green three times. `stood` is a run on the base exactly as it is. Empty
    where nothing called for them.
    """

    script: str
    base: Executed | None
    candidate: Executed | None
    canary: Executed | None
    stubbed: tuple[Executed, ...] = ()
    base_again: Executed | None = None
    candidate_again: Executed | None = None
    stood: Executed | None = None


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """The verdict on one criterion. `reasons` are sentences for people; `way_out` what to do, "" when nothing is needed.

    `lost`: there is no evidence on the candidate although there was some on the base, so the change itself may have made it go away. `note`: what
    became of it since the base's spec, one of the reasons; "" where the base has it word for word or never had it.
    """

    name: CriterionName
    text: str
    kind: ProofKind
    position: Position
    criterion_digest: Digest
    verdict: Verdict
    reasons: tuple[str, ...]
    shown: tuple[Shown, ...] = ()
    way_out: str = ""
    lost: bool = False
    note: str = ""


class TamperWeight(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class TamperFinding:
    """Something in the diff that would make a proof worthless. HARD: the verdicts are tampered. SOFT: it waits until a person allows it.
    NOTE: said, and nothing more.

    `line` counts from 1, 0 where the whole file is meant; it is one of the starting head where `before`, else one of the candidate. `covers`
    is the content it is about: the text of its line, or the file's blob. `allowed` says who allowed it, when and why, "" while nobody did.
    """

    rule: str
    weight: TamperWeight
    path: str
    message: str
    line: int = 0
    before: bool = False
    covers: str = ""
    allowed: str = ""

    @property
    def digest(self) -> Digest:
        """What a person's word is bound to: what is said and about which content, and not on which line, so that a push above it changes nothing."""
        text = "\n".join((self.rule, self.path, self.message, self.covers))
        return Digest(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())

    @property
    def waits(self) -> bool:
        """A person has to say something about it."""
        return self.weight is TamperWeight.SOFT and not self.allowed


@dataclass(frozen=True, slots=True)
class Place:
    """A line that a failing command names. `test` is the named test that failed there, "" where only the output says so; `blob` is the
    file's content that was executed. `message` is what the command said, never ours."""

    path: str
    line: int
    message: str
    criterion: CriterionName
    test: str = ""
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """All verdicts on one candidate tree. `suite` are the repository-wide keep commands, as criteria named `<spec>#keep-N`. `places` are lines
    that failures name and that the executed tree has."""

    candidate_tree: TreeSha
    base_tree: TreeSha
    environment: Digest
    verdicts: tuple[CriterionVerdict, ...]
    tampering: tuple[TamperFinding, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def done(self) -> bool:
        """Every criterion counts as done, nothing hard was tampered with, and what a person has to allow is allowed."""
        return (
            bool(self.verdicts)
            and all(v.verdict.done for v in self.verdicts)
            and not any(t.weight is TamperWeight.HARD or t.waits for t in self.tampering)
        )


@dataclass(frozen=True, slots=True)
class Contract:
    """A locked test. `digest` is the SHA-256 of its bytes, `blob` what git calls them; `over` is the blob that the head had at `path` when it was
    locked, "" where there was none. `commit` holds the file, made by `run`. `red` says in words what it showed on the base."""

    criterion: CriterionName
    criterion_digest: Digest
    path: str
    digest: Digest
    blob: str
    size: int
    command: str
    commit: Sha
    run: RunId
    red: str
    over: str = ""
