"""Repositories."""

from bot.hub.fields import Json
from bot.hub.render.accounts import user
from bot.hub.render.view import View, stamp
from bot.hub.state.people import Level, at_least
from bot.hub.state.repositories import Repository
from bot.hub.state.store import node_id

ADDRESSES = {
    "forks_url": "/forks",
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams",
    "hooks_url": "/hooks",
    "issue_events_url": "/issues/events{/number}",
    "events_url": "/events",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "tags_url": "/tags",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages",
    "stargazers_url": "/stargazers",
    "contributors_url": "/contributors",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}",
    "downloads_url": "/downloads",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
    "deployments_url": "/deployments",
}
"""The addresses that hang below a repository's own."""


def repository(view: View, one: Repository) -> Json:
    """A repository as it stands in pull requests, lists and webhooks."""
    api, page, host = view.repo(one), view.page(one), view.html.partition("://")[2]
    open_count = len(view.store.issues.where(lambda issue: issue.repository_id == one.id and issue.state == "open"))
    forks = len(view.store.repositories.where(lambda other: other.fork_of_id == one.id))
    return {
        "id": one.id,
        "node_id": node_id("R", one.id),
        "name": one.name,
        "full_name": one.full_name,
        "private": one.private,
        "owner": user(view, view.store.users[one.owner_id]),
        "html_url": page,
        "description": None,
        "fork": one.fork_of_id is not None,
        "url": api,
        **{name: api + tail for name, tail in ADDRESSES.items()},
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.created_at),
        "pushed_at": stamp(one.created_at),
        "git_url": f"git://{host}/{one.full_name}.git",
        "ssh_url": f"git@{host}:{one.full_name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "homepage": None,
        "size": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": None,
        "has_issues": True,
        "has_projects": False,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": forks,
        "mirror_url": None,
        "archived": False,
        "disabled": False,
        "open_issues_count": open_count,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if one.private else "public",
        "forks": forks,
        "open_issues": open_count,
        "watchers": 0,
        "default_branch": one.default_branch,
    }


def full_repository(view: View, one: Repository, level: Level | None) -> Json:
    """A repository's own page; `level` is the reader's, None for an App or nobody."""
    body = repository(view, one) | {
        "network_count": 0,
        "subscribers_count": 0,
        "temp_clone_token": None,
        "allow_squash_merge": True,
        "allow_merge_commit": True,
        "allow_rebase_merge": True,
        "delete_branch_on_merge": False,
    }
    if level is not None:
        body["permissions"] = {
            "admin": at_least(level, "admin"),
            "maintain": at_least(level, "maintain"),
            "push": at_least(level, "write"),
            "triage": at_least(level, "triage"),
            "pull": at_least(level, "read"),
        }
    parent = view.store.repositories.get(one.fork_of_id)
    if parent is not None:
        body["parent"] = body["source"] = repository(view, parent)
    return body
