"""Lists of pull requests and of issues."""

from dataclasses import dataclass

from werkzeug.wrappers import Response

from bot.hub.pages.check_view import commit_state
from bot.hub.pages.visit import Visit
from bot.hub.state.issues import Issue, Label
from bot.hub.state.people import User

PAGE = 50
"""Rows on one page of a list."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One issue or pull request in a list. `checks` is how its head's checks stand together."""

    issue: Issue
    author: User
    labels: tuple[Label, ...]
    comments: int
    checks: str | None


def pulls(visit: Visit) -> Response:
    """Pull requests, newest first."""
    return _listed(visit, pull=True)


def issues(visit: Visit) -> Response:
    """Issues, newest first."""
    return _listed(visit, pull=False)


def _listed(visit: Visit, pull: bool) -> Response:
    repo, store = visit.repository(), visit.store
    wanted = visit.query("state", "open")
    state = wanted if wanted in ("open", "closed", "all") else "open"
    everything = store.issues.where(lambda one: one.repository_id == repo.id and (one.pull is not None) == pull)
    fitting = [one for one in reversed(everything) if state in ("all", one.state)]
    asked = visit.query("page", "1")
    number = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    shown = fitting[(number - 1) * PAGE : number * PAGE]
    counts = {name: sum(one.state == name for one in everything) for name in ("open", "closed")}
    return visit.page(
        "list.html",
        repo=repo,
        tab="pulls" if pull else "issues",
        rows=[_row(visit, one) for one in shown],
        state=state,
        counts=counts,
        number=number,
        has_more=len(fitting) > number * PAGE,
    )


def _row(visit: Visit, issue: Issue) -> ListRow:
    store, repo = visit.store, visit.repository()
    return ListRow(
        issue,
        store.users[issue.author_id],
        tuple(store.labels[number] for number in issue.label_ids),
        len(store.comments.where(lambda one: one.issue_id == issue.id)),
        commit_state(store, repo, issue.pull.head_sha) if issue.pull else None,
    )
