"""`pull_request_review`: submitted, edited, dismissed."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import tell
from bot.hub.fields import Json
from bot.hub.render.pulls import simple_pull
from bot.hub.render.reviews import review as review_body
from bot.hub.render.view import View
from bot.hub.state.reviews import Review
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, review: Review, old_body: str | None = None) -> None:
    """Tell what happened to a review. Its state is in lower case here, in upper case everywhere else."""

    def body(view: View) -> Json:
        shown = review_body(view, review)
        found: Json = {
            "action": action,
            "review": shown | {"state": review.state.lower(), "body": review.body or None},
            "pull_request": simple_pull(view, world.store.issues[review.issue_id]),
        }
        if old_body is not None:
            found["changes"] = {"body": {"from": old_body}}
        return found

    tell(world, actor, world.store.repositories[review.repository_id], "pull_request_review", body)
