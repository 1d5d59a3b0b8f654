"""Comments in the conversation of issues and pull requests."""

from datetime import datetime

from bot.hub.changes import comments
from bot.hub.refusal import not_found, unprocessable
from bot.hub.render.issues import comment as comment_body
from bot.hub.rest.call import Answer, Call, Route, created, done
from bot.hub.state.issues import Comment


def of_issue(call: Call) -> Answer:
    """The comments of one conversation, oldest first, optionally only those changed `since`."""
    issue, since = call.issue(), _since(call)
    rows = call.world.store.comments.where(lambda one: one.issue_id == issue.id and one.updated_at >= since)
    return call.listed(rows, lambda row: comment_body(call.view, row))


def of_repository(call: Call) -> Answer:
    """All comments of a repository, oldest first."""
    repo, since = call.repository(("issues", "pull_requests")), _since(call)
    rows = call.world.store.comments.where(lambda one: one.repository_id == repo.id and one.updated_at >= since)
    rows.sort(key=lambda one: one.updated_at if call.query.get("sort") == "updated" else one.created_at)
    if call.query.get("direction") == "desc":
        rows.reverse()
    return call.listed(rows, lambda row: comment_body(call.view, row))


def _since(call: Call) -> datetime:
    text = call.query.get("since", "1970-01-01T00:00:00Z")
    try:
        return datetime.fromisoformat(text)
    except ValueError as wrong:
        raise unprocessable("since is not an ISO 8601 time") from wrong


def create(call: Call) -> Answer:
    """Comment."""
    issue = call.issue("write")
    made = comments.create(call.world, call.actor, issue, call.fields("IssueComment").text("body"))
    return created(comment_body(call.view, made))


def one(call: Call) -> Answer:
    """A comment by its id."""
    return Answer(200, comment_body(call.view, _found(call, "read")))


def edit(call: Call) -> Answer:
    """Change a comment."""
    found = _found(call, "write")
    call.authored(found.author_id, call.world.store.repositories[found.repository_id])
    changed = comments.edit(call.world, call.actor, found, call.fields("IssueComment").text("body"))
    return Answer(200, comment_body(call.view, changed))


def delete(call: Call) -> Answer:
    """Remove a comment."""
    found = _found(call, "write")
    call.authored(found.author_id, call.world.store.repositories[found.repository_id])
    comments.delete(call.world, call.actor, found)
    return done()


def _found(call: Call, access: str) -> Comment:
    repo = call.repository("metadata")
    found = call.world.store.comments.get(call.number("comment_id"))
    if found is None or found.repository_id != repo.id:
        raise not_found()
    call.need_issue(call.world.store.issues[found.issue_id], access)
    return found


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/issues/comments", of_repository),
    Route("GET", "/repos/<owner>/<repo>/issues/<number>/comments", of_issue),
    Route("POST", "/repos/<owner>/<repo>/issues/<number>/comments", create),
    Route("GET", "/repos/<owner>/<repo>/issues/comments/<comment_id>", one),
    Route("PATCH", "/repos/<owner>/<repo>/issues/comments/<comment_id>", edit),
    Route("DELETE", "/repos/<owner>/<repo>/issues/comments/<comment_id>", delete),
)
