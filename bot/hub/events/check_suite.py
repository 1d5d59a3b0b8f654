"""`check_suite`: requested and rerequested, for the App that owns the suite."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import may_write_checks, tell
from bot.hub.fields import Json
from bot.hub.render.accounts import app as app_body
from bot.hub.render.checks import suite_core
from bot.hub.render.view import View
from bot.hub.state.checks import CheckSuite
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, suite: CheckSuite) -> None:
    """Tell the owning App that a suite is wanted."""

    def body(view: View) -> Json:
        owner = app_body(view, world.store.apps[suite.app_id])
        return {"action": action, "check_suite": suite_core(view, suite) | {"app": owner}}

    repo = world.store.repositories[suite.repository_id]
    tell(world, actor, repo, "check_suite", body, lambda app: app.id == suite.app_id and may_write_checks(app))
