"""Issues, comments, labels and reactions."""

from collections import Counter

from bot.hub.fields import Json
from bot.hub.render.accounts import maybe_app, maybe_user, user
from bot.hub.render.view import View, in_path, maybe_stamp, stamp
from bot.hub.state.issues import Comment, Issue, Label, Reaction, ReactionSubject
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository
from bot.hub.state.store import node_id

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def issue(view: View, one: Issue) -> Json:
    """An issue, or a pull request seen as an issue."""
    repository = view.store.repositories[one.repository_id]
    api, page = f"{view.repo(repository)}/issues/{one.number}", page_of(view, one)
    body: Json = {
        "url": api,
        "repository_url": view.repo(repository),
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "timeline_url": f"{api}/timeline",
        "html_url": page,
        "id": one.id,
        "node_id": node_id("PR" if one.pull else "I", one.id),
        "number": one.number,
        "title": one.title,
        "user": user(view, view.store.users[one.author_id]),
        "labels": labels(view, one),
        "state": one.state,
        "state_reason": one.state_reason,
        "locked": False,
        "assignee": maybe_user(view, one.assignee_ids[0] if one.assignee_ids else None),
        "assignees": [user(view, view.store.users[i]) for i in one.assignee_ids],
        "milestone": None,
        "comments": len(view.store.comments.where(lambda comment: comment.issue_id == one.id)),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "closed_at": maybe_stamp(one.closed_at),
        "closed_by": maybe_user(view, one.closed_by_id),
        "author_association": association(view, repository, view.store.users[one.author_id]),
        "active_lock_reason": None,
        "body": one.body,
        "reactions": reactions(view, "issue", one.id, f"{api}/reactions"),
        "performed_via_github_app": maybe_app(view, one.via_app_id),
    }
    if one.pull is not None:
        body["draft"] = one.pull.draft
        body["pull_request"] = {
            "url": f"{view.repo(repository)}/pulls/{one.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": maybe_stamp(one.pull.merged_at),
        }
    return body


def page_of(view: View, one: Issue) -> str:
    """The page of an issue or a pull request."""
    repository = view.store.repositories[one.repository_id]
    return f"{view.page(repository)}/{'pull' if one.pull else 'issues'}/{one.number}"


def comment(view: View, one: Comment) -> Json:
    """A comment in the conversation."""
    parent = view.store.issues[one.issue_id]
    repository = view.store.repositories[one.repository_id]
    api = f"{view.repo(repository)}/issues/comments/{one.id}"
    author = view.store.users[one.author_id]
    return {
        "url": api,
        "html_url": f"{page_of(view, parent)}#issuecomment-{one.id}",
        "issue_url": f"{view.repo(repository)}/issues/{parent.number}",
        "id": one.id,
        "node_id": node_id("IC", one.id),
        "user": user(view, author),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "body": one.body,
        "author_association": association(view, repository, author),
        "reactions": reactions(view, "comment", one.id, f"{api}/reactions"),
        "performed_via_github_app": maybe_app(view, one.via_app_id),
    }


def label(view: View, one: Label) -> Json:
    """A label."""
    repository = view.store.repositories[one.repository_id]
    return {
        "id": one.id,
        "node_id": node_id("LA", one.id),
        "url": f"{view.repo(repository)}/labels/{in_path(one.name)}",
        "name": one.name,
        "description": one.description,
        "color": one.color,
        "default": False,
    }


def labels(view: View, one: Issue) -> list[Json]:
    """The labels of an issue."""
    return [label(view, view.store.labels[i]) for i in one.label_ids]


def reactions(view: View, subject: ReactionSubject, subject_id: int, url: str) -> Json:
    """How often each emoji was given."""
    count = Counter(
        reaction.content
        for reaction in view.store.reactions
        if reaction.subject == subject and reaction.subject_id == subject_id
    )
    return {"url": url, "total_count": sum(count.values()), **{name: count[name] for name in REACTIONS}}


def reaction(view: View, one: Reaction) -> Json:
    """One person's emoji."""
    return {
        "id": one.id,
        "node_id": node_id("REA", one.id),
        "user": maybe_user(view, one.user_id),
        "content": one.content,
        "created_at": stamp(one.created_at),
    }


def association(view: View, repository: Repository, who: User) -> str:
    """The author association: kept for show, as at GitHub it proves nothing."""
    if who.id == repository.owner_id:
        return "OWNER"
    if (repository.id, who.id) in view.store.levels:
        return "COLLABORATOR"
    return "NONE"
