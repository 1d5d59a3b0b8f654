"""`merge_group`: checks_requested and destroyed."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import tell
from bot.hub.fields import Json
from bot.hub.git import history
from bot.hub.render.git_objects import simple_commit
from bot.hub.render.view import View
from bot.hub.state.queues import QueueEntry
from bot.hub.world import World


def announce(world: World, actor: Actor, action: str, entry: QueueEntry, reason: str | None = None) -> None:
    """Tell of a merge group that wants checks, or that is gone and why (`merged`, `invalidated`, `dequeued`)."""
    repo = world.store.repositories[entry.repository_id]

    def body(view: View) -> Json:
        group: Json = {
            "head_sha": entry.head_sha,
            "head_ref": entry.head_ref,
            "base_sha": entry.base_sha,
            "base_ref": f"refs/heads/{entry.branch}",
            "head_commit": simple_commit(history.commit(world.store.bare(repo), entry.head_sha)),
        }
        return {"action": action, "merge_group": group, **({"reason": reason} if reason else {})}

    tell(world, actor, repo, "merge_group", body)
