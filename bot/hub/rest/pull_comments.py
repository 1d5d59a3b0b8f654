"""Comments on the diff of a pull request."""

from bot.hub.changes import reviews
from bot.hub.refusal import not_found
from bot.hub.render.reviews import review_comment
from bot.hub.rest.call import Answer, Call, Route, created, done
from bot.hub.rest.reviews import remark
from bot.hub.state.issues import Issue
from bot.hub.state.reviews import ReviewComment


def of_pull(call: Call) -> Answer:
    """All comments on the diff, oldest first."""
    issue = call.pull()
    rows = call.world.store.review_comments.where(lambda row: row.issue_id == issue.id)
    return call.listed(rows, lambda row: review_comment(call.view, row))


def of_repository(call: Call) -> Answer:
    """All comments on all diffs of a repository."""
    repo = call.repository("pull_requests")
    rows = call.world.store.review_comments.where(lambda row: row.repository_id == repo.id)
    return call.listed(rows, lambda row: review_comment(call.view, row))


def create(call: Call) -> Answer:
    """Comment on a line, on a file, or in a thread."""
    issue, fields = call.pull(access="write"), call.fields("PullRequestReviewComment")
    parent_id = fields.optional_number("in_reply_to")
    if parent_id is not None:
        return _answered(call, issue, parent_id, fields.text("body"))
    made = reviews.comment(call.world, call.actor, issue, remark(fields), fields.text("commit_id"))
    return created(review_comment(call.view, made))


def reply(call: Call) -> Answer:
    """Answer in a thread."""
    issue = call.pull(access="write")
    return _answered(call, issue, call.number("comment_id"), call.fields("PullRequestReviewComment").text("body"))


def _answered(call: Call, issue: Issue, parent_id: int, body: str) -> Answer:
    parent = call.world.store.review_comments.get(parent_id)
    if parent is None or parent.issue_id != issue.id:
        raise not_found()
    made = review_comment(call.view, reviews.reply(call.world, call.actor, parent, body))
    # Of a reply to an outdated line GitHub's description knows no null; a field that is left out reads the same.
    return created(
        {name: value for name, value in made.items() if value is not None or name not in ("line", "position")}
    )


def one(call: Call) -> Answer:
    """A comment by its id."""
    return Answer(200, review_comment(call.view, _found(call, "read")))


def edit(call: Call) -> Answer:
    """Change a comment."""
    found = _found(call, "write")
    call.authored(found.author_id, call.world.store.repositories[found.repository_id])
    body = call.fields("PullRequestReviewComment").text("body")
    return Answer(200, review_comment(call.view, reviews.edit_comment(call.world, call.actor, found, body)))


def delete(call: Call) -> Answer:
    """Remove a comment."""
    found = _found(call, "write")
    call.authored(found.author_id, call.world.store.repositories[found.repository_id])
    reviews.delete_comment(call.world, call.actor, found)
    return done()


def _found(call: Call, access: str) -> ReviewComment:
    repo = call.repository("pull_requests", access)
    found = call.world.store.review_comments.get(call.number("comment_id"))
    if found is None or found.repository_id != repo.id:
        raise not_found()
    return found


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/pulls/comments", of_repository),
    Route("GET", "/repos/<owner>/<repo>/pulls/<number>/comments", of_pull),
    Route("POST", "/repos/<owner>/<repo>/pulls/<number>/comments", create),
    Route("POST", "/repos/<owner>/<repo>/pulls/<number>/comments/<comment_id>/replies", reply),
    Route("GET", "/repos/<owner>/<repo>/pulls/comments/<comment_id>", one),
    Route("PATCH", "/repos/<owner>/<repo>/pulls/comments/<comment_id>", edit),
    Route("DELETE", "/repos/<owner>/<repo>/pulls/comments/<comment_id>", delete),
)
