"""Comments in the conversation, reactions and labels."""

from collections.abc import Sequence
from dataclasses import replace

from bot.hub.actor import Actor
from bot.hub.events import issue_comment, issues, pull_request
from bot.hub.refusal import invalid, unprocessable
from bot.hub.render.issues import REACTIONS
from bot.hub.state.issues import Comment, Issue, Label, Reaction, ReactionSubject
from bot.hub.state.repositories import Repository
from bot.hub.world import World

BODY_LIMIT = 65_536
"""Characters in the body of a comment, a review or an issue; observed at GitHub, not in its REST pages."""


def checked_body(text: str, resource: str, required: bool = True) -> str:
    """The text, if it is neither missing nor too long."""
    if required and not text.strip():
        raise invalid(resource, "body", "missing_field", "Body can't be blank")
    if len(text) > BODY_LIMIT:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {BODY_LIMIT} characters)")
    return text


def create(world: World, actor: Actor, issue: Issue, body: str) -> Comment:
    """Comment on an issue or a pull request."""
    checked_body(body, "IssueComment")
    now, store = world.now(), world.store
    made = store.comments.put(
        Comment(store.new_id(), issue.repository_id, issue.id, actor.who.id, body, now, now, actor.via_app_id)
    )
    store.issues.put(replace(store.issues[issue.id], updated_at=now))
    issue_comment.announce(world, actor, "created", made)
    return made


def edit(world: World, actor: Actor, comment: Comment, body: str) -> Comment:
    """Change what a comment says."""
    checked_body(body, "IssueComment")
    edited = world.store.comments.put(replace(comment, body=body, updated_at=world.now()))
    issue_comment.announce(world, actor, "edited", edited, comment.body)
    return edited


def delete(world: World, actor: Actor, comment: Comment) -> None:
    """Remove a comment."""
    world.store.comments.drop(comment.id)
    issue_comment.announce(world, actor, "deleted", comment)


def react(world: World, actor: Actor, subject: ReactionSubject, subject_id: int, content: str) -> tuple[Reaction, bool]:
    """React with an emoji; the reaction and whether it is new."""
    if content not in REACTIONS:
        raise invalid("Reaction", "content", "invalid", f"content must be one of {', '.join(REACTIONS)}")
    store = world.store
    found = store.reactions.first(
        lambda r: (
            r.subject == subject and r.subject_id == subject_id and r.user_id == actor.who.id and r.content == content
        )
    )
    if found is not None:
        return found, False
    made = Reaction(store.new_id(), subject, subject_id, actor.who.id, content, world.now())
    return store.reactions.put(made), True


def label_named(world: World, repo: Repository, name: str) -> Label | None:
    """The repository's label with this name, whatever the case of its letters."""
    return world.store.labels.first(lambda x: x.repository_id == repo.id and x.name.lower() == name.lower())


def create_label(world: World, repo: Repository, name: str, color: str, description: str | None) -> Label:
    """Add a label to the repository."""
    if label_named(world, repo, name) is not None:
        raise invalid("Label", "name", "already_exists", "name already exists")
    if len(color) != 6 or any(letter not in "0123456789abcdefABCDEF" for letter in color):
        raise invalid("Label", "color", "invalid", "color must be six hexadecimal digits without #")
    return world.store.labels.put(Label(world.store.new_id(), repo.id, name, color.lower(), description))


def set_labels(world: World, actor: Actor, issue: Issue, names: Sequence[str]) -> Issue:
    """Give an issue or a pull request exactly these labels; unknown ones are created grey."""
    repo = world.store.repositories[issue.repository_id]
    if any(not name or len(name) > 50 for name in names):
        raise unprocessable("Label names have 1 to 50 characters.")
    wanted = [label_named(world, repo, name) or create_label(world, repo, name, "ededed", None) for name in names]
    ids = tuple(dict.fromkeys(label.id for label in wanted))
    changed = world.store.issues.put(replace(issue, label_ids=ids, updated_at=world.now()))
    event = issues.labeled if issue.pull is None else pull_request.labeled
    for label_id in (*issue.label_ids, *ids):
        if (label_id in issue.label_ids) != (label_id in ids):
            action = "labeled" if label_id in ids else "unlabeled"
            event(world, actor, action, changed, world.store.labels[label_id])
    return changed
