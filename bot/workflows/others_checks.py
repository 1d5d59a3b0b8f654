"""What others report on a pull request's head: looked up, remembered, and shown in the account of whatever run is about that head."""

from dataclasses import replace

from bot.core.ci import Ci, CiRepair, red_among, repairs_of
from bot.core.pulls import RepoRef
from bot.core.runs import Run
from bot.ids import PrNumber, RunId, Sha
from bot.workflows.house import House
from bot.workflows.notes import Facts, find, keep


def place_of(repo: RepoRef, number: PrNumber) -> RunId:
    """Under which the store keeps what others say of a pull request's heads: it outlives each of its runs."""
    return RunId(f"ci/{repo.repo_id}/{number}")


def ci_of(house: House, run: Run, head: Sha) -> Ci | None:
    """What was last heard about `head`; None while nothing was."""
    return find(house, place_of(run.repo, run.number), Ci, head)


def maker_of(house: House, repo: RepoRef, number: PrNumber, head: Sha) -> Run | None:
    """The run that published `head`; None when a person pushed it."""
    made = [run for run in house.store.runs_at(repo.repo_id, head) if run.candidate == head and run.published]
    return next((run for run in reversed(made) if run.number == number), None)


def line_of(house: House, maker: Run) -> Sha:
    """The head with which the line of our commits began: what a person pushed."""
    repair = find(house, maker.run_id, CiRepair)
    return repair.line if repair is not None else maker.start_head


def look(house: House, run: Run, head: Sha, maker: Run | None) -> Ci:
    """Ask GitHub, and remember. What is red is held against where the work began, and against the base."""
    ci = Ci(head, house.github.foreign_checks(run.repo, head))
    facts = find(house, run.run_id, Facts)
    if ci.red and facts is not None:
        earlier = {facts.base, *([line_of(house, maker)] if maker is not None else [])} - {head}
        stood = {one for sha in sorted(earlier) for one in red_among(house.github.foreign_checks(run.repo, sha))}
        ci = replace(ci, stood=tuple(sorted(stood)))
    if maker is not None and repairs_of(house.store.ledger(run.repo.repo_id, run.number), line_of(house, maker)):
        ci = replace(ci, repair="tried")
    keep(house, place_of(run.repo, run.number), ci, head)
    return ci
