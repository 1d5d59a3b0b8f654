"""Reviews and comments on the diff. A review is taken whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.hub.actor import Actor
from bot.hub.changes.comments import checked_body
from bot.hub.events import pull_request_review, pull_request_review_comment
from bot.hub.git import diffs
from bot.hub.refusal import Refused, invalid, unprocessable
from bot.hub.state.issues import Issue
from bot.hub.state.reviews import Place, Review, ReviewComment, ReviewState, Side
from bot.hub.world import World

STATES: dict[str, ReviewState] = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A wanted comment on the diff. Without `line` and `position` it is about the whole file, if `whole_file` says so."""

    path: str
    body: str
    line: int | None = None
    side: str | None = None
    start_line: int | None = None
    start_side: str | None = None
    position: int | None = None
    whole_file: bool = False


def submit(
    world: World,
    actor: Actor,
    issue: Issue,
    event: str | None,
    body: str,
    remarks: Sequence[Remark] = (),
    commit_id: str | None = None,
) -> Review:
    """Create a review with all its comments, or refuse it whole. Without an event it stays pending."""
    state = STATES[event] if event is not None else "PENDING"
    _may_say(actor, issue, state)
    checked_body(
        body, "PullRequestReview", required=state == "CHANGES_REQUESTED" or (state == "COMMENTED" and not remarks)
    )
    commit = checked_commit(world, issue, commit_id)
    places = [place(world, issue, commit, remark) for remark in remarks]
    for remark in remarks:
        checked_body(remark.body, "PullRequestReviewComment")
    now, store = world.now(), world.store
    review = store.reviews.put(
        Review(
            store.new_id(), issue.repository_id, issue.id, actor.who.id, state, body, commit,
            None if state == "PENDING" else now, actor.via_app_id,
        )
    )  # fmt: skip
    made = [_comment(world, actor, review, remark.body, at) for remark, at in zip(remarks, places, strict=True)]
    if state != "PENDING":
        _announce(world, actor, review, made)
    return review


def _may_say(actor: Actor, issue: Issue, state: str) -> None:
    if issue.author_id == actor.who.id and state in ("APPROVED", "CHANGES_REQUESTED"):
        what = "approve" if state == "APPROVED" else "request changes on"
        raise Refused(422, "Unprocessable Entity", (f"Can not {what} your own pull request",))


def _announce(world: World, actor: Actor, review: Review, comments: Sequence[ReviewComment]) -> None:
    pull_request_review.announce(world, actor, "submitted", review)
    for comment in comments:
        pull_request_review_comment.announce(world, actor, "created", comment)


def submit_pending(world: World, actor: Actor, review: Review, event: str, body: str | None) -> Review:
    """Submit a review that was pending."""
    state = STATES[event]
    _may_say(actor, world.store.issues[review.issue_id], state)
    if review.state != "PENDING":
        raise unprocessable("Review has already been submitted.")
    done = replace(review, state=state, body=review.body if body is None else body, submitted_at=world.now())
    world.store.reviews.put(done)
    _announce(world, actor, done, world.store.review_comments.where(lambda comment: comment.review_id == done.id))
    return done


def edit(world: World, actor: Actor, review: Review, body: str) -> Review:
    """Change what a review says."""
    checked_body(body, "PullRequestReview")
    changed = world.store.reviews.put(replace(review, body=body))
    if review.state != "PENDING":
        pull_request_review.announce(world, actor, "edited", changed, review.body)
    return changed


def dismiss(world: World, actor: Actor, review: Review) -> Review:
    """Take the force out of an approval or a request for changes."""
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise unprocessable("Can not dismiss a commented pull request review")
    done = world.store.reviews.put(replace(review, state="DISMISSED"))
    pull_request_review.announce(world, actor, "dismissed", done)
    return done


def discard(world: World, review: Review) -> None:
    """Delete a pending review and its comments."""
    if review.state != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    for comment in world.store.review_comments.where(lambda one: one.review_id == review.id):
        world.store.review_comments.drop(comment.id)
    world.store.reviews.drop(review.id)


def comment(world: World, actor: Actor, issue: Issue, remark: Remark, commit_id: str | None) -> ReviewComment:
    """A single comment on the diff; it makes a review of its own, as at GitHub."""
    submitted = submit(world, actor, issue, "COMMENT", "", [remark], commit_id)
    return world.store.review_comments.where(lambda one: one.review_id == submitted.id)[0]


