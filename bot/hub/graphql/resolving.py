"""Queries and mutations of the root."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.hub.changes import files, pulls
from bot.hub.git.history import Signature
from bot.hub.git.trees import entries
from bot.hub.graphql.asked import Asked, Failed, Info, failed, no_node
from bot.hub.graphql.nodes import Account, CommitNode, PullNode, RefNode, RepositoryNode, ThreadNode, need
from bot.hub.refusal import Refused
from bot.hub.state.issues import Issue
from bot.hub.state.repositories import Repository
from bot.hub.state.reviews import ReviewComment
from bot.hub.state.store import node_id

SIGNER = ("GitHub", "noreply@github.com")
"""Committer of every commit that GitHub makes and signs itself (docs, about commit signature verification): the author is who asked for it."""


class Root:
    """What stands at the top of queries and mutations."""

    def repository(self, info: Info, owner: str, name: str) -> RepositoryNode:
        return RepositoryNode(info.context, _repository(info.context, f"{owner}/{name}"))

    def node(self, info: Info, id: str) -> Any:
        asked = info.context
        if id.startswith("PRRT_"):
            return ThreadNode(asked, _thread(asked, id, "read"))
        return PullNode(asked, _pull(asked, id, "read"))

    def viewer(self, info: Info) -> Account:
        return Account(info.context.actor.who)

    def resolveReviewThread(self, info: Info, input: Mapping[str, Any]) -> dict[str, object]:
        return _settle(info.context, input, resolved=True)

    def unresolveReviewThread(self, info: Info, input: Mapping[str, Any]) -> dict[str, object]:
        return _settle(info.context, input, resolved=False)

    def markPullRequestReadyForReview(self, info: Info, input: Mapping[str, Any]) -> dict[str, object]:
        return _draft(info.context, input, draft=False)

    def convertPullRequestToDraft(self, info: Info, input: Mapping[str, Any]) -> dict[str, object]:
        return _draft(info.context, input, draft=True)

    def createCommitOnBranch(self, info: Info, input: Mapping[str, Any]) -> dict[str, object]:
        asked = info.context
        try:
            return _commit(asked, input)
        except Refused as refused:
            raise failed(refused) from refused


def _settle(asked: Asked, given: Mapping[str, Any], *, resolved: bool) -> dict[str, object]:
    root = _thread(asked, given["threadId"], "write")
    who = asked.actor.who.id if resolved else None
    if (root.resolved_by_id is not None) != resolved:
        root = asked.store.review_comments.put(replace(root, resolved_by_id=who))
    return {"clientMutationId": given.get("clientMutationId"), "thread": ThreadNode(asked, root)}


def _draft(asked: Asked, given: Mapping[str, Any], *, draft: bool) -> dict[str, object]:
    issue = _pull(asked, given["pullRequestId"], "write")
    if issue.state != "open":
        raise Failed("UNPROCESSABLE", "Pull request is closed.")
    if issue.as_pull.draft != draft:
        issue = pulls.set_draft(asked.world, asked.actor, issue, draft)
    return {"clientMutationId": given.get("clientMutationId"), "pullRequest": PullNode(asked, issue)}


def _commit(asked: Asked, given: Mapping[str, Any]) -> dict[str, object]:
    """A commit by whoever asks, signed by the hub, on the tip that was expected; files keep the modes they have."""
    where = given["branch"]
    if not where.get("repositoryNameWithOwner") or not where.get("branchName"):
        raise Failed("UNPROCESSABLE", "A branch is named by repositoryNameWithOwner and branchName here.")
    repo, branch = _repository(asked, where["repositoryNameWithOwner"]), where["branchName"]
    branch = branch.removeprefix("refs/heads/")
    need(asked, repo, "contents", "write")
    tip = asked.store.tip(repo, branch)
    if tip is None:
        raise Failed("NOT_FOUND", f"Could not resolve to a Ref with the name '{branch}'.")
    if tip != given["expectedHeadOid"]:
        raise Failed("STALE_DATA", f'Expected branch to point to "{given["expectedHeadOid"]}" but it did not.  Pull and try again.')  # fmt: skip
    changes = _changes(asked, repo, tip, given.get("fileChanges") or {})
    message = given["message"]["headline"] + (f"\n\n{body}" if (body := given["message"].get("body")) else "")
    who, now = asked.actor.who, asked.world.now()
    people = (Signature(who.login, who.email, now), Signature(*SIGNER, now))
    sha = files.push_by(asked.world, asked.actor, repo, (branch, tip), changes, message, people)
    asked.store.signed.add(sha)
    made = CommitNode(asked, repo, sha)
    ref = RefNode(asked, repo, branch, sha)
    return {"clientMutationId": given.get("clientMutationId"), "commit": made, "ref": ref}


def _changes(asked: Asked, repo: Repository, tip: str, given: Mapping[str, Any]) -> dict[str, bytes | None]:
    there = {one.path for one in entries(asked.store.bare(repo), tip, recursive=True) if one.type != "tree"}
    changes: dict[str, bytes | None] = {}
    for one in given.get("deletions") or []:
        if one["path"] not in there:
            raise Failed("UNPROCESSABLE", f"A path was requested for deletion which does not exist: {one['path']}")
        changes[one["path"]] = None
    for one in given.get("additions") or []:
        path = one["path"]
        if not path or path.startswith("/") or any(part in ("", ".", "..", ".git") for part in path.split("/")):
            raise Failed("UNPROCESSABLE", f"A path was requested which is malformed: {path}")
        try:
            changes[path] = base64.b64decode(one["contents"], validate=True)
        except binascii.Error as wrong:
            raise Failed("UNPROCESSABLE", "contents is not valid Base64") from wrong
    return changes


def _repository(asked: Asked, name: str) -> Repository:
    found = asked.store.repository_named(name)
    if found is None or not asked.actor.sees(asked.store, found):
        raise Failed("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.")
    return found


def _thread(asked: Asked, given: str, access: str) -> ReviewComment:
    root = asked.store.review_comments.first(
        lambda one: one.in_reply_to_id is None and node_id("PRRT", one.id) == given
    )
    repo = asked.store.repositories[root.repository_id] if root else None
    if root is None or repo is None or not asked.actor.sees(asked.store, repo):
        raise no_node(given)
    # Whoever opened the pull request settles threads there without any right to write.
    opener = asked.actor.kind == "user" and asked.store.issues[root.issue_id].author_id == asked.actor.who.id
    need(asked, repo, "pull_requests", "read" if opener else access)
    return root


def _pull(asked: Asked, given: str, access: str) -> Issue:
    found = asked.store.issues.first(lambda one: one.pull is not None and node_id("PR", one.pull.id) == given)
    repo = asked.store.repositories[found.repository_id] if found else None
    if found is None or repo is None or not asked.actor.sees(asked.store, repo):
        raise no_node(given)
    need(asked, repo, "pull_requests", access)
    return found
