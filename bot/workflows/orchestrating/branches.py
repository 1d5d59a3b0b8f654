"""Whose wish a branch of ours is: kept before it is pushed, so that whoever hears of the push knows who stands behind it."""

from typing import TypeVar

from bot.core.orchestration.notes import Ordered, Source, branch_id
from bot.core.pulls import Person, PullRequest, RepoRef
from bot.core.runs import Run
from bot.ids import PrNumber
from bot.workflows.house import House
from bot.workflows.notes import find, keep

T = TypeVar("T")


def keep_ordered(house: House, repo: RepoRef, branch: str, ordered: Ordered) -> None:
    keep(house, branch_id(repo.repo_id, branch), ordered)


def ordered_of(house: House, pull: PullRequest) -> Ordered | None:
    """Whose wish a pull request is; None for one that is not from a branch of ours."""
    return None if pull.from_fork else find(house, branch_id(pull.repo.repo_id, pull.head_ref), Ordered)


def stands_behind(house: House, pull: PullRequest, found: Person) -> Person:
    """`found`, unless that is ourselves: then whoever asked us."""
    if found.user_id != house.github.app().bot_user.user_id:
        return found
    ordered = ordered_of(house, pull)
    return ordered.by if ordered is not None else found


def runs_of_issue(house: House, repo: RepoRef, issue: PrNumber) -> tuple[Run, ...]:
    """The runs that wrote a spec for it, oldest first."""
    return tuple(run for run in house.store.runs_of(repo.repo_id, issue) if run.of_issue)


def newest_note(house: House, repo: RepoRef, issue: PrNumber, kind: type[T]) -> tuple[Run, T] | None:
    """The newest note of that kind that a run of the issue has left, with its run."""
    for run in reversed(runs_of_issue(house, repo, issue)):
        found = find(house, run.run_id, kind)
        if found is not None:
            return run, found
    return None


def issue_of(house: House, pull: PullRequest) -> PrNumber | None:
    """The issue whose spec a pull request brings; None for any other."""
    ordered = ordered_of(house, pull)
    return ordered.number if ordered is not None and ordered.source is Source.ISSUE else None
