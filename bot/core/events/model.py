"""From a webhook request to what it asks of us: Delivery -> Event -> Command."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.pulls import Person, RepoRef
from bot.ids import CheckRunId, CommandId, CommentId, DeliveryId, InstallationId, PrNumber, RepoId, ReviewId, Sha


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook request as stored, verified but not yet understood. `body` is the raw bytes that were signed."""

    delivery_id: DeliveryId
    event: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PullRequestChanged:
    """The pull request's head, base, state or draft flag may have changed. The state is read afresh before anything follows."""

    action: str
    repo: RepoRef
    number: PrNumber
    head_sha: Sha
    sender: Person


@dataclass(frozen=True, slots=True)
class CommentCreated:
    """Somebody wrote on an issue or a pull request. `body` is the delivery's text, never re-read."""

    repo: RepoRef
    number: PrNumber
    on_pull_request: bool
    comment_id: CommentId
    body: str
    author: Person
    via_app_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class IssueLabelled:
    """Somebody gave an issue a label; pull requests have an event of their own."""

    repo: RepoRef
    number: PrNumber
    label: str
    sender: Person


@dataclass(frozen=True, slots=True)
class ReviewSubmitted:
    """Somebody reviewed a pull request. `requests_changes` by the review's state; its comments come with deliveries of their own, and are read
    afresh."""

    repo: RepoRef
    number: PrNumber
    review_id: ReviewId
    requests_changes: bool
    body: str
    author: Person
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewCommentCreated:
    """Somebody commented on a line or answered in a thread (`is_reply`). `body` is the delivery's text, never re-read for commands."""

    repo: RepoRef
    number: PrNumber
    comment_id: CommentId
    is_reply: bool
    body: str
    author: Person
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button on one of our checks. `external_id` is the run's id, as we set it."""

    repo: RepoRef
    head_sha: Sha
    check_run_id: CheckRunId
    app_id: int
    external_id: str
    identifier: str
    sender: Person


@dataclass(frozen=True, slots=True)
class RerunAsked:
    """'Re-run' on a check (`external_id` set) or on a whole suite (empty)."""

    repo: RepoRef
    head_sha: Sha
    app_id: int
    external_id: str
    sender: Person


@dataclass(frozen=True, slots=True)
class ChecksRequested:
    """GitHub asks for checks on a commit (a push); pull requests are found by the head."""

    repo: RepoRef
    head_sha: Sha
    sender: Person


@dataclass(frozen=True, slots=True)
class CommentEdited:
    """Somebody changed a comment of theirs from `before` to `body`."""

    repo: RepoRef
    number: PrNumber
    on_pull_request: bool
    comment_id: CommentId
    before: str
    body: str
    author: Person
    via_app_id: int | None
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class ChecksReported:
    """A check of an App has ended, or a commit status was reported (`app_id` is None)."""

    repo: RepoRef
    head_sha: Sha
    app_id: int | None
    sender: Person


@dataclass(frozen=True, slots=True)
class MergeGroupChanged:
    """A merge queue asks for checks on a merged commit (`checks_requested`), or has given it up or merged it (`destroyed`). Branches are
    named without `refs/heads/`."""

    action: str
    repo: RepoRef
    head_sha: Sha
    head_ref: str
    base_sha: Sha
    base_ref: str
    sender: Person


@dataclass(frozen=True, slots=True)
class InstallationChanged:
    """The installation was suspended, deleted or lost repositories. `repo_ids` are the repositories lost, empty for all."""

    installation_id: InstallationId
    action: str
    repo_ids: tuple[RepoId, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do, and why."""

    reason: str


Event = (
    PullRequestChanged
    | CommentCreated
    | IssueLabelled
    | CommentEdited
    | ChecksReported
    | ReviewSubmitted
    | ReviewCommentCreated
    | ButtonPressed
    | RerunAsked
    | ChecksRequested
    | MergeGroupChanged
    | InstallationChanged
    | Ignored
)


class Verb(StrEnum):
    """What can be asked of the bot. RECONCILE, MERGE_GROUP and LISTEN have no text form: they follow from events and from the
    sweep. EDITED follows from a comment to which a command was added later, and is only answered."""

    RECONCILE = "reconcile"
    MERGE_GROUP = "merge group"
    LISTEN = "listen"
    EDITED = "edited"
    RETRY = "retry"
    STOP = "stop"
    VERIFY = "verify"
    FIX = "fix"
    APPROVE = "approve"
    PUBLISH = "publish"
    BUDGET = "budget"
    ACCEPT = "accept"
    WAIVE = "waive"
    CONTRACT = "contract"
    ALLOW = "allow"
    REVIEW = "review"
    DISMISS = "dismiss"
    ORCHESTRATE = "orchestrate"
    ANSWER = "answer"
    STATUS = "status"
    HELP = "help"
    UNKNOWN = "unknown"


OWN_VERBS = frozenset({Verb.RECONCILE, Verb.MERGE_GROUP, Verb.LISTEN})
"""What no person asks for: nobody is answered."""

TYPED = tuple(verb.value for verb in Verb if verb not in (*OWN_VERBS, Verb.UNKNOWN, Verb.EDITED))
"""What a person can write behind `/specbot`."""


class SaidIn(StrEnum):
    """Where a command was written, which says what its `comment_id` numbers."""

    CONVERSATION = "conversation"
    REVIEW = "review"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody or something asks of the bot.

    `head_sha` is the head the command is bound to: for comments the one that stood when it was written, None when it must be
    looked up (`pr_heads`) or all of the pull request's heads are meant. `text` is what was typed, for the answer.
    `number` is None when the pull requests have to be found by `head_sha`. `on_issue`: `number` is an issue's and no pull request's.
        `comment_id` is that of the comment, or of the review whose own words
    they are (`said_in`). `implied`: nobody typed it; a review or a comment on the diff may ask for it, and whether it does is looked up.
    """

    command_id: CommandId
    verb: Verb
    repo: RepoRef
    number: PrNumber | None
    head_sha: Sha | None
    actor: Person
    given_at: datetime
    arguments: tuple[str, ...] = ()
    comment_id: CommentId | None = None
    text: str = ""
    on_issue: bool = False
    said_in: SaidIn = SaidIn.CONVERSATION
    implied: bool = False
