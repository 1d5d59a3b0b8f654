"""Reviews of a pull request."""

from bot.hub.changes import reviews
from bot.hub.fields import Fields
from bot.hub.refusal import invalid, not_found
from bot.hub.render.reviews import review as review_body
from bot.hub.render.reviews import review_comment
from bot.hub.rest.call import Answer, Call, Route
from bot.hub.state.reviews import Review

EVENTS = tuple(reviews.STATES)


def all_reviews(call: Call) -> Answer:
    """The reviews, oldest first; pending ones only for their author."""
    issue = call.pull()
    me = call.actor.user.id if call.actor.user else None
    rows = call.world.store.reviews.where(
        lambda one: one.issue_id == issue.id and (one.state != "PENDING" or one.author_id == me)
    )
    return call.listed(rows, lambda row: review_body(call.view, row))


def create(call: Call) -> Answer:
    """Review with all comments, or not at all. Answers 200, unlike other creations."""
    issue, fields = call.pull(access="write"), call.fields("PullRequestReview")
    made = reviews.submit(
        call.world,
        call.actor,
        issue,
        fields.one_of("event", EVENTS),
        fields.optional_text("body") or "",
        [remark(one) for one in fields.objects("comments")],
        fields.optional_text("commit_id"),
    )
    return Answer(200, review_body(call.view, made))


def remark(fields: Fields) -> reviews.Remark:
    """A wanted comment on the diff, as a request gives it."""
    whole = fields.one_of("subject_type", ("line", "file"), "line") == "file"
    if not whole and not fields.has("line") and not fields.has("position"):
        raise invalid("PullRequestReviewComment", "line", "missing_field", '"line" wasn\'t supplied.')
    return reviews.Remark(
        path=fields.text("path"),
        body=fields.text("body"),
        line=fields.optional_number("line"),
        side=fields.optional_text("side"),
        start_line=fields.optional_number("start_line"),
        start_side=fields.optional_text("start_side"),
        position=fields.optional_number("position"),
        whole_file=whole,
    )


def one(call: Call) -> Answer:
    """A review by its id."""
    return Answer(200, review_body(call.view, _found(call)))


def edit(call: Call) -> Answer:
    """Change what a review says."""
    found = _found(call, "write")
    call.authored(found.author_id, call.world.store.repositories[found.repository_id])
    changed = reviews.edit(call.world, call.actor, found, call.fields("PullRequestReview").text("body"))
    return Answer(200, review_body(call.view, changed))


def discard(call: Call) -> Answer:
    """Delete a pending review."""
    found = _found(call, "write")
    body = review_body(call.view, found)
    reviews.discard(call.world, found)
    return Answer(200, body)


def submit(call: Call) -> Answer:
    """Submit a pending review."""
    found, fields = _found(call, "write"), call.fields("PullRequestReview")
    event = fields.one_of("event", EVENTS)
    if event is None:
        raise invalid("PullRequestReview", "event", "missing_field", '"event" wasn\'t supplied.')
    done = reviews.submit_pending(call.world, call.actor, found, event, fields.optional_text("body"))
    return Answer(200, review_body(call.view, done))


def dismiss(call: Call) -> Answer:
    """Take the force out of a review; a reason must be given."""
    found = _found(call, "write")
    call.pull(access="write", level="write")
    call.fields("PullRequestReview").text("message")
    return Answer(200, review_body(call.view, reviews.dismiss(call.world, call.actor, found)))


def comments(call: Call) -> Answer:
    """The comments of one review."""
    found = _found(call)
    rows = call.world.store.review_comments.where(lambda row: row.review_id == found.id)
    return call.listed(rows, lambda row: review_comment(call.view, row))


def _found(call: Call, access: str = "read") -> Review:
    issue = call.pull(access=access)
    found = call.world.store.reviews.get(call.number("review_id"))
    if found is None or found.issue_id != issue.id:
        raise not_found()
    return found


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/pulls/<number>/reviews", all_reviews),
    Route("POST", "/repos/<owner>/<repo>/pulls/<number>/reviews", create),
    Route("GET", "/repos/<owner>/<repo>/pulls/<number>/reviews/<review_id>", one),
    Route("PUT", "/repos/<owner>/<repo>/pulls/<number>/reviews/<review_id>", edit),
    Route("DELETE", "/repos/<owner>/<repo>/pulls/<number>/reviews/<review_id>", discard),
    Route("POST", "/repos/<owner>/<repo>/pulls/<number>/reviews/<review_id>/events", submit),
    Route("PUT", "/repos/<owner>/<repo>/pulls/<number>/reviews/<review_id>/dismissals", dismiss),
    Route("GET", "/repos/<owner>/<repo>/pulls/<number>/reviews/<review_id>/comments", comments),
)
