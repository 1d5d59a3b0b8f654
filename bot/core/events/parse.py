"""A delivery's event name and JSON -> Event. Total: every payload is an event or `Ignored` with its reason.

Which events and actions exist, and what they hold, is GitHub's webhook description (`webhooks.json`). An event is a hint that
something may have changed; the state is read afresh before anything follows from it.
"""

import json
from collections.abc import Callable

from bot.core.events.model import (
    ButtonPressed,
    ChecksReported,
    ChecksRequested,
    CommentCreated,
    CommentEdited,
    Delivery,
    Event,
    Ignored,
    InstallationChanged,
    IssueLabelled,
    MergeGroupChanged,
    PullRequestChanged,
    RerunAsked,
    ReviewCommentCreated,
    ReviewSubmitted,
)
from bot.core.events.payload import Json, at, id_at, person_at, repo_at, sha_at, text_at, time_at
from bot.ids import CheckRunId, CommentId, InstallationId, PrNumber, RepoId, ReviewId

PULL_REQUEST_ACTIONS = frozenset(
    {"opened", "reopened", "synchronize", "edited", "ready_for_review", "converted_to_draft", "closed"}
)
"""The actions after which head, base, state or draft flag may differ; labels, reviewers and locks change none of them."""

INSTALLATION_ACTIONS = frozenset({"deleted", "suspend", "unsuspend", "new_permissions_accepted"})
"""`created` says nothing that the first event of a repository does not say again."""

BRANCHES = "refs/heads/"
"""What the full name of a branch begins with."""


def parse_delivery(delivery: Delivery) -> Event:
    """The event of a stored delivery; a body that is no JSON object is `Ignored`."""
    try:
        payload = json.loads(delivery.body)
    except (ValueError, RecursionError):
        return Ignored("the body is not JSON")
    return parse(delivery.event, payload)


def parse(event: str, payload: Json) -> Event:
    """The event named by `X-GitHub-Event` with its JSON. Never raises."""
    reader = _READERS.get(event)
    if reader is None:
        return Ignored(f"{event[:60]!r} events are not used")
    return reader(payload)


def _pull_request(payload: Json) -> Event:
    action = text_at(payload, "action") or ""
    if action not in PULL_REQUEST_ACTIONS:
        return Ignored(f"pull_request {action[:60]!r} changes nothing we look at")
    if action == "edited" and at(payload, "changes", "base") is None:
        return Ignored("title or text of the pull request was edited, not its base")
    repo, sender = repo_at(payload), person_at(payload, "sender")
    number, head = id_at(payload, "pull_request", "number"), sha_at(payload, "pull_request", "head", "sha")
    if repo is None or sender is None or number is None or head is None:
        return _incomplete("pull_request", payload)
    return PullRequestChanged(action, repo, PrNumber(number), head, sender)


def _issue_comment(payload: Json) -> Event:
    if text_at(payload, "action") == "edited":
        return _edited_comment(payload)
    if text_at(payload, "action") != "created":
        return Ignored("only new comments are read: an edited one could change what was asked")
    repo, sender = repo_at(payload), person_at(payload, "sender")
    author, number = person_at(payload, "comment", "user"), id_at(payload, "issue", "number")
    comment, created = id_at(payload, "comment", "id"), time_at(payload, "comment", "created_at")
    if repo is None or sender is None or author is None or number is None or comment is None or created is None:
        return _incomplete("issue_comment", payload)
    if sender.user_id != author.user_id:
        return Ignored("the sender did not write the comment")
    return CommentCreated(
        repo=repo,
        number=PrNumber(number),
        on_pull_request=isinstance(at(payload, "issue", "pull_request"), dict),
        comment_id=CommentId(comment),
        body=text_at(payload, "comment", "body") or "",
        author=author,
        via_app_id=id_at(payload, "comment", "performed_via_github_app", "id"),
        created_at=created,
    )


