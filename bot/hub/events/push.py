"""`push`: a branch or a tag was created, moved or deleted."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import tell
from bot.hub.fields import Json
from bot.hub.git import history
from bot.hub.render.git_objects import push_commit
from bot.hub.render.repositories import repository
from bot.hub.render.view import View
from bot.hub.state.repositories import Repository
from bot.hub.world import World


def announce(world: World, actor: Actor, repo: Repository, ref: str, before: str, after: str) -> None:
    """Tell of one moved ref; forty zeros stand for one that does not exist."""

    def body(view: View) -> Json:
        bare = world.store.bare(repo)
        created, deleted = not int(before, 16), not int(after, 16)
        commits = [push_commit(view, repo, bare, one) for one in history.new_commits(bare, before, after)]
        forced = not created and not deleted and not bare.is_ancestor(before, after)
        owner = world.store.users[repo.owner_id]
        shown = repository(view, repo)
        shown["owner"] = {**_mapping(shown["owner"]), "name": owner.login, "email": owner.email}
        return {
            "ref": ref,
            "before": before,
            "after": after,
            "repository": shown,
            "pusher": {"name": actor.who.login, "email": actor.who.email},
            "created": created,
            "deleted": deleted,
            "forced": forced,
            "base_ref": None,
            "compare": f"{view.page(repo)}/compare/{before[:12]}...{after[:12]}",
            "commits": commits,
            "head_commit": commits[-1] if commits else None,
        }

    tell(world, actor, repo, "push", body)


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}
