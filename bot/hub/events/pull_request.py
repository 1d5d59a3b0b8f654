"""`pull_request`: opened, reopened, closed, synchronize, edited, ready_for_review, converted_to_draft, labeled, unlabeled, enqueued,
dequeued."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import tell
from bot.hub.fields import Json
from bot.hub.render.issues import label
from bot.hub.render.pulls import pull_request
from bot.hub.render.view import View
from bot.hub.state.issues import Issue, Label
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, issue: Issue, extra: Json | None = None) -> None:
    """Tell what happened to a pull request."""

    def body(view: View) -> Json:
        return {
            "action": action,
            "number": issue.number,
            "pull_request": pull_request(view, issue),
            **(extra or {}),
        }

    tell(world, actor, world.store.repositories[issue.repository_id], "pull_request", body)


def synchronized(world: World, actor: Actor, issue: Issue, before: str) -> None:
    """A push moved the head."""
    announce(world, actor, "synchronize", issue, {"before": before, "after": issue.as_pull.head_sha})


def labeled(world: World, actor: Actor, action: str, issue: Issue, one: Label) -> None:
    """A label was added (`labeled`) or removed (`unlabeled`)."""
    announce(world, actor, action, issue, {"label": label(View(world.store, world.url), one)})
