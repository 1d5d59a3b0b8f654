"""`issue_comment`: created, edited, deleted; for issues and pull requests alike."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import tell
from bot.hub.fields import Json
from bot.hub.render.issues import comment as comment_body
from bot.hub.render.issues import issue
from bot.hub.render.view import View
from bot.hub.state.issues import Comment
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, comment: Comment, old_body: str | None = None) -> None:
    """Tell what happened to a comment; `old_body` is what it said before an edit."""

    def body(view: View) -> Json:
        found: Json = {
            "action": action,
            "issue": issue(view, world.store.issues[comment.issue_id]),
            "comment": comment_body(view, comment),
        }
        if old_body is not None:
            found["changes"] = {"body": {"from": old_body}}
        return found

    tell(world, actor, world.store.repositories[comment.repository_id], "issue_comment", body)
