"""What the buttons do: the person chosen in the form does it, if they may."""

from urllib.parse import urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from bot.hub.actor import as_user
from bot.hub.changes import checks, comments, issues, merging, pulls, queueing
from bot.hub.pages import addresses
from bot.hub.pages.people import actor_of, need
from bot.hub.pages.visit import ACTS_AS, Visit
from bot.hub.refusal import Refused, not_found
from bot.hub.state.checks import CheckRun
from bot.hub.state.issues import Issue
from bot.hub.state.people import Level, User

SEE_OTHER = 303

METHODS = ("merge", "squash", "rebase")

CHANGES: dict[str, tuple[str, Level]] = {
    "comment": ("Commenting", "read"),
    "close": ("Closing", "triage"),
    "reopen": ("Reopening", "triage"),
    "ready": ("Marking as ready", "write"),
    "draft": ("Converting to a draft", "write"),
}
"""What the form below a conversation can do, and the level it needs; authors may do all of it to their own."""


def say(visit: Visit) -> Response:
    """Comment, and with the other buttons also close, reopen or change the draft state."""
    form, who, repo = visit.request.form, actor_of(visit), visit.repository()
    what, body = form.get("do", "comment"), form.get("body", "").replace("\r\n", "\n")
    if what not in CHANGES:
        raise Refused(422, "There is no such button")
    doing, level = CHANGES[what]
    anchor = ""
    with visit.store.lock:
        issue = visit.issue()
        need(visit, repo, who, "read" if issue.author_id == who.id else level, doing)
        if what == "comment" or body.strip():
            need(visit, repo, who, "read", "Commenting")
            made = comments.create(visit.hub.world, as_user(who), issue, body)
            anchor = f"#issuecomment-{made.id}"
        _change(visit, who, visit.issue(), what)
    return _back(addresses.of_issue(repo, issue) + anchor, who)


def _change(visit: Visit, who: User, issue: Issue, what: str) -> None:
    world, actor = visit.hub.world, as_user(who)
    if what in ("close", "reopen"):
        state = "closed" if what == "close" else "open"
        if issue.pull is None:
            issues.set_state(world, actor, issue, state, None)
        else:
            pulls.set_state(world, actor, issue, state)
    elif what in ("ready", "draft"):
        if issue.pull is None:
            raise not_found()
        pulls.set_draft(world, actor, issue, what == "draft")


def merge(visit: Visit) -> Response:
    """Merge, if nothing stands in the way of that person."""
    who, repo, method = actor_of(visit), visit.repository(), visit.request.form.get("method", "merge")
    if method not in METHODS:
        raise Refused(422, "There is no such way to merge")
    with visit.store.lock:
        issue = visit.issue(pull=True)
        need(visit, repo, who, "write", "Merging")
        sha = visit.request.form.get("sha") or None
        merging.merge(visit.hub.world, as_user(who), issue, method, sha=sha)
    return _back(addresses.of_issue(repo, issue) + "#end", who)


def queue(visit: Visit) -> Response:
    """Add to the merge queue of the base, or take out of it."""
    who, repo, what = actor_of(visit), visit.repository(), visit.request.form.get("do", "add")
    if what not in ("add", "remove"):
        raise Refused(422, "There is no such button")
    with visit.store.lock:
        issue = visit.issue(pull=True)
        need(visit, repo, who, "write", "Using the merge queue")
        change = queueing.enqueue if what == "add" else queueing.dequeue
        change(visit.hub.world, as_user(who), issue)
    return _back(addresses.of_issue(repo, issue) + "#end", who)


def press(visit: Visit) -> Response:
    """Press a button of a check run; its App hears of it."""
    who = actor_of(visit)
    with visit.store.lock:
        run = _run(visit)
        need(visit, visit.repository(), who, "write", "Pressing a check's button")
        checks.press(visit.hub.world, as_user(who), run, visit.request.form.get("identifier", ""))
    return _back(_came_from(visit, run), who)


def rerun(visit: Visit) -> Response:
    """Ask a check run's App to run it again."""
    who = actor_of(visit)
    with visit.store.lock:
        run = _run(visit)
        need(visit, visit.repository(), who, "write", "Running a check again")
        checks.rerequest(visit.hub.world, as_user(who), run)
    return _back(_came_from(visit, run), who)


def _run(visit: Visit) -> CheckRun:
    found = visit.store.runs.get(visit.number("run_id"))
    if found is None or found.repository_id != visit.repository().id:
        raise not_found()
    return found


def _came_from(visit: Visit, run: CheckRun) -> str:
    """The page with the button: a pull request's checks or the run's own. The referrer's path only, never its host."""
    own = addresses.of_repository(visit.repository())
    parts = urlsplit(visit.request.referrer or "")
    if parts.path.startswith(f"{own}/pull/"):
        return f"{parts.path}{f'?{parts.query}' if parts.query else ''}#run-{run.id}"
    return addresses.of_run(visit.repository(), run.id)


def _back(address: str, who: User) -> Response:
    response = redirect(address, SEE_OTHER)
    response.set_cookie(ACTS_AS, who.login, httponly=True, samesite="Strict")
    return response
