"""`status`: a commit status was reported."""

from bot.hub.actor import Actor
from bot.hub.events.recipients import tell
from bot.hub.fields import Json
from bot.hub.git import history
from bot.hub.render.git_objects import commit
from bot.hub.render.statuses import simple_status
from bot.hub.render.view import View
from bot.hub.state.statuses import CommitStatus
from bot.hub.world import World


def announce(world: World, actor: Actor, made: CommitStatus) -> None:
    """Tell of a new status, with the branches whose tip the commit is."""
    repo = world.store.repositories[made.repository_id]
    bare = world.store.bare(repo)

    def body(view: View) -> Json:
        tips = [
            name.removeprefix("refs/heads/") for name, at in bare.refs().items() if at == made.sha and "/heads/" in name
        ]
        shown = simple_status(view, made)
        kept = ("id", "state", "description", "target_url", "context", "created_at", "updated_at", "avatar_url")
        return {name: shown[name] for name in kept} | {
            "sha": made.sha,
            "name": repo.full_name,
            "commit": commit(view, repo, history.commit(bare, made.sha)),
            "branches": [
                {
                    "name": name,
                    "commit": {"sha": made.sha, "url": f"{view.repo(repo)}/commits/{made.sha}"},
                    "protected": world.store.protection(repo, name) is not None,
                }
                for name in tips
            ],
        }

    tell(world, actor, repo, "status", body)
