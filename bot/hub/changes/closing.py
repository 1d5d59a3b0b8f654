"""Issues that a pull request closes by the words of its body, once it is merged into the default branch (GitHub docs, *Linking a pull request*)."""

import re

from bot.hub.actor import Actor
from bot.hub.changes import issues
from bot.hub.state.issues import Issue
from bot.hub.world import World

_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(?P<number>[1-9][0-9]{0,8})\b", re.IGNORECASE)


def close_linked(world: World, actor: Actor, merged: Issue) -> None:
    """Close the open issues that the body of a merged pull request names behind a closing word."""
    repo = world.store.repositories[merged.repository_id]
    if merged.as_pull.base_ref != repo.default_branch:
        return
    for number in dict.fromkeys(int(found["number"]) for found in _CLOSES.finditer(merged.body or "")):
        issue = world.store.issue_numbered(repo, number)
        if issue is not None and issue.pull is None and issue.state == "open":
            issues.set_state(world, actor, issue, "closed", "completed")
