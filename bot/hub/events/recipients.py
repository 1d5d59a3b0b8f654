"""Which Apps hear of something, and what every payload carries."""

from collections.abc import Callable

from bot.hub.actor import Actor
from bot.hub.fields import Json
from bot.hub.render.accounts import user
from bot.hub.render.repositories import repository
from bot.hub.render.view import View
from bot.hub.state.apps import App, Installation
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository
from bot.hub.state.store import node_id
from bot.hub.world import World


def installed(world: World, repo: Repository) -> list[tuple[App, Installation]]:
    """Apps that are installed on the repository and not suspended."""
    return [
        (world.store.apps[one.app_id], one)
        for one in world.store.installations
        if one.suspended_at is None and world.store.installation_covers(one, repo)
    ]


def tell(
    world: World,
    actor: Actor,
    repo: Repository,
    event: str,
    body: Callable[[View], Json],
    hears: Callable[[App], bool] | None = None,
) -> None:
    """Send an event about a repository to every App that `hears` (by default: that subscribed to it)."""
    view = View(world.store, world.url)
    chosen = [
        (app, one) for app, one in installed(world, repo) if (event in app.events if hears is None else hears(app))
    ]
    if not chosen:
        return
    common = body(view)
    common.setdefault("repository", repository(view, repo))
    common["sender"] = user(view, actor.who)
    owner = world.store.users[repo.owner_id]
    if owner.type == "Organization":
        common["organization"] = organization(view, owner)
    for app, one in chosen:
        payload = common | {"installation": {"id": one.id, "node_id": node_id("INST", one.id)}}
        world.outbox.send(app, event, payload, one.id, repo.id)


def may_write_checks(app: App) -> bool:
    """Apps with this permission hear of requested suites and pressed buttons without a subscription."""
    return app.permissions.get("checks") == "write"


def organization(view: View, owner: User) -> Json:
    """An organisation in a payload."""
    api = f"{view.api}/orgs/{owner.login}"
    return {
        "login": owner.login,
        "id": owner.id,
        "node_id": node_id("O", owner.id),
        "url": api,
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events",
        "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues",
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": f"{view.html}/avatars/{owner.id}",
        "description": None,
    }