def _issues(payload: Json) -> Event:
    action = text_at(payload, "action") or ""
    if action != "labeled":
        return Ignored(f"issues {action[:60]!r}: an issue is read when it is asked for")
    repo, sender = repo_at(payload), person_at(payload, "sender")
    number, label = id_at(payload, "issue", "number"), text_at(payload, "label", "name")
    if repo is None or sender is None or number is None or label is None:
        return _incomplete("issues", payload)
    return IssueLabelled(repo, PrNumber(number), label, sender)


def _edited_comment(payload: Json) -> Event:
    """Nothing in it is obeyed. What was there before says whether a command was added, so that somebody may be told."""
    repo, sender = repo_at(payload), person_at(payload, "sender")
    author, number = person_at(payload, "comment", "user"), id_at(payload, "issue", "number")
    comment, edited = id_at(payload, "comment", "id"), time_at(payload, "comment", "updated_at")
    before = text_at(payload, "changes", "body", "from")
    if repo is None or sender is None or author is None or number is None or comment is None or edited is None:
        return _incomplete("issue_comment", payload)
    if before is None or sender.user_id != author.user_id:
        return Ignored("an edit that is not the author's own, or not of the text")
    return CommentEdited(
        repo=repo,
        number=PrNumber(number),
        on_pull_request=isinstance(at(payload, "issue", "pull_request"), dict),
        comment_id=CommentId(comment),
        before=before,
        body=text_at(payload, "comment", "body") or "",
        author=author,
        via_app_id=id_at(payload, "comment", "performed_via_github_app", "id"),
        edited_at=edited,
    )


def _status(payload: Json) -> Event:
    repo, sender, head = repo_at(payload), person_at(payload, "sender"), sha_at(payload, "sha")
    if repo is None or sender is None or head is None:
        return _incomplete("status", payload)
    return ChecksReported(repo, head, None, sender)


def _review(payload: Json) -> Event:
    if text_at(payload, "action") != "submitted":
        return Ignored("only new reviews are read: an edited one could change what was asked")
    repo, sender = repo_at(payload), person_at(payload, "sender")
    author, number = person_at(payload, "review", "user"), id_at(payload, "pull_request", "number")
    review, submitted = id_at(payload, "review", "id"), time_at(payload, "review", "submitted_at")
    if repo is None or sender is None or author is None or number is None or review is None or submitted is None:
        return _incomplete("pull_request_review", payload)
    if sender.user_id != author.user_id:
        return Ignored("the sender did not write the review")
    requests = (text_at(payload, "review", "state") or "").lower() == "changes_requested"
    body = text_at(payload, "review", "body") or ""
    return ReviewSubmitted(repo, PrNumber(number), ReviewId(review), requests, body, author, submitted)


def _review_comment(payload: Json) -> Event:
    if text_at(payload, "action") != "created":
        return Ignored("only new comments are read: an edited one could change what was asked")
    repo, sender = repo_at(payload), person_at(payload, "sender")
    author, number = person_at(payload, "comment", "user"), id_at(payload, "pull_request", "number")
    comment, created = id_at(payload, "comment", "id"), time_at(payload, "comment", "created_at")
    if repo is None or sender is None or author is None or number is None or comment is None or created is None:
        return _incomplete("pull_request_review_comment", payload)
    if sender.user_id != author.user_id:
        return Ignored("the sender did not write the comment")
    reply, body = id_at(payload, "comment", "in_reply_to_id") is not None, text_at(payload, "comment", "body") or ""
    return ReviewCommentCreated(repo, PrNumber(number), CommentId(comment), reply, body, author, created)


def _check_run(payload: Json) -> Event:
    action = text_at(payload, "action") or ""
    if action == "completed":
        return _reported("check_run", payload)
    if action not in ("requested_action", "rerequested"):
        return Ignored(f"check_run {action[:60]!r} is only an echo")
    repo, sender = repo_at(payload), person_at(payload, "sender")
    check, head = id_at(payload, "check_run", "id"), sha_at(payload, "check_run", "head_sha")
    app = id_at(payload, "check_run", "app", "id")
    if repo is None or sender is None or check is None or head is None or app is None:
        return _incomplete("check_run", payload)
    external_id = text_at(payload, "check_run", "external_id") or ""
    if action == "rerequested":
        return RerunAsked(repo, head, app, external_id, sender)
    identifier = text_at(payload, "requested_action", "identifier") or ""
    return ButtonPressed(repo, head, CheckRunId(check), app, external_id, identifier, sender)


