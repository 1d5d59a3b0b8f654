"""Commits that GitHub makes and signs itself, on the tip that was expected. GraphQL only: REST makes none that are signed for an App."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.adapters.github.answers import Body
from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.tokens import Purpose
from bot.core.ports import SignedCommit
from bot.core.pulls import RepoRef
from bot.errors import LeaseLost, NotThere, Refused
from bot.ids import Sha

MUTATION = """\
mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""

STALE = "STALE_DATA"
"""The type of error when the branch is not at the expected commit (GraphQL reference, `expectedHeadOid`)."""


def graphql_address(api_url: str) -> str:
    """Where GraphQL answers: beside `/api/v3` on GitHub Enterprise Server, `/graphql` on api.github.com."""
    parts = urlsplit(api_url.rstrip("/"))
    path = parts.path.removesuffix("/v3") + "/graphql" if parts.path.endswith("/api/v3") else "/graphql"
    return f"{parts.scheme}://{parts.netloc}{path}"


def commit_signed(client: Client, address: str, repo: RepoRef, wanted: SignedCommit) -> Sha:
    """The branch's new tip: the wanted commit, made now or found again by its mark. Raises `LeaseLost` when the branch is elsewhere."""

    def attempt() -> Sha:
        tip = _tip(client, repo, wanted.branch)
        sha = Sha(tip.text("sha"))
        if sha != wanted.expected:
            if _is_it(tip, wanted):
                return sha
            raise LeaseLost(f"{wanted.branch} has moved", hint="a newer push wins")
        return _make(client, address, repo, wanted)

    return client.until_clear(attempt)


def _tip(client: Client, repo: RepoRef, branch: str) -> Body:
    return Body(client.read(repo, repo_path(repo, "branches", branch), purpose=Purpose.FETCH).data).object("commit")


def _is_it(tip: Body, wanted: SignedCommit) -> bool:
    """Ours is the only commit on that parent whose message has the mark as a line of its own; its content is judged by its tree, elsewhere."""
    parents = [parent.text("sha") for parent in tip.list("parents")]
    return parents == [wanted.expected] and wanted.mark in tip.object("commit").text_or("message").splitlines()


def _make(client: Client, address: str, repo: RepoRef, wanted: SignedCommit) -> Sha:
    body = {"query": MUTATION, "variables": {"input": _input(repo, wanted)}}
    answer = client.write(repo, "POST", address, purpose=Purpose.PUSH, body=body)
    if answer.has("errors"):
        raise _fault(answer.list("errors"), wanted.branch)
    return Sha(answer.object("data").object("createCommitOnBranch").object("commit").text("oid"))


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


def _fault(errors: tuple[Body, ...], branch: str) -> LeaseLost | NotThere | Refused:
    kinds = {error.text_or("type") for error in errors}
    words = "; ".join(error.text_or("message") for error in errors)[:500]
    if STALE in kinds:
        return LeaseLost(f"{branch} has moved", hint="a newer push wins")
    if "NOT_FOUND" in kinds:
        return NotThere(f"GitHub does not find {branch}: {words}", hint="was it removed?")
    return Refused(f"GitHub did not make a commit on {branch}: {words}", hint="")
