"""Commits that GitHub makes and signs itself, on the tip that was expected. GraphQL only: REST makes none that are signed for an App."""

import base64
from collections.abc import Mapping
from typing import Any

from bot.adapters.github.answers import Body
from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.graphql import GraphQL, Stale
from bot.adapters.github.tokens import Purpose
from bot.core.ports import SignedCommit
from bot.core.pulls import RepoRef
from bot.errors import LeaseLost
from bot.ids import Sha

MUTATION = """\
mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""


def commit_signed(client: Client, graphql: GraphQL, repo: RepoRef, wanted: SignedCommit) -> Sha:
    """The branch's new tip: the wanted commit, made now or found again by its mark. Raises `LeaseLost` when the branch is elsewhere."""

    def attempt() -> Sha:
        tip = _tip(client, repo, wanted.branch)
        sha = Sha(tip.text("sha"))
        if sha != wanted.expected:
            if _is_it(tip, wanted):
                return sha
            raise LeaseLost(f"{wanted.branch} has moved", hint="a newer push wins")
        return _make(graphql, repo, wanted)

    return client.until_clear(attempt)


def _tip(client: Client, repo: RepoRef, branch: str) -> Body:
    return Body(client.read(repo, repo_path(repo, "branches", branch), purpose=Purpose.FETCH).data).object("commit")


def _is_it(tip: Body, wanted: SignedCommit) -> bool:
    """Ours is the only commit on that parent whose message has the mark as a line of its own; its content is judged by its tree, elsewhere."""
    parents = [parent.text("sha") for parent in tip.list("parents")]
    return parents == [wanted.expected] and wanted.mark in tip.object("commit").text_or("message").splitlines()


def _make(graphql: GraphQL, repo: RepoRef, wanted: SignedCommit) -> Sha:
    try:
        made = graphql.change(repo, MUTATION, _input(repo, wanted), purpose=Purpose.PUSH)
    except Stale:
        raise LeaseLost(f"{wanted.branch} has moved", hint="a newer push wins") from None
    return Sha(made.object("createCommitOnBranch").object("commit").text("oid"))


def _input(repo: RepoRef, wanted: SignedCommit) -> Mapping[str, Any]:
    headline, _, body = wanted.message.strip().partition("\n\n")
    return {
        "branch": {"repositoryNameWithOwner": repo.full_name, "branchName": wanted.branch},
        "message": {"headline": headline, "body": body},
        "expectedHeadOid": wanted.expected,
        "fileChanges": {
            "additions": [
                {"path": path, "contents": base64.b64encode(data).decode()} for path, data in sorted(wanted.put.items())
            ],
            "deletions": [{"path": path} for path in sorted(wanted.drop)],
        },
    }
