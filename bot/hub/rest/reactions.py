"""Reactions to issues, comments and comments on the diff: 201 for a new one, 200 for one that was there."""

from bot.hub.changes import comments
from bot.hub.refusal import forbidden, not_found
from bot.hub.render.issues import reaction as reaction_body
from bot.hub.rest.call import Answer, Call, Route, done
from bot.hub.state.issues import ReactionSubject

Subject = tuple[ReactionSubject, int]


def _issue(call: Call, access: str) -> Subject:
    return "issue", call.issue(access).id


def _comment(call: Call, access: str) -> Subject:
    repo = call.repository("metadata")
    found = call.world.store.comments.get(call.number("comment_id"))
    if found is None or found.repository_id != repo.id:
        raise not_found()
    call.need_issue(call.world.store.issues[found.issue_id], access)
    return "comment", found.id


def _review_comment(call: Call, access: str) -> Subject:
    repo = call.repository("pull_requests", access)
    found = call.world.store.review_comments.get(call.number("comment_id"))
    if found is None or found.repository_id != repo.id:
        raise not_found()
    return "review_comment", found.id


def _list(call: Call, on: Subject) -> Answer:
    wanted = call.query.get("content")
    rows = call.world.store.reactions.where(
        lambda one: (one.subject, one.subject_id) == on and wanted in (None, one.content)
    )
    return call.listed(rows, lambda row: reaction_body(call.view, row))


def _react(call: Call, on: Subject) -> Answer:
    content = call.fields("Reaction").text("content")
    made, new = comments.react(call.world, call.actor, *on, content)
    return Answer(201 if new else 200, reaction_body(call.view, made))


def _remove(call: Call, on: Subject) -> Answer:
    found = call.world.store.reactions.get(call.number("reaction_id"))
    if found is None or (found.subject, found.subject_id) != on:
        raise not_found()
    if found.user_id != call.actor.who.id:
        raise forbidden()
    call.world.store.reactions.drop(found.id)
    return done()


def of_issue(call: Call) -> Answer:
    """Reactions to an issue or a pull request."""
    return _list(call, _issue(call, "read"))


def to_issue(call: Call) -> Answer:
    """React to an issue or a pull request."""
    return _react(call, _issue(call, "write"))


def from_issue(call: Call) -> Answer:
    """Take a reaction back."""
    return _remove(call, _issue(call, "write"))


def of_comment(call: Call) -> Answer:
    """Reactions to a comment."""
    return _list(call, _comment(call, "read"))


def to_comment(call: Call) -> Answer:
    """React to a comment."""
    return _react(call, _comment(call, "write"))


def from_comment(call: Call) -> Answer:
    """Take a reaction back."""
    return _remove(call, _comment(call, "write"))


def of_review_comment(call: Call) -> Answer:
    """Reactions to a comment on the diff."""
    return _list(call, _review_comment(call, "read"))


def to_review_comment(call: Call) -> Answer:
    """React to a comment on the diff."""
    return _react(call, _review_comment(call, "write"))


def from_review_comment(call: Call) -> Answer:
    """Take a reaction back."""
    return _remove(call, _review_comment(call, "write"))


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/issues/<number>/reactions", of_issue),
    Route("POST", "/repos/<owner>/<repo>/issues/<number>/reactions", to_issue),
    Route("DELETE", "/repos/<owner>/<repo>/issues/<number>/reactions/<reaction_id>", from_issue),
    Route("GET", "/repos/<owner>/<repo>/issues/comments/<comment_id>/reactions", of_comment),
    Route("POST", "/repos/<owner>/<repo>/issues/comments/<comment_id>/reactions", to_comment),
    Route("DELETE", "/repos/<owner>/<repo>/issues/comments/<comment_id>/reactions/<reaction_id>", from_comment),
    Route("GET", "/repos/<owner>/<repo>/pulls/comments/<comment_id>/reactions", of_review_comment),
    Route("POST", "/repos/<owner>/<repo>/pulls/comments/<comment_id>/reactions", to_review_comment),
    Route("DELETE", "/repos/<owner>/<repo>/pulls/comments/<comment_id>/reactions/<reaction_id>", from_review_comment),
)
