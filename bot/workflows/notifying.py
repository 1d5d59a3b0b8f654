"""The notice when a run has ended and only a person can go on: one new comment for a segment, found again by its marker."""

from dataclasses import dataclass

from bot.core.policy.notices import Ending, is_news, may_be_mentioned
from bot.core.runs import Run, RunReport
from bot.errors import NotThere, Refused
from bot.reporting.headline import has_spec
from bot.reporting.masking import Redactor
from bot.reporting.names import ACCEPTANCE, notice_marker
from bot.reporting.notice import issue_notice, run_notice
from bot.reporting.orchestration import IssueAccount
from bot.workflows.house import House, log
from bot.workflows.notes import Facts, Noticed, find, keep


@dataclass(frozen=True, slots=True)
class _Words:
    """What is to be said, and where the marker goes."""

    marker: str
    body: str


def notice_of_run(house: House, report: RunReport) -> None:
    """Tell whoever is behind the run how its segment ended, where that is news. Safe to repeat; the caller holds the run's pen."""
    run = report.run
    if has_spec(report):
        marker = notice_marker(run.check_id)
        body = run_notice(report, marker, _check_url(house, report), Redactor(house.secrets))
        _tell(house, run, _Words(marker, body))


def notice_of_issue(house: House, account: IssueAccount, head: str) -> None:
    """The same for a run that writes a spec, on its issue."""
    marker = notice_marker(account.run.check_id)
    body = issue_notice(account, marker, head, Redactor(house.secrets))
    _tell(house, account.run, _Words(marker, body))


def _tell(house: House, run: Run, words: _Words) -> None:
    facts = find(house, run.run_id, Facts)
    if facts is None or not house.repo_url(run.repo):  # a local clone has nobody to notify
        return
    calls, before = house.store.spent(run.run_id).calls, find(house, run.run_id, Noticed) or Noticed()
    began = run.working_since or run.created_at
    ending = Ending(run.state, calls > before.calls, (house.clock.now() - began).total_seconds())
    if words.body and is_news(facts.config.notify, ending) and _may_be_told(house, run):
        try:
            house.github.put_comment(run.repo, run.number, words.marker, words.body)
        except (NotThere, Refused) as fault:  # a locked conversation, say: check and sticky comment have said it
            log.info("nobody notified", run=run.run_id, reason=fault.message)
    # Last: repeated before this it decides the same and finds its comment, repeated after it there is nothing new to tell.
    keep(house, run.run_id, Noticed(calls))


def _may_be_told(house: House, run: Run) -> bool:
    return may_be_mentioned(run.requester, house.github.permission(run.repo, run.requester))


def _check_url(house: House, report: RunReport) -> str:
    run = report.run
    number = house.store.post(f"check/{ACCEPTANCE}/{report.head}/{run.check_id}")
    where = f"runs/{number}" if number is not None else f"pull/{run.number}/checks"
    return f"{house.repo_url(run.repo)}/{where}"
