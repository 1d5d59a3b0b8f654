"""`pull_request_review_comment`: created, edited, deleted."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import tell
from bot.hub.fields import Json
from bot.hub.render.pulls import simple_pull
from bot.hub.render.reviews import review_comment
from bot.hub.render.view import View
from bot.hub.state.reviews import ReviewComment
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, comment: ReviewComment, old_body: str | None = None) -> None:
    """Tell what happened to a comment on the diff."""

    def body(view: View) -> Json:
        found: Json = {
            "action": action,
            "comment": review_comment(view, comment),
            "pull_request": simple_pull(view, world.store.issues[comment.issue_id]),
        }
        if old_body is not None:
            found["changes"] = {"body": {"from": old_body}}
        return found

    tell(world, actor, world.store.repositories[comment.repository_id], "pull_request_review_comment", body)
