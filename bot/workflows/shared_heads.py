"""Commits that are the head of several open pull requests: their acceptance check is the worst of all of them, for each of them."""

from collections.abc import Iterator

from bot.core.pulls import CheckDraft, Conclusion
from bot.core.runs import Run, RunReport
from bot.errors import NotThere
from bot.ids import PrNumber, Sha
from bot.reporting.checks.shared import held_back
from bot.reporting.headline import headline
from bot.workflows.account import account_of, honest_at
from bot.workflows.house import House
from bot.workflows.notes import Facts, find


def others_at(house: House, run: Run, head: Sha) -> tuple[Run, ...]:
    """The newest run of every other open pull request whose head this commit is now."""
    return tuple(_open_at(house, run, head, _newest_of_others(house, run, head)))


def with_others(house: House, draft: CheckDraft, others: tuple[Run, ...]) -> CheckDraft:
    """A draft as it may stand beside the others: a success only when all of them have one."""
    if draft.conclusion is not Conclusion.SUCCESS:
        return draft
    for other in others:
        line = headline(account_at(house, other, draft.head_sha))
        if line.conclusion is not Conclusion.SUCCESS:
            return held_back(draft, other.number, line)
    return draft


def account_at(house: House, run: Run, head: Sha) -> RunReport:
    """The run's account of one commit, which claims nothing that was proven of another."""
    return honest_at(house, account_of(house, run, head), find(house, run.run_id, Facts))


def _newest_of_others(house: House, run: Run, head: Sha) -> dict[PrNumber, Run]:
    at_head = house.store.runs_at(run.repo.repo_id, head)
    return {one.number: one for one in at_head if one.number != run.number}


def _open_at(house: House, run: Run, head: Sha, newest: dict[PrNumber, Run]) -> Iterator[Run]:
    for number, other in sorted(newest.items()):
        try:
            pull = house.github.pull_request(run.repo, number)
        except NotThere:
            continue
        if pull.is_open and pull.head_sha == head:
            yield other