def reply(world: World, actor: Actor, parent: ReviewComment, body: str) -> ReviewComment:
    """Answer in the thread of a comment; replies always hang on the thread's first comment."""
    checked_body(body, "PullRequestReviewComment")
    issue, root = world.store.issues[parent.issue_id], parent.in_reply_to_id or parent.id
    store = world.store
    review = store.reviews.put(
        Review(
            store.new_id(), issue.repository_id, issue.id, actor.who.id, "COMMENTED", "", parent.commit_id,
            world.now(), actor.via_app_id,
        )
    )  # fmt: skip
    made = _comment(world, actor, review, body, parent.place, root)
    _announce(world, actor, review, [made])
    return made


def edit_comment(world: World, actor: Actor, one: ReviewComment, body: str) -> ReviewComment:
    """Change what a comment on the diff says."""
    checked_body(body, "PullRequestReviewComment")
    changed = world.store.review_comments.put(replace(one, body=body, updated_at=world.now()))
    pull_request_review_comment.announce(world, actor, "edited", changed, one.body)
    return changed


def delete_comment(world: World, actor: Actor, one: ReviewComment) -> None:
    """Remove a comment on the diff."""
    world.store.review_comments.drop(one.id)
    pull_request_review_comment.announce(world, actor, "deleted", one)


def _comment(
    world: World, actor: Actor, review: Review, body: str, at: Place, in_reply_to_id: int | None = None
) -> ReviewComment:
    now = world.now()
    return world.store.review_comments.put(
        ReviewComment(
            id=world.store.new_id(),
            repository_id=review.repository_id,
            issue_id=review.issue_id,
            review_id=review.id,
            author_id=actor.who.id,
            body=body,
            place=at,
            commit_id=review.commit_id,
            created_at=now,
            updated_at=now,
            in_reply_to_id=in_reply_to_id,
            via_app_id=actor.via_app_id,
        )
    )


def checked_commit(world: World, issue: Issue, commit_id: str | None) -> str:
    """The commit that a review looks at: the head, unless another commit of the pull request is named."""
    head = issue.as_pull.head_sha
    if commit_id is None or commit_id == head:
        return head
    bare = world.store.bare(world.store.repositories[issue.repository_id])
    found = bare.commit_id(commit_id)
    if found is None or found != commit_id:
        raise invalid("PullRequestReview", "commit_id", "invalid", "commit_id is not part of the pull request")
    moves = world.store.head_moves.where(
        lambda move: move.issue_id == issue.id and commit_id in (move.before, move.after)
    )
    base = world.store.base_sha(issue)
    if not moves and (bare.is_ancestor(found, base) or not bare.is_ancestor(found, head)):
        raise invalid("PullRequestReview", "commit_id", "invalid", "commit_id is not part of the pull request")
    return found


def place(world: World, issue: Issue, commit: str, remark: Remark) -> Place:
    """Where a comment stands in the diff; 422 when its line is not part of it."""
    bare = world.store.bare(world.store.repositories[issue.repository_id])
    base = diffs.pull_base(bare, world.store.base_sha(issue), commit)
    change = next((one for one in diffs.changes(bare, base, commit) if one.path == remark.path), None)
    if change is None:
        raise _outside("path", "pull_request_review_thread.path must be part of the diff")
    if remark.whole_file:
        return Place(change.path)
    lines = diffs.lines(change.patch or "")
    side = _side(remark.side, "side") or "RIGHT"
    if remark.line is None and remark.position is not None:
        end = next((line for line in lines if line.position == remark.position), None)
        side = "LEFT" if end is not None and end.right is None else "RIGHT"
    else:
        end = next((line for line in lines if line.number(side) == remark.line), None) if remark.line else None
    if end is None or change.patch is None:
        raise _outside("line", "pull_request_review_thread.line must be part of the diff")
    start_side = _side(remark.start_side, "start_side") or side
    if remark.start_line is not None:
        start = next((line for line in lines if line.number(start_side) == remark.start_line), None)
        if start is None or start.hunk != end.hunk:
            raise _outside(
                "start_line", "pull_request_review_thread.start_line must be part of the same hunk as the line."
            )
        if start.position >= end.position:
            raise _outside("start_line", "pull_request_review_thread.start_line must precede the end line.")
    return Place(
        path=change.path,
        line=end.number(side),
        side=side,
        start_line=remark.start_line,
        start_side=start_side if remark.start_line is not None else None,
        position=end.position,
        hunk=diffs.hunk_until(change.patch, end),
    )


def _side(value: str | None, field: str) -> Side | None:
    if value not in (None, "LEFT", "RIGHT"):
        raise invalid("PullRequestReviewComment", field, "invalid", f"{field} must be LEFT or RIGHT")
    return cast(Side | None, value)


def _outside(field: str, message: str) -> Refused:
    return invalid("PullRequestReviewComment", f"pull_request_review_thread.{field}", "custom", message)
