"""Merging a pull request, and what stands in the way."""

from dataclasses import replace

from bot.hub.actor import Actor
from bot.hub.changes import closing, refs
from bot.hub.events import pull_request
from bot.hub.git import history, merging
from bot.hub.git.history import Signature
from bot.hub.refusal import Refused
from bot.hub.state.checks import CheckRun
from bot.hub.state.issues import Issue
from bot.hub.state.repositories import Protection, RequiredCheck
from bot.hub.state.reviews import Review
from bot.hub.world import World

PASSING = ("success", "neutral", "skipped")
"""Conclusions that satisfy a required check, as GitHub's documentation on required checks says."""


def blockers(world: World, issue: Issue, actor: Actor | None = None) -> list[str]:
    """Why the pull request cannot be merged now, in GitHub's words; empty when it can.

    Admins pass protection unless it is enforced for them too.
    """
    found: list[str] = []
    pull, repo = issue.as_pull, world.store.repositories[issue.repository_id]
    base = world.store.base_sha(issue)
    if issue.state != "open" or pull.draft:
        found.append("Pull Request is still a draft" if pull.draft else "Pull Request is not open")
    if merging.merged_tree(world.store.bare(repo), base, pull.head_sha) is None:
        found.append("Pull Request is not mergeable")
    rules = world.store.protection(repo, pull.base_ref)
    if rules is None:
        return found
    if actor and actor.kind == "user" and not rules.enforce_admins and world.store.may(repo, actor.who, "admin"):
        return found
    found += [message for check in rules.checks if (message := missing(world, issue, check)) is not None]
    if rules.strict and not world.store.bare(repo).is_ancestor(base, pull.head_sha):
        found.append("Head branch is out of date with the base branch")
    brought = history.only_in(world.store.bare(repo), pull.head_sha, base) if rules.signatures else ()
    if any(one.sha not in world.store.signed for one in brought):
        found.append("Commits must have verified signatures.")
    approvals = {review.author_id for review in _latest_opinions(world, issue) if review.state == "APPROVED"}
    if len(approvals) < rules.required_approvals:
        found.append(
            f"At least {rules.required_approvals} approving review is required by reviewers with write access."
        )
    return found


def missing(world: World, issue: Issue, check: RequiredCheck) -> str | None:
    """Why a required check is not satisfied on the head, or None."""
    return missing_at(world, issue.repository_id, issue.as_pull.head_sha, check)


def missing_at(world: World, repository_id: int, sha: str, check: RequiredCheck) -> str | None:
    """Why a required check is not satisfied on a commit, or None."""
    latest: dict[int, CheckRun] = {}
    for run in world.store.runs:
        if (run.repository_id, run.head_sha, run.name) == (repository_id, sha, check.context):
            latest[run.app_id] = run
    if check.app_id is not None:
        latest = {app_id: run for app_id, run in latest.items() if app_id == check.app_id}
    if not latest:
        return f'Required status check "{check.context}" is expected.'
    if any(run.status != "completed" for run in latest.values()):
        return f'Required status check "{check.context}" is in progress.'
    if any(run.conclusion not in PASSING for run in latest.values()):
        return f'Required status check "{check.context}" is failing.'
    return None


def _latest_opinions(world: World, issue: Issue) -> list[Review]:
    latest: dict[int, Review] = {}
    repo = world.store.repositories[issue.repository_id]
    for review in world.store.reviews:
        author = world.store.users[review.author_id]
        opinion = review.state in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
        if review.issue_id == issue.id and opinion and world.store.may(repo, author, "write"):
            latest[review.author_id] = review
    return list(latest.values())


def merge(
    world: World,
    actor: Actor,
    issue: Issue,
    method: str = "merge",
    text: tuple[str | None, str | None] = (None, None),
    sha: str | None = None,
) -> Issue:
    """Merge, squash or rebase, with `text` as title and message. 405 when something stands in the way, 409 when `sha` is not the head."""
    pull, repo = issue.as_pull, world.store.repositories[issue.repository_id]
    if sha is not None and sha != pull.head_sha:
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    rules = world.store.protection(repo, pull.base_ref)
    if rules is not None and rules.merge_queue:
        raise Refused(405, "Changes must be made through the merge queue")
    reasons = blockers(world, issue, actor) or _not_this_way(rules, method)
    if reasons:
        raise Refused(405, reasons[0])
    bare, base, now = world.store.bare(repo), world.store.base_sha(issue), world.now()
    who = Signature(actor.who.login, actor.who.email, now)
    title, message = text
    if method == "squash":
        words = f"{title or f'{issue.title} (#{issue.number})'}\n\n{message or ''}".strip() + "\n"
        new = merging.squash_commit(bare, base, pull.head_sha, words, who)
    elif method == "rebase":
        new = merging.rebased(bare, base, pull.head_sha, who)
    else:
        head = world.store.repositories[pull.head_repository_id]
        subject = title or f"Merge pull request #{issue.number} from {head.owner}/{pull.head_ref}"
        new = merging.merge_commit(bare, base, pull.head_sha, f"{subject}\n\n{message or issue.title}\n", who)
    if new is None:
        raise Refused(405, "Pull Request is not mergeable")
    refs.refuse_workflow_changes(world, actor, repo, new)
    if method != "rebase":
        world.store.signed.add(new)
    return finish(world, actor, issue, new, base)


def _not_this_way(rules: Protection | None, method: str) -> list[str]:
    if rules is None:
        return []
    if rules.linear and method == "merge":
        return ["This branch must not contain merge commits."]
    if rules.merge_methods and method not in rules.merge_methods:
        return [f"{method.capitalize()} merges are not allowed on this branch."]
    return []


def finish(world: World, actor: Actor, issue: Issue, new: str, base: str) -> Issue:
    """The base moves from `base` to the merge `new`, and the pull request is closed as merged."""
    pull, repo, now = issue.as_pull, world.store.repositories[issue.repository_id], world.now()
    done = replace(pull, merged_at=now, merged_by_id=actor.who.id, merge_commit_sha=new)
    shut = world.store.issues.put(refs.frozen(world, replace(issue, pull=done), now, actor.who.id))
    world.store.bare(repo).set_ref(f"refs/heads/{pull.base_ref}", new, base)
    refs.moved(world, actor, repo, f"refs/heads/{pull.base_ref}", new)
    pull_request.announce(world, actor, "closed", shut)
    closing.close_linked(world, actor, shut)
    return shut
