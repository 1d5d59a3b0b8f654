"""A spec as the rest of the house sees it, whatever format it was written in.

Every element knows where it stands in its file, so that findings become annotations on the right line.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.ids import CriterionId, CriterionName, Digest, TaskId, criterion_name


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file. Lines and columns count from 1; `end_line` is inclusive."""

    path: str
    line: int
    column: int = 1
    end_line: int = 0

    def __post_init__(self) -> None:
        if self.end_line < self.line:
            object.__setattr__(self, "end_line", self.line)


class Severity(StrEnum):
    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement inside a line of a file's visible text: `old`, which is never empty, stands at the column and becomes `new`."""

    line: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fix:
    """How a finding can be mended without asking anybody: all `edits` of its file or none of them. `characters`: what nobody sees is taken out
    of the whole file, by the reader's own rules."""

    edits: tuple[Edit, ...] = ()
    characters: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the reader or the linter has to say. `rule` is stable (`SB103`); `hint` says how to mend it, `fix` does it where that is safe."""

    rule: str
    severity: Severity
    message: str
    hint: str
    position: Position
    fix: Fix | None = None


class SpecFormat(StrEnum):
    """How a spec is written. Told by its place (`layouts.py`), never by its content."""

    NATIVE = "native"
    SPECKIT = "spec-kit"
    KIRO = "kiro"
    OPENSPEC = "openspec"


class Status(StrEnum):
    DRAFT = "draft"
    READY = "ready"


class ProofKind(StrEnum):
    """How a criterion is proven: `sh verify` (change), `sh keep`, the mark `accept`, or not at all yet (none written). `gone` is never
    written: the base demands it and the head no longer does, so a person has to agree."""

    CHANGE = "change"
    KEEP = "keep"
    ACCEPT = "accept"
    NONE = "none"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Command:
    """A shell script written in a spec, run by `sh` in the sandbox at the checkout's root; exit status 0 is green."""

    script: str
    position: Position

    @property
    def one_line(self) -> str:
        """The script's first line, for tables."""
        return self.script.strip().splitlines()[0] if self.script.strip() else ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A criterion's text split by EARS or Given/When/Then: what triggers, and what the system then does."""

    trigger: str
    response: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One acceptance criterion. `digest` covers its text and its commands, so a changed criterion is a new one."""

    criterion_id: CriterionId
    spec_path: str
    text: str
    kind: ProofKind
    commands: tuple[Command, ...]
    position: Position
    digest: Digest
    clause: Clause | None = None

    @property
    def name(self) -> CriterionName:
        return criterion_name(self.spec_path, self.criterion_id)


class TaskKind(StrEnum):
    """WORK is somebody's; a GROUP is done when the tasks it waits for are, a CHECKPOINT is a barrier without work of its own."""

    WORK = "work"
    GROUP = "group"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class SpecTask:
    """A task as the author wrote it. `claimed_done` is a tick somebody made: a claim, never evidence.

    `after` names every task that must be done before, also where the author only wrote them in order. `skipped` tasks are put off by the
    author, `optional` ones may be left out. `details` is what stands under the title.
    """

    task_id: TaskId
    title: str
    owns: tuple[str, ...]
    proves: tuple[CriterionId, ...]
    after: tuple[TaskId, ...]
    claimed_done: bool
    position: Position
    kind: TaskKind = TaskKind.WORK
    optional: bool = False
    skipped: bool = False
    details: str = ""


@dataclass(frozen=True, slots=True)
class BudgetWish:
    """What the spec may cost; None where it says nothing."""

    usd: float | None = None
    tokens: int | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class ProofWish:
    """How one criterion is to be proven. `scripts` is empty for ACCEPT."""

    criterion: str
    kind: ProofKind
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Complement:
    """For the foreign specs whose name matches `folder` (a gitignore pattern). Empty and None: nothing is said."""

    folder: str
    scope: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    budget: BudgetWish = BudgetWish()
    removes: tuple[str, ...] = ()
    implement: bool | None = None
    proofs: tuple[ProofWish, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file's visible text: hidden comments and invisible characters removed, every line at its number."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Spec:
    """One spec. `path` is its name: its file, or its folder where several files make one spec. `files` are what it was read from, the main one
    first; `text` is the main one's visible text, `more` the others', `digest` of all raw bytes.

    `scope` holds gitignore patterns of what agents may write, empty for everything; `keep` are commands that must not get worse.
    """

    path: str
    title: str
    status: Status
    digest: Digest
    text: str
    scope: tuple[str, ...] = ()
    keep: tuple[Command, ...] = ()
    budget: BudgetWish = BudgetWish()
    depends: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    implement: bool = True
    intent: str = ""
    context: str = ""
    constraints: tuple[str, ...] = ()
    out_of_scope: str = ""
    criteria: tuple[Criterion, ...] = ()
    tasks: tuple[SpecTask, ...] = ()
    format: SpecFormat = SpecFormat.NATIVE
    files: tuple[str, ...] = ()
    more: tuple[Document, ...] = ()

    @property
    def home(self) -> Position:
        """Where a finding about the spec as a whole stands: its main file's first line."""
        return Position(self.files[0] if self.files else self.path, 1)

    @property
    def documents(self) -> tuple[Document, ...]:
        """Its texts, the main one first."""
        return (Document(self.home.path, self.text), *self.more)

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every command that proves something: those of the criteria, then the `keep` ones."""
        return (*(command for criterion in self.criteria for command in criterion.commands), *self.keep)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one spec: the spec as far as it could be read, and every finding, by file and line.

    `files` are those it was read from. `deleted`: the base has this spec and the head does not.
    """

    path: str
    spec: Spec | None
    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    deleted: bool = False

    @property
    def blocked(self) -> bool:
        """True when a finding is an error: nothing runs."""
        return any(f.severity is Severity.ERROR for f in self.findings)
