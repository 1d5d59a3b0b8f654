"""`issues`: opened, edited, closed, reopened, labeled, unlabeled. Pull requests have their own event."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import tell
from bot.hub.fields import Json
from bot.hub.render.issues import issue as issue_body
from bot.hub.render.issues import label
from bot.hub.render.view import View
from bot.hub.state.issues import Issue, Label
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, issue: Issue, extra: Json | None = None) -> None:
    """Tell what happened to an issue."""

    def body(view: View) -> Json:
        return {"action": action, "issue": issue_body(view, issue), **(extra or {})}

    tell(world, actor, world.store.repositories[issue.repository_id], "issues", body)


def labeled(world: World, actor: Actor, action: str, issue: Issue, one: Label) -> None:
    """A label was added (`labeled`) or removed (`unlabeled`)."""
    announce(world, actor, action, issue, {"label": label(View(world.store, world.url), one)})
