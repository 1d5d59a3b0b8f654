"""What happened to an issue or a pull request, in the order in which it happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from bot.hub.git import history
from bot.hub.git.history import Commit
from bot.hub.pages.autolinks import References
from bot.hub.pages.check_view import commit_state
from bot.hub.pages.diff_view import Row, rows
from bot.hub.pages.markdown import rendered
from bot.hub.pages.visit import Visit
from bot.hub.render.reviews import current_line
from bot.hub.state.issues import Comment, HeadMove, Issue, ReactionSubject
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository
from bot.hub.state.reviews import Review, ReviewComment

HUNK_LINES = 4
"""Lines of the diff above a comment in the conversation: enough to see what it is about."""

EMOJI = {
    "+1": "👍", "-1": "👎", "laugh": "😄", "hooray": "🎉", "confused": "😕", "heart": "❤️", "rocket": "🚀", "eyes": "👀",
}  # fmt: skip

VERBS = {
    "APPROVED": "approved these changes",
    "CHANGES_REQUESTED": "requested changes",
    "COMMENTED": "reviewed",
    "DISMISSED": "had a review that was dismissed",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A text by somebody: the description, a comment, or a remark on the diff. `reactions` are emoji with who sent them."""

    author: User
    at: datetime
    edited: bool
    html: Markup
    anchor: str
    reactions: tuple[tuple[str, tuple[str, ...]], ...]
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class Thread:
    """Remarks on one place of the diff. `where` is `line 3` or `lines 3-5`; `line` is where it stands now, None when it is gone."""

    path: str
    where: str
    line: int | None
    side: str
    outdated: bool
    hunk: tuple[Row, ...]
    remarks: tuple[Said, ...]
    resolved_by: User | None = None
    kind: Literal["thread"] = "thread"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review with the threads that it began."""

    author: User
    at: datetime
    state: str
    verb: str
    html: Markup | None
    anchor: str
    sha: str
    threads: tuple[Thread, ...]
    kind: Literal["reviewed"] = "reviewed"


@dataclass(frozen=True, slots=True)
class CommitLine:
    """A commit in a list, with how its checks stand."""

    commit: Commit
    author: User | None
    state: str | None

    @property
    def subject(self) -> str:
        """The message's first line."""
        return self.commit.message.partition("\n")[0]

    @property
    def body(self) -> str:
        """The message without its first line."""
        return self.commit.message.partition("\n")[2].strip("\n")


@dataclass(frozen=True, slots=True)
class Pushed:
    """Commits that a push brought. `replaced` is the head that it threw away, empty for a push that only went forward."""

    author: User
    at: datetime
    commits: tuple[CommitLine, ...]
    replaced: str
    head: str
    kind: Literal["pushed"] = "pushed"


@dataclass(frozen=True, slots=True)
class Ended:
    """Closed or merged; `sha` is the merge commit."""

    author: User
    at: datetime
    merged: bool
    sha: str
    kind: Literal["ended"] = "ended"


Item = Said | Reviewed | Pushed | Ended


def description(visit: Visit, issue: Issue, known: References) -> Said | None:
    """What the opener wrote."""
    if not (issue.body or "").strip():
        return None
    author = visit.store.users[issue.author_id]
    html = rendered(issue.body or "", "comment", known)
    return Said(author, issue.created_at, False, html, "description", reactions(visit, "issue", issue.id))


def timeline(visit: Visit, issue: Issue, known: References) -> list[Item]:
    """Everything after the description."""
    found: list[tuple[datetime, int, Item]] = [
        (one.created_at, one.id, _comment(visit, one, known))
        for one in visit.store.comments.where(lambda one: one.issue_id == issue.id)
    ]
    if issue.pull is not None:
        found += _pushes(visit, issue)
        found += _reviews(visit, issue, known)
    end = _end(visit, issue)
    # Times are whole seconds; ids tell what came first within one.
    last = max((number for _, number, _ in found), default=0) + 1
    return [item for _, _, item in sorted([*found, *([(end.at, last, end)] if end else [])], key=lambda row: row[:2])]


def references(visit: Visit, repo: Repository, commits: Sequence[Commit] = ()) -> References:
    """What texts in the repository may refer to."""
    store = visit.store
    numbers = frozenset(one.number for one in store.issues.where(lambda one: one.repository_id == repo.id))
    logins = frozenset(user.login.lower() for user in store.users)
    return References(f"/{repo.full_name}", numbers, tuple(one.sha for one in commits), logins)


def pull_commits(visit: Visit, issue: Issue) -> tuple[Commit, ...]:
    """The commits of a pull request, oldest first."""
    return history.only_in(visit.bare(), issue.as_pull.head_sha, visit.store.base_sha(issue))


def commit_line(visit: Visit, repo: Repository, commit: Commit) -> CommitLine:
    """A commit with its author's account, if its address is that of one."""
    author = visit.store.users.first(lambda user: user.email.lower() == commit.author.email.lower())
    return CommitLine(commit, author, commit_state(visit.store, repo, commit.sha))


