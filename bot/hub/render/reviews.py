"""Reviews and comments on the diff."""

from bot.hub.fields import Json
from bot.hub.git import diffs
from bot.hub.render.accounts import user
from bot.hub.render.issues import association, page_of, reactions
from bot.hub.render.view import View, stamp
from bot.hub.state.reviews import Review, ReviewComment
from bot.hub.state.store import node_id


def review(view: View, one: Review) -> Json:
    """A review."""
    parent = view.store.issues[one.issue_id]
    repository = view.store.repositories[one.repository_id]
    api, page = f"{view.repo(repository)}/pulls/{parent.number}", f"{page_of(view, parent)}#pullrequestreview-{one.id}"
    author = view.store.users[one.author_id]
    body: Json = {
        "id": one.id,
        "node_id": node_id("PRR", one.id),
        "user": user(view, author),
        "body": one.body,
        "state": one.state,
        "html_url": page,
        "pull_request_url": api,
        "author_association": association(view, repository, author),
        "_links": {"html": {"href": page}, "pull_request": {"href": api}},
        "commit_id": one.commit_id,
    }
    if one.submitted_at is not None:
        body["submitted_at"] = stamp(one.submitted_at)
    return body


def review_comment(view: View, one: ReviewComment) -> Json:
    """A comment on the diff. `line` and `position` are null once the line is no longer in the diff."""
    parent = view.store.issues[one.issue_id]
    repository = view.store.repositories[one.repository_id]
    api, page = f"{view.repo(repository)}/pulls/comments/{one.id}", f"{page_of(view, parent)}#discussion_r{one.id}"
    pull = f"{view.repo(repository)}/pulls/{parent.number}"
    author, place = view.store.users[one.author_id], one.place
    line = current_line(view, one)
    body: Json = {
        "url": api,
        "pull_request_review_id": one.review_id,
        "id": one.id,
        "node_id": node_id("PRRC", one.id),
        "diff_hunk": place.hunk,
        "path": place.path,
        "commit_id": parent.as_pull.head_sha if line is not None else one.commit_id,
        "original_commit_id": one.commit_id,
        "user": user(view, author),
        "body": one.body,
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "html_url": page,
        "pull_request_url": pull,
        "author_association": association(view, repository, author),
        "_links": {"self": {"href": api}, "html": {"href": page}, "pull_request": {"href": pull}},
        "reactions": reactions(view, "review_comment", one.id, f"{api}/reactions"),
        "start_line": place.start_line if line is not None else None,
        "original_start_line": place.start_line,
        "start_side": place.start_side,
        "line": line if line is not None else (1 if place.subject_type == "file" else None),
        "original_line": place.line or 1,
        "side": place.side,
        "original_position": place.position or 1,
        "position": place.position if line is not None else (1 if place.subject_type == "file" else None),
        "subject_type": place.subject_type,
    }
    if one.in_reply_to_id is not None:
        body["in_reply_to_id"] = one.in_reply_to_id
    return body


def current_line(view: View, one: ReviewComment) -> int | None:
    """Where the commented line stands in the pull request's present diff; None when it is outdated or on a whole file."""
    parent, line = view.store.issues[one.issue_id], one.place.line
    head = parent.as_pull.head_sha
    if line is None or head == one.commit_id:
        return line
    bare = view.store.bare(view.store.repositories[one.repository_id])
    if one.place.side == "RIGHT":
        line = diffs.moved_line(bare, one.commit_id, head, one.place.path, line)
    base = diffs.pull_base(bare, view.store.base_sha(parent), head)
    for change in diffs.changes(bare, base, head):
        if change.path == one.place.path and change.patch is not None:
            return line if any(at.number(one.place.side) == line for at in diffs.lines(change.patch)) else None
    return None
