"""Opening and changing issues."""

from collections.abc import Sequence
from dataclasses import replace

from bot.hub.actor import Actor
from bot.hub.changes.comments import checked_body, set_labels
from bot.hub.events import issues
from bot.hub.fields import Json
from bot.hub.refusal import invalid
from bot.hub.state.issues import Issue
from bot.hub.state.repositories import Repository
from bot.hub.world import World

TITLE_LIMIT = 256
"""Characters in a title."""


def checked_title(title: str, resource: str) -> str:
    """The title, if it is neither missing nor too long."""
    if not title.strip():
        raise invalid(resource, "title", "missing_field", "title can't be blank")
    if len(title) > TITLE_LIMIT:
        raise invalid(resource, "title", "custom", f"title is too long (maximum is {TITLE_LIMIT} characters)")
    return title


def create(
    world: World, actor: Actor, repo: Repository, title: str, body: str | None, labels: Sequence[str] = ()
) -> Issue:
    """Open an issue."""
    checked_title(title, "Issue")
    checked_body(body or "", "Issue", required=False)
    now, store = world.now(), world.store
    made = store.issues.put(
        Issue(
            store.new_id(), repo.id, store.next_number(repo), title, body, actor.who.id, now, now,
            via_app_id=actor.via_app_id,
        )
    )  # fmt: skip
    issues.announce(world, actor, "opened", made)
    return set_labels(world, actor, made, labels) if labels else made


def edit(world: World, actor: Actor, issue: Issue, title: str | None, body: str | None) -> Issue:
    """Change title or body; None leaves as it is."""
    changed = issue
    changes: Json = {}
    if title is not None and title != issue.title:
        changed = replace(changed, title=checked_title(title, "Issue"))
        changes["title"] = {"from": issue.title}
    if body is not None and body != issue.body:
        changed = replace(changed, body=checked_body(body, "Issue", required=False))
        changes["body"] = {"from": issue.body or ""}
    if changes:
        changed = world.store.issues.put(replace(changed, updated_at=world.now()))
        issues.announce(world, actor, "edited", changed, {"changes": changes})
    return changed


def set_state(world: World, actor: Actor, issue: Issue, state: str, reason: str | None) -> Issue:
    """Close or reopen an issue."""
    if state == issue.state:
        return issue
    now = world.now()
    if state == "closed":
        changed = replace(
            issue, state="closed", state_reason=reason or "completed", closed_at=now, closed_by_id=actor.who.id
        )
    else:
        changed = replace(issue, state="open", state_reason="reopened", closed_at=None, closed_by_id=None)
    changed = world.store.issues.put(replace(changed, updated_at=now))
    issues.announce(world, actor, "closed" if state == "closed" else "reopened", changed)
    return changed
