"""`check_run`: created and completed for subscribers; rerequested and requested_action for the App that owns the run."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import may_write_checks, tell
from bot.hub.fields import Json
from bot.hub.render.checks import check_run, suite_core
from bot.hub.render.repositories import repository
from bot.hub.render.view import View
from bot.hub.state.apps import App
from bot.hub.state.checks import CheckRun
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, run: CheckRun, identifier: str | None = None) -> None:
    """Tell what happened to a check run; `identifier` names the button that was pressed."""
    owner_only = action in ("rerequested", "requested_action")
    repo = world.store.repositories[run.repository_id]

    def body(view: View) -> Json:
        suite = suite_core(view, world.store.suites[run.suite_id])
        suite.pop("head_commit")
        suite.pop("check_runs_url")
        suite.pop("latest_check_runs_count")
        shown = check_run(view, run)
        shown["check_suite"] = suite | {"repository": repository(view, repo)}
        found: Json = {"action": action, "check_run": shown}
        if identifier is not None:
            found["requested_action"] = {"identifier": identifier}
        return found

    def hears(app: App) -> bool:
        if owner_only:
            return app.id == run.app_id and may_write_checks(app)
        return "check_run" in app.events

    tell(world, actor, repo, "check_run", body, hears)
