"""Pull requests."""

from bot.hub.fields import Json
from bot.hub.git import diffs, history, merging
from bot.hub.render.accounts import maybe_user, user
from bot.hub.render.issues import association, issue, labels, page_of
from bot.hub.render.repositories import repository
from bot.hub.render.view import View, maybe_stamp, stamp
from bot.hub.state.issues import Issue
from bot.hub.state.repositories import Repository
from bot.hub.state.store import node_id


def simple_pull(view: View, one: Issue) -> Json:
    """A pull request in lists and in the events around it."""
    pull, base_repo = one.as_pull, view.store.repositories[one.repository_id]
    head_repo = view.store.repositories[pull.head_repository_id]
    api, as_issue = f"{view.repo(base_repo)}/pulls/{one.number}", f"{view.repo(base_repo)}/issues/{one.number}"
    page, statuses = page_of(view, one), f"{view.repo(base_repo)}/statuses/{pull.head_sha}"
    author = view.store.users[one.author_id]
    return {
        "url": api,
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": as_issue,
        "number": one.number,
        "state": one.state,
        "locked": False,
        "title": one.title,
        "user": user(view, author),
        "body": one.body,
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "closed_at": maybe_stamp(one.closed_at),
        "merged_at": maybe_stamp(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_sha,
        "assignee": maybe_user(view, one.assignee_ids[0] if one.assignee_ids else None),
        "assignees": [user(view, view.store.users[i]) for i in one.assignee_ids],
        "requested_reviewers": [user(view, view.store.users[i]) for i in pull.reviewer_ids],
        "requested_teams": [],
        "labels": labels(view, one),
        "milestone": None,
        "draft": pull.draft,
        "commits_url": f"{api}/commits",
        "review_comments_url": f"{api}/comments",
        "review_comment_url": f"{view.repo(base_repo)}/pulls/comments{{/number}}",
        "comments_url": f"{as_issue}/comments",
        "statuses_url": statuses,
        "head": branch(view, head_repo, pull.head_ref, pull.head_sha),
        "base": branch(view, base_repo, pull.base_ref, view.store.base_sha(one)),
        "_links": {
            name: {"href": href}
            for name, href in (
                ("self", api),
                ("html", page),
                ("issue", as_issue),
                ("comments", f"{as_issue}/comments"),
                ("review_comments", f"{api}/comments"),
                ("review_comment", f"{view.repo(base_repo)}/pulls/comments{{/number}}"),
                ("commits", f"{api}/commits"),
                ("statuses", statuses),
            )
        },
        "author_association": association(view, base_repo, author),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def branch(view: View, repo: Repository, ref: str, sha: str) -> Json:
    """Head or base."""
    return {
        "label": f"{repo.owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(view, view.store.users[repo.owner_id]),
        "repo": repository(view, repo),
    }


def pull_request(view: View, one: Issue) -> Json:
    """A pull request's own page: with what git says of size and mergeability."""
    pull, repo = one.as_pull, view.store.repositories[one.repository_id]
    bare, base = view.store.bare(repo), view.store.base_sha(one)
    changed = diffs.outline(bare, diffs.pull_base(bare, base, pull.head_sha), pull.head_sha)
    clean = None if one.state == "closed" else merging.merged_tree(bare, base, pull.head_sha) is not None
    return simple_pull(view, one) | {
        "merged": pull.merged_at is not None,
        "mergeable": clean,
        "rebaseable": clean,
        "mergeable_state": "unknown" if clean is None else ("draft" if pull.draft else "clean" if clean else "dirty"),
        "merged_by": maybe_user(view, pull.merged_by_id),
        "comments": issue(view, one)["comments"],
        "review_comments": len(view.store.review_comments.where(lambda c: c.issue_id == one.id)),
        "maintainer_can_modify": pull.maintainer_can_modify,
        "commits": history.distance(bare, base, pull.head_sha).ahead,
        "additions": sum(c.additions for c in changed),
        "deletions": sum(c.deletions for c in changed),
        "changed_files": len(changed),
    }


def minimal_pulls(view: View, repo: Repository, sha: str) -> list[Json]:
    """The open pull requests that a check on a commit belongs to; none for heads in forks."""
    return [
        {
            "url": f"{view.repo(repo)}/pulls/{one.number}",
            "id": one.as_pull.id,
            "number": one.number,
            "head": _minimal_branch(view, repo, one.as_pull.head_ref, sha),
            "base": _minimal_branch(view, repo, one.as_pull.base_ref, view.store.base_sha(one)),
        }
        for one in view.store.pulls_at(repo, sha)
        if one.as_pull.head_repository_id == repo.id
    ]


def _minimal_branch(view: View, repo: Repository, ref: str, sha: str) -> Json:
    return {"ref": ref, "sha": sha, "repo": {"id": repo.id, "url": view.repo(repo), "name": repo.name}}
