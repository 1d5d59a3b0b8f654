"""`installation` and `installation_repositories`: sent to every App, subscribed or not."""

from bot.hub.actor import Actor
from bot.hub.fields import Json
from bot.hub.render.accounts import installation as installation_body
from bot.hub.render.accounts import installation_repositories, user
from bot.hub.render.view import View
from bot.hub.state.apps import Installation
from bot.hub.state.repositories import Repository
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, one: Installation) -> None:
    """Tell what happened to an installation: created, deleted, suspend, unsuspend."""
    view = View(world.store, world.url)
    repositories = world.store.repositories.where(lambda repo: world.store.installation_covers(one, repo))
    payload: Json = {
        "action": action,
        "installation": installation_body(view, one),
        "repositories": installation_repositories(repositories),
        "sender": user(view, actor.who),
    }
    world.outbox.send(world.store.apps[one.app_id], "installation", payload, one.id)


def repositories_changed(world: World, actor: Actor, action: str, one: Installation, repos: list[Repository]) -> None:
    """Tell which repositories were `added` to or `removed` from an installation."""
    view = View(world.store, world.url)
    shown = installation_repositories(repos)
    payload: Json = {
        "action": action,
        "installation": installation_body(view, one),
        "repository_selection": "all" if one.repository_ids is None else "selected",
        "repositories_added": shown if action == "added" else [],
        "repositories_removed": shown if action == "removed" else [],
        "requester": None,
        "sender": user(view, actor.who),
    }
    world.outbox.send(world.store.apps[one.app_id], "installation_repositories", payload, one.id)
