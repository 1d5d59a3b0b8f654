"""Opening and changing pull requests."""

from dataclasses import dataclass, replace

from bot.hub.actor import Actor
from bot.hub.changes import refs
from bot.hub.changes.comments import checked_body
from bot.hub.changes.issues import checked_title
from bot.hub.events import pull_request
from bot.hub.fields import Json
from bot.hub.git import history
from bot.hub.refusal import Refused, invalid, unprocessable
from bot.hub.state.issues import Issue, Pull
from bot.hub.state.repositories import Repository
from bot.hub.world import World


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a new pull request says. `head` is `branch` or `owner:branch`."""

    title: str
    head: str
    base: str
    body: str | None = None
    draft: bool = False
    maintainer_can_modify: bool = False


def create(world: World, actor: Actor, repo: Repository, proposal: Proposal) -> Issue:
    """Open a pull request. One head and base have at most one open request."""
    checked_title(proposal.title, "PullRequest")
    checked_body(proposal.body or "", "PullRequest", required=False)
    head_repo, branch = find_head(world, repo, proposal.head)
    head_sha = world.store.tip(head_repo, branch)
    base_sha = world.store.tip(repo, proposal.base)
    if head_sha is None:
        raise invalid("PullRequest", "head", "invalid", "head is not a branch")
    if base_sha is None:
        raise invalid("PullRequest", "base", "invalid", "base is not a branch")
    if _twin(world, repo, head_repo, branch, proposal.base) is not None:
        message = f"A pull request already exists for {head_repo.owner}:{branch}."
        raise Refused(422, "Validation Failed", ({"resource": "PullRequest", "code": "custom", "message": message},))
    if head_repo.id == repo.id and not history.distance(world.store.bare(repo), base_sha, head_sha).ahead:
        message = f"No commits between {proposal.base} and {branch}"
        raise Refused(422, "Validation Failed", ({"resource": "PullRequest", "code": "custom", "message": message},))
    now, store = world.now(), world.store
    number = store.next_number(repo)
    refs.point_pull_ref(world, repo, number, head_repo.id, head_sha)
    pull = Pull(
        store.new_id(), head_repo.id, branch, head_sha, proposal.base, proposal.draft,
        maintainer_can_modify=proposal.maintainer_can_modify,
    )  # fmt: skip
    made = store.issues.put(
        Issue(
            store.new_id(), repo.id, number, proposal.title, proposal.body, actor.who.id, now, now,
            via_app_id=actor.via_app_id, pull=pull,
        )
    )  # fmt: skip
    pull_request.announce(world, actor, "opened", made)
    return made


def find_head(world: World, repo: Repository, head: str) -> tuple[Repository, str]:
    """The repository and branch that `branch` or `owner:branch` means for a pull request to `repo`."""
    owner, colon, branch = head.rpartition(":")
    if not colon or owner.lower() == repo.owner.lower():
        return repo, branch
    fork = world.store.repositories.first(
        lambda other: other.owner.lower() == owner.lower() and repo.id in (other.fork_of_id, other.id)
    )
    if fork is None:
        raise invalid("PullRequest", "head", "invalid", "head is not in a fork of the repository")
    return fork, branch


def _twin(world: World, repo: Repository, head_repo: Repository, branch: str, base: str) -> Issue | None:
    return world.store.issues.first(
        lambda issue: (
            issue.repository_id == repo.id
            and issue.state == "open"
            and issue.pull is not None
            and (issue.pull.head_repository_id, issue.pull.head_ref, issue.pull.base_ref)
            == (head_repo.id, branch, base)
        )
    )


def edit(
    world: World, actor: Actor, issue: Issue, title: str | None, body: str | None, base: str | None = None
) -> Issue:
    """Change title, body or base; None leaves as it is."""
    changed, changes = issue, Json()
    if title is not None and title != issue.title:
        changed = replace(changed, title=checked_title(title, "PullRequest"))
        changes["title"] = {"from": issue.title}
    if body is not None and body != issue.body:
        changed = replace(changed, body=checked_body(body, "PullRequest", required=False))
        changes["body"] = {"from": issue.body or ""}
    if base is not None and base != issue.as_pull.base_ref:
        changes["base"] = {"ref": {"from": issue.as_pull.base_ref}, "sha": {"from": world.store.base_sha(issue)}}
        changed = replace(changed, pull=_retargeted(world, issue, base))
    if changes:
        changed = world.store.issues.put(replace(changed, updated_at=world.now()))
        pull_request.announce(world, actor, "edited", changed, {"changes": changes})
    return changed


def _retargeted(world: World, issue: Issue, base: str) -> Pull:
    repo = world.store.repositories[issue.repository_id]
    if issue.state == "closed":
        raise unprocessable("Cannot change the base branch of a closed pull request.")
    if world.store.tip(repo, base) is None:
        raise invalid("PullRequest", "base", "invalid", "Proposed base branch was not found")
    return replace(issue.as_pull, base_ref=base)


def set_draft(world: World, actor: Actor, issue: Issue, draft: bool) -> Issue:
    """Convert to a draft, or mark as ready for review."""
    if draft == issue.as_pull.draft:
        return issue
    changed = replace(issue, updated_at=world.now(), pull=replace(issue.as_pull, draft=draft))
    world.store.issues.put(changed)
    pull_request.announce(world, actor, "converted_to_draft" if draft else "ready_for_review", changed)
    return changed


def set_state(world: World, actor: Actor, issue: Issue, state: str) -> Issue:
    """Close or reopen without merging."""
    if state == issue.state:
        return issue
    if state == "closed":
        return refs.close(world, actor, issue)
    pull, repo = issue.as_pull, world.store.repositories[issue.repository_id]
    tip = world.store.tip(world.store.repositories[pull.head_repository_id], pull.head_ref)
    if pull.merged_at is not None or tip is None:
        raise invalid("PullRequest", "state", "invalid", "state cannot be changed: merged, or the head branch is gone")
    refs.point_pull_ref(world, repo, issue.number, pull.head_repository_id, tip)
    opened = replace(
        issue,
        state="open",
        closed_at=None,
        closed_by_id=None,
        updated_at=world.now(),
        pull=replace(pull, head_sha=tip, frozen_base_sha=None),
    )
    world.store.issues.put(opened)
    pull_request.announce(world, actor, "reopened", opened)
    return opened