def _reported(what: str, payload: Json) -> Event:
    repo, sender = repo_at(payload), person_at(payload, "sender")
    head, app = sha_at(payload, what, "head_sha"), id_at(payload, what, "app", "id")
    if repo is None or sender is None or head is None or app is None:
        return _incomplete(what, payload)
    return ChecksReported(repo, head, app, sender)


def _check_suite(payload: Json) -> Event:
    action = text_at(payload, "action") or ""
    if action == "completed":
        return _reported("check_suite", payload)
    if action not in ("requested", "rerequested"):
        return Ignored(f"check_suite {action[:60]!r} is only an echo")
    repo, sender = repo_at(payload), person_at(payload, "sender")
    head, app = sha_at(payload, "check_suite", "head_sha"), id_at(payload, "check_suite", "app", "id")
    if repo is None or sender is None or head is None or app is None:
        return _incomplete("check_suite", payload)
    if action == "rerequested":
        return RerunAsked(repo, head, app, "", sender)
    return ChecksRequested(repo, head, sender)


def _merge_group(payload: Json) -> Event:
    action = text_at(payload, "action") or ""
    if action not in ("checks_requested", "destroyed"):
        return Ignored(f"merge_group {action[:60]!r} needs nothing")
    repo, sender = repo_at(payload), person_at(payload, "sender")
    head, base = sha_at(payload, "merge_group", "head_sha"), sha_at(payload, "merge_group", "base_sha")
    head_ref, base_ref = _branch_at(payload, "head_ref"), _branch_at(payload, "base_ref")
    if repo is None or sender is None or head is None or base is None or not head_ref or not base_ref:
        return _incomplete("merge_group", payload)
    return MergeGroupChanged(action, repo, head, head_ref, base, base_ref, sender)


def _branch_at(payload: Json, name: str) -> str:
    """The branch of a full ref, "" for anything else."""
    ref = text_at(payload, "merge_group", name) or ""
    return ref.removeprefix(BRANCHES) if ref.startswith(BRANCHES) else ""


def _installation(payload: Json) -> Event:
    action, installation = text_at(payload, "action") or "", id_at(payload, "installation", "id")
    if action not in INSTALLATION_ACTIONS:
        return Ignored(f"installation {action[:60]!r} needs nothing")
    if installation is None:
        return _incomplete("installation", payload)
    return InstallationChanged(InstallationId(installation), action, ())


def _installation_repositories(payload: Json) -> Event:
    installation, removed = id_at(payload, "installation", "id"), at(payload, "repositories_removed")
    if text_at(payload, "action") != "removed":
        return Ignored("repositories were added: their first event is enough")
    repos = (
        tuple(RepoId(found) for entry in removed if (found := id_at(entry, "id"))) if isinstance(removed, list) else ()
    )
    if installation is None or not repos:
        return _incomplete("installation_repositories", payload)
    return InstallationChanged(InstallationId(installation), "removed", repos)


def _ping(payload: Json) -> Event:
    return Ignored("ping")


def _incomplete(event: str, payload: Json) -> Ignored:
    if id_at(payload, "installation", "id") is None:
        return Ignored(f"{event} without an installation: we could not act on it")
    return Ignored(f"{event} without what we need of it")


_READERS: dict[str, Callable[[Json], Event]] = {
    "pull_request": _pull_request,
    "issue_comment": _issue_comment,
    "issues": _issues,
    "pull_request_review": _review,
    "pull_request_review_comment": _review_comment,
    "check_run": _check_run,
    "check_suite": _check_suite,
    "merge_group": _merge_group,
    "status": _status,
    "installation": _installation,
    "installation_repositories": _installation_repositories,
    "ping": _ping,
}
