"""A pull request's four pages, an issue's one, and a check run's own."""

from dataclasses import dataclass

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from bot.hub.git import diffs, history
from bot.hub.git.diffs import FileChange
from bot.hub.pages import addresses
from bot.hub.pages.autolinks import References
from bot.hub.pages.check_view import commit_state, latest, run_view
from bot.hub.pages.conversation import commit_line, description, pull_commits, references, threads, timeline
from bot.hub.pages.diff_view import FileView, file_views
from bot.hub.pages.merge_box import merge_box
from bot.hub.pages.people import people
from bot.hub.pages.visit import Visit
from bot.hub.refusal import not_found
from bot.hub.state.checks import Annotation, CheckRun
from bot.hub.state.issues import Issue, Label
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository

REFRESH = 4
"""Seconds between looks of a page that refreshes itself: a step of a run takes about that long."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above all pages of one issue or pull request."""

    repo: Repository
    issue: Issue
    author: User
    labels: tuple[Label, ...]
    status: str
    head_repo: Repository | None
    commits: int
    files: int
    additions: int
    deletions: int
    remarks: int
    checks: str | None
    refresh: int


@dataclass(frozen=True, slots=True)
class Noted:
    """An annotation under its line of the diff."""

    run: CheckRun
    annotation: Annotation
    kind: str = "noted"


def conversation(visit: Visit) -> Response:
    """A pull request's first page."""
    issue, repo = visit.issue(pull=True), visit.repository()
    known = references(visit, repo, pull_commits(visit, issue))
    return visit.page(
        "conversation.html",
        head=head(visit, issue),
        part="",
        description=description(visit, issue, known),
        items=timeline(visit, issue, known),
        box=merge_box(visit, issue) if issue.state == "open" else None,
        people=people(visit, repo),
    )


def issue(visit: Visit) -> Response:
    """An issue; the number of a pull request leads to that."""
    found, repo = visit.issue(), visit.repository()
    if found.pull is not None:
        return redirect(addresses.of_issue(repo, found))
    known = references(visit, repo)
    return visit.page(
        "conversation.html",
        head=head(visit, found),
        part="",
        description=description(visit, found, known),
        items=timeline(visit, found, known),
        box=None,
        people=people(visit, repo),
    )


def commits(visit: Visit) -> Response:
    """A pull request's commits, oldest first."""
    issue, repo = visit.issue(pull=True), visit.repository()
    rows = [commit_line(visit, repo, one) for one in pull_commits(visit, issue)]
    return visit.page("commits.html", head=head(visit, issue), part="commits", commits=rows)


def files(visit: Visit) -> Response:
    """A pull request's diff, with remarks and annotations under their lines."""
    issue, repo = visit.issue(pull=True), visit.repository()
    known = references(visit, repo, pull_commits(visit, issue))
    return visit.page(
        "files.html",
        head=head(visit, issue),
        part="files",
        files=_with_remarks(visit, issue, known),
        sha=issue.as_pull.head_sha,
    )


def checks(visit: Visit) -> Response:
    """The check runs on a pull request's head, or with `?sha=` on another of its commits."""
    issue, repo = visit.issue(pull=True), visit.repository()
    found = pull_commits(visit, issue)
    heads = {issue.as_pull.head_sha, *(one.sha for one in found)}
    moves = visit.store.head_moves.where(lambda one: one.issue_id == issue.id)
    heads |= {move.before for move in moves}
    sha = visit.query("sha") or issue.as_pull.head_sha
    if sha not in heads:
        raise not_found()
    known = references(visit, repo, found)
    others = [one for one in heads if one != sha and commit_state(visit.store, repo, one)]
    return visit.page(
        "checks.html",
        head=head(visit, issue),
        part="checks",
        sha=sha,
        others=[(one, commit_state(visit.store, repo, one)) for one in sorted(others)],
        runs=[run_view(visit.store, run, known) for run in latest(visit.store, repo, sha)],
        people=people(visit, repo),
    )


def run(visit: Visit) -> Response:
    """One check run."""
    repo = visit.repository()
    found = visit.store.runs.get(visit.number("run_id"))
    if found is None or found.repository_id != repo.id:
        raise not_found()
    pulls = visit.store.issues.where(
        lambda one: one.repository_id == repo.id and one.pull is not None and one.pull.head_sha == found.head_sha
    )
    shown = run_view(visit.store, found, references(visit, repo))
    return visit.page("run.html", repo=repo, tab="pulls", one=shown, pulls=pulls, people=people(visit, repo))


def diff(visit: Visit) -> Response:
    """The diff as text."""
    base, head_sha = _ends(visit, visit.issue(pull=True))
    text = diffs.diff_text(visit.bare(), base, head_sha)
    return Response(text, content_type="text/plain; charset=utf-8")


def head(visit: Visit, issue: Issue) -> Head:
    """The facts above the pages."""
    repo, store = visit.repository(), visit.store
    changed: tuple[FileChange, ...] = ()
    number = 0
    if issue.pull is not None:
        changed = diffs.outline(visit.bare(), *_ends(visit, issue))
        number = history.distance(visit.bare(), store.base_sha(issue), issue.pull.head_sha).ahead
    return Head(
        repo,
        issue,
        store.users[issue.author_id],
        tuple(store.labels[one] for one in issue.label_ids),
        status_of(issue),
        store.repositories[issue.pull.head_repository_id] if issue.pull else None,
        number,
        len(changed),
        sum(one.additions for one in changed),
        sum(one.deletions for one in changed),
        len(store.comments.where(lambda one: one.issue_id == issue.id)),
        commit_state(store, repo, issue.pull.head_sha) if issue.pull else None,
        REFRESH if visit.query("live") == "1" else 0,
    )


def status_of(issue: Issue) -> str:
    """`open`, `draft`, `merged` or `closed`."""
    if issue.pull is not None and issue.pull.merged_at is not None:
        return "merged"
    return "draft" if issue.state == "open" and issue.pull is not None and issue.pull.draft else issue.state


def _ends(visit: Visit, issue: Issue) -> tuple[str, str]:
    sha = issue.as_pull.head_sha
    return diffs.pull_base(visit.bare(), visit.store.base_sha(issue), sha), sha


def _with_remarks(visit: Visit, issue: Issue, known: References) -> list[FileView]:
    changes = diffs.changes(visit.bare(), *_ends(visit, issue))
    below: dict[str, dict[tuple[str, int], list[object]]] = {}
    whole: dict[str, list[object]] = {}
    for root, thread in threads(visit, issue, known):
        if thread.line is not None:
            below.setdefault(thread.path, {}).setdefault((thread.side, thread.line), []).append(thread)
        elif root.place.line is None:
            whole.setdefault(thread.path, []).append(thread)
    for one in latest(visit.store, visit.repository(), issue.as_pull.head_sha):
        for annotation in one.output.annotations:
            place = ("RIGHT", annotation.end_line)
            below.setdefault(annotation.path, {}).setdefault(place, []).append(Noted(one, annotation))
    return file_views(changes, below, whole)
