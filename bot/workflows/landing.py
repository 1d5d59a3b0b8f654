"""How a commit of ours gets to a branch: by git push or, where the branch takes only signed commits, made and signed by GitHub itself."""

from dataclasses import dataclass

from bot.core.policy.commits import by_api, cannot_carry, contradiction
from bot.core.policy.model import CommitPolicy
from bot.core.ports import SignedCommit
from bot.core.pulls import RepoRef
from bot.errors import LeaseLost, Refused
from bot.ids import Sha, TreeSha
from bot.reporting.signed_commits import (
    API_CANNOT_CARRY_HINT,
    CONTRADICTION_HINT,
    api_cannot_carry,
    made_otherwise,
)
from bot.workflows.house import House

SIGNATURES = ("verified signatures", "signed commits", "required_signatures")
"""How GitHub's refusals of a push name the rule (protected branches: "Commits must have verified signatures"). Protection of the older kind cannot be
read by an App without administration, so there the refusal is the first that we hear of it."""


class Unsignable(Refused):
    """What we would bring to a branch cannot be signed, and the branch takes nothing else: only a person can bring it there."""

    code = "unsignable"


@dataclass(frozen=True, slots=True)
class Landing:
    """A commit on its way: `commit` stands in the mirror, on top of `onto`, where the remote's branch is; `new`: the branch is not there yet.
    `base` is the branch that it is meant for in the end."""

    repo: RepoRef
    branch: str
    base: str
    onto: Sha
    commit: Sha
    message: str
    new: bool = False


def land(house: House, policy: CommitPolicy, wanted: Landing) -> Sha:
    """The branch's tip is the commit, or one that GitHub made of it: its SHA. Safe to repeat. Raises `Unsignable`, and as `Git.push` does."""
    if wanted.commit == wanted.onto and not wanted.new:
        return wanted.onto
    if by_github(house, wanted.repo, policy, wanted.branch, wanted.base):
        return made_by_github(house, wanted)
    try:
        house.git.push(wanted.repo, wanted.commit, wanted.branch, expected=None if wanted.new else wanted.onto)
    except LeaseLost:
        if policy is not CommitPolicy.AUTO:
            raise
        # Found again, where an earlier try was refused and then signed; else the lease is lost there too.
        return made_by_github(house, wanted)
    except Refused as fault:
        if policy is not CommitPolicy.AUTO or not demands_signatures(fault):
            raise
        return made_by_github(house, wanted)
    return wanted.commit


def by_github(house: House, repo: RepoRef, policy: CommitPolicy, branch: str, base: str) -> bool:
    """Whether GitHub is to make the commits of a branch. Raises `Unsignable` when the configuration asks for what the rules refuse."""
    if policy is CommitPolicy.API:
        return True
    head_rules, base_rules = (house.github.branch_rules(repo, ref) for ref in (branch, base))
    against = contradiction(policy, head_rules, base_rules)
    if against:
        raise Unsignable(against, hint=CONTRADICTION_HINT)
    return by_api(policy, head_rules, base_rules)


def demands_signatures(fault: Refused) -> bool:
    """Whether a push was refused because of what is not signed."""
    return any(word in fault.message.lower() for word in SIGNATURES)


def to_sign(
    house: House, repo: RepoRef, branch: str, onto: tuple[Sha, TreeSha], tree: TreeSha, message: str, mark: str
) -> SignedCommit:
    """What GitHub is to be asked for, so that `branch` has that tree in one commit on `onto` (a commit and its tree). Raises `Unsignable` when its
    API cannot make it."""
    expected, before = onto
    changes = house.git.changed(repo, before, tree)
    there = {entry.path: entry for entry in house.git.entries(repo, tree)}
    new = [there[change.path] for change in changes if change.path in there]
    reason = cannot_carry(changes, sum(entry.size for entry in new))
    if reason:
        raise Unsignable(api_cannot_carry(reason), hint=API_CANNOT_CARRY_HINT)
    largest = max((entry.size for entry in new), default=0)
    put = house.git.contents(repo, new, limit=largest + 1)
    drop = [change.path for change in changes if change.path not in there]
    return SignedCommit(branch, expected, message, mark, put, drop)


def made_by_github(house: House, wanted: Landing) -> Sha:
    """GitHub's own commit of the same tree, directly on `onto`; found again when it was made before. A new branch begins at `onto`: GitHub only makes
    commits on branches that are there."""
    repo, tree = wanted.repo, house.git.tree(wanted.repo, wanted.commit)
    if wanted.new:
        house.git.push(repo, wanted.onto, wanted.branch, expected=None)
    if wanted.commit == wanted.onto:
        return wanted.onto
    onto = (wanted.onto, house.git.tree(repo, wanted.onto))
    mark = wanted.message.partition("\n")[0]
    made = house.github.commit_signed(repo, to_sign(house, repo, wanted.branch, onto, tree, wanted.message, mark))
    house.git.fetch(repo, [made], branch=wanted.branch)
    if house.git.tree(repo, made) != tree:
        raise Refused(made_otherwise(made), hint="please report this")
    return made
