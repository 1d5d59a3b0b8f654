"""What only GraphQL has: threads of reviews, drafts, signed commits. Its errors come with status 200 and are told apart by their `type`."""

from collections.abc import Mapping
from typing import Any

from bot.adapters.github.answers import Body, Reply, bodies
from bot.adapters.github.client import Client
from bot.adapters.github.limits import Unclear, Unprocessable
from bot.adapters.github.tokens import Purpose
from bot.core.pace import Importance
from bot.core.pulls import RepoRef
from bot.errors import NotThere, Refused, SpecbotError, Transient

_REFUSED = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "UNPROCESSABLE"})


class Stale(Refused):
    """A compare-and-swap lost: the branch is no longer where it was expected. Nothing was applied."""

    code = "stale"


class GraphQL:
    """Queries and mutations of one client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def ask(self, repo: RepoRef, query: str, variables: Mapping[str, Any], *, purpose: Purpose) -> Body:
        """`data` of a query; asked once more when no clear answer came. Raises as the `GitHub` port says."""
        try:
            return _data(self._client.graphql(repo, query, variables, purpose=purpose))
        except Unclear:
            return _data(self._client.graphql(repo, query, variables, purpose=purpose))

    def change(self, repo: RepoRef, mutation: str, given: Mapping[str, Any], *, purpose: Purpose) -> Body:
        """`data` of a mutation whose one variable is `$input`; one attempt. Raises `Unclear` when nobody knows whether it was applied, `Stale`
        when an expected head had moved."""
        wanted = {"input": dict(given)}
        return _data(self._client.graphql(repo, mutation, wanted, purpose=purpose, importance=Importance.WORD))


def _data(reply: Reply) -> Body:
    errors = reply.data.get("errors") if isinstance(reply.data, Mapping) else None
    if errors:
        raise _fault(bodies(errors)[0])
    return Body(reply.data).object("data")


def _fault(error: Body) -> SpecbotError:
    kind, said = error.text_or("type"), error.text_or("message", "no reason given")[:500]
    if kind == "NOT_FOUND":
        return NotThere(f"GitHub has no such thing: {said}", hint="was it removed, or the App's access to it?")
    if kind == "STALE_DATA":
        return Stale(f"the branch has moved: {said}", hint="look at the new commit")
    if kind == "UNPROCESSABLE":
        return Unprocessable(f"GitHub refused: {said}", hint="")
    if kind in _REFUSED:
        hint = "does the App have the permission, and did the owner accept it?"
        return Refused(f"GitHub refused: {said}", hint=hint)
    # Without a type it is GitHub's own trouble (`Something went wrong while executing your query`), and may have been applied.
    return Unclear(f"GitHub is unwell (graphql: {said})", hint="it is tried again later") if not kind else _other(said)


def _other(said: str) -> Transient:
    return Transient(f"GitHub answered with an error ({said})", hint="it is tried again later")