def threads(visit: Visit, issue: Issue, known: References) -> list[tuple[ReviewComment, Thread]]:
    """All threads on the diff, each with the comment that began it; pending reviews stay unseen."""
    store = visit.store
    pending = {one.id for one in store.reviews.where(lambda one: one.issue_id == issue.id and one.state == "PENDING")}
    said = store.review_comments.where(lambda one: one.issue_id == issue.id and one.review_id not in pending)
    roots = [one for one in said if one.in_reply_to_id is None]
    return [
        (root, _thread(visit, root, [root, *(one for one in said if one.in_reply_to_id == root.id)], known))
        for root in roots
    ]


def reactions(visit: Visit, subject: ReactionSubject, number: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Emoji in GitHub's order, each with the logins that sent it."""
    rows = visit.store.reactions.where(lambda one: one.subject == subject and one.subject_id == number)
    senders = {name: tuple(visit.store.users[r.user_id].login for r in rows if r.content == name) for name in EMOJI}
    return tuple((EMOJI[name], logins) for name, logins in senders.items() if logins)


def _comment(visit: Visit, one: Comment, known: References) -> Said:
    return Said(
        visit.store.users[one.author_id],
        one.created_at,
        one.updated_at != one.created_at,
        rendered(one.body, "comment", known),
        f"issuecomment-{one.id}",
        reactions(visit, "comment", one.id),
    )


def _thread(visit: Visit, root: ReviewComment, said: Sequence[ReviewComment], known: References) -> Thread:
    place, line = root.place, current_line(visit.view, root)
    if place.line is None:
        where = "the file"
    else:
        where = f"line {place.line}" if place.start_line is None else f"lines {place.start_line}-{place.line}"
    return Thread(
        place.path,
        where,
        line,
        place.side,
        line is None and place.line is not None,
        rows(place.hunk)[-HUNK_LINES:] if place.hunk else (),
        tuple(
            Said(
                visit.store.users[one.author_id],
                one.created_at,
                one.updated_at != one.created_at,
                rendered(one.body, "comment", known),
                f"discussion_r{one.id}",
                reactions(visit, "review_comment", one.id),
            )
            for one in said
        ),
        visit.store.users[root.resolved_by_id] if root.resolved_by_id is not None else None,
    )


def _reviews(visit: Visit, issue: Issue, known: References) -> list[tuple[datetime, int, Item]]:
    begun: dict[int | None, list[Thread]] = {}
    for root, thread in threads(visit, issue, known):
        begun.setdefault(root.review_id, []).append(thread)
    found: list[tuple[datetime, int, Item]] = []
    for one in visit.store.reviews.where(lambda one: one.issue_id == issue.id):
        # A reply makes a review of its own, which has nothing to show here.
        empty = one.state == "COMMENTED" and not one.body.strip() and one.id not in begun
        if one.submitted_at is not None and not empty:
            found.append((one.submitted_at, one.id, _review(visit, one, begun.get(one.id, []), known)))
    return found


def _review(visit: Visit, one: Review, begun: list[Thread], known: References) -> Reviewed:
    return Reviewed(
        visit.store.users[one.author_id],
        one.submitted_at or visit.now,
        one.state,
        VERBS.get(one.state, "reviewed"),
        rendered(one.body, "comment", known) if one.body.strip() else None,
        f"pullrequestreview-{one.id}",
        one.commit_id,
        tuple(begun),
    )


def _pushes(visit: Visit, issue: Issue) -> list[tuple[datetime, int, Item]]:
    repo, bare = visit.repository(), visit.bare()
    moves = visit.store.head_moves.where(lambda one: one.issue_id == issue.id)
    first = moves[0].before if moves else issue.as_pull.head_sha
    base = visit.store.base_sha(issue)
    opened = history.only_in(bare, first, base)
    author = visit.store.users[issue.author_id]
    found: list[tuple[datetime, int, Item]] = []
    if opened:
        found.append(
            (issue.created_at, issue.id, Pushed(author, issue.created_at, _lines(visit, repo, opened), "", first))
        )
    found += [(move.at, move.id, _push(visit, repo, move, base)) for move in moves]
    return found


def _push(visit: Visit, repo: Repository, move: HeadMove, base: str) -> Pushed:
    since = base if move.forced else move.before
    new = history.only_in(visit.bare(), move.after, since)
    replaced = move.before if move.forced else ""
    return Pushed(visit.store.users[move.actor_id], move.at, _lines(visit, repo, new), replaced, move.after)


def _lines(visit: Visit, repo: Repository, commits: Sequence[Commit]) -> tuple[CommitLine, ...]:
    return tuple(commit_line(visit, repo, one) for one in commits)


def _end(visit: Visit, issue: Issue) -> Ended | None:
    if issue.closed_at is None or issue.closed_by_id is None:
        return None
    merged = issue.pull is not None and issue.pull.merged_at is not None
    sha = issue.pull.merge_commit_sha or "" if issue.pull is not None and merged else ""
    return Ended(visit.store.users[issue.closed_by_id], issue.closed_at, merged, sha)
