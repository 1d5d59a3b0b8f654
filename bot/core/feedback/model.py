"""Reviews and review threads as GitHub has them, and feedback: all that waits for the bot at one moment, each piece a point."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.pulls import Person
from bot.ids import CommandId, CommentId, ReviewId, Sha


@dataclass(frozen=True, slots=True)
class ThreadComment:
    """One comment on the diff. Its author is the account 0 where GitHub does not say any more who that was."""

    comment_id: CommentId
    author: Person
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewThread:
    """A thread on the diff: the comments oldest first, at least one. `thread_id` is GitHub's own name for it, by which it is resolved. `line`
    counts in the new file at the head and is None when the place is gone (outdated) or the whole file is meant. `hunk` is the piece of the diff
    under which the thread was begun."""

    thread_id: str
    resolved: bool
    path: str
    line: int | None
    hunk: str
    comments: tuple[ThreadComment, ...]

    @property
    def root(self) -> ThreadComment:
        return self.comments[0]


class ReviewState(StrEnum):
    """GitHub's words for what a submitted review says."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True)
class ReviewSeen:
    """A submitted review. `state` is what it says now: a dismissed one demands nothing any more."""

    review_id: ReviewId
    author: Person
    state: ReviewState
    body: str
    commit: Sha | None
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything that was said about the code of a pull request, oldest first."""

    threads: tuple[ReviewThread, ...] = ()
    reviews: tuple[ReviewSeen, ...] = ()


class Place(StrEnum):
    """Where a point was made, and so where it is answered: in its THREAD, or in the conversation below a REVIEW's or a COMMENT's own words."""

    THREAD = "thread"
    REVIEW = "review"
    COMMENT = "comment"


class Voice(StrEnum):
    """Who says something: somebody who may write and so may ask for changes, the bot itself, or anybody else, who is heard only as context."""

    ASKS = "asks"
    BOT = "bot"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Said:
    voice: Voice
    login: str
    body: str


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that waits for an answer. `name` (`P-1`) is unique in the feedback. `source` is the id of the newest comment that asks, or of the
    review: an answer carries it, so that the same words are never answered twice and newer ones are. `root` is the thread's first comment.
    `own`: the thread was begun by the bot."""

    name: str
    place: Place
    source: int
    said: tuple[Said, ...]
    thread_id: str = ""
    root: CommentId | None = None
    path: str = ""
    line: int | None = None
    hunk: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class AskedToAnswer:
    """Who asked for a run that answers people, by which command. `point`: what was said with the command itself, where it has words of its own."""

    by: Person
    command: CommandId
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """All that waited when it was read, the oldest first. `left` counts what did not fit and waits for the next time."""

    points: tuple[Point, ...]
    left: int = 0


class Answering(StrEnum):
    """What became of a point. SETTLED: nothing has to change, and the person says so too or only remarked something."""

    CHANGED = "changed"
    DECLINED = "declined"
    QUESTION = "question"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Answer:
    """The responder's answer to one point, in its own words (untrusted)."""

    point: str
    what: Answering
    text: str
