"""The notice when a run has ended and only a person can go on: one new comment for a segment, found again by its marker."""

from bot.core.policy.notices import Ending, is_news, may_be_mentioned
from bot.core.pulls import RepoRef
from bot.core.runs import Run, RunReport
from bot.errors import NotThere, Refused
from bot.ids import PrNumber, RunId
from bot.reporting.headline import has_spec
from bot.reporting.masking import Redactor
from bot.reporting.names import ACCEPTANCE, notice_marker
from bot.reporting.notice import Notice, issue_notice, run_notice
from bot.reporting.orchestration import IssueAccount
from bot.workflows.house import House, log
from bot.workflows.notes import Facts, Noticed, Told, find, keep


def notice_of_run(house: House, report: RunReport) -> None:
    """Tell whoever is behind the run how its segment ended, where that is news. Safe to repeat; the caller holds the run's pen."""
    run = report.run
    if has_spec(report):
        marker = notice_marker(run.check_id)
        _tell(house, run, marker, run_notice(report, marker, _check_url(house, report), Redactor(house.secrets)))


def notice_of_issue(house: House, account: IssueAccount, head: str) -> None:
    """The same for a run that writes a spec, on its issue."""
    marker = notice_marker(account.run.check_id)
    _tell(house, account.run, marker, issue_notice(account, marker, head, Redactor(house.secrets)))


def notice_is_over(house: House, repo: RepoRef, number: PrNumber) -> None:
    """What the newest notice of a conversation says is not true any more: it is struck out, by an edit, which notifies nobody. Safe to repeat."""
    place = _place(repo, number)
    told = find(house, place, Told)
    if told is None or not told.marker:
        return
    if _stands(house, repo, number, told.marker):  # whoever deleted it wants to read no more of it
        _put(house, repo, number, told.marker, told.over)
    keep(house, place, Told())


def _tell(house: House, run: Run, marker: str, notice: Notice) -> None:
    facts = find(house, run.run_id, Facts)
    if facts is None or not house.repo_url(run.repo):  # a local clone has nobody to notify
        return
    calls, before = house.store.spent(run.run_id).calls, find(house, run.run_id, Noticed) or Noticed()
    ending = Ending(run.state, calls > before.calls)
    if notice.body and is_news(facts.config.notify, ending) and _may_be_told(house, run):
        _put(house, run.repo, run.number, marker, notice.body)
        keep(house, _place(run.repo, run.number), Told(marker, notice.over))
    # Last: repeated before this it decides the same and finds its comment, repeated after it there is nothing new to tell.
    keep(house, run.run_id, Noticed(calls))


def _put(house: House, repo: RepoRef, number: PrNumber, marker: str, body: str) -> None:
    try:
        house.github.put_comment(repo, number, marker, body)
    except (NotThere, Refused) as fault:  # a locked conversation, say: check and sticky comment have said it
        log.info("nobody notified", number=number, reason=fault.message)


def _stands(house: House, repo: RepoRef, number: PrNumber, marker: str) -> bool:
    return any(one.body.startswith(marker) for one in house.github.issue(repo, number).comments)


def _place(repo: RepoRef, number: PrNumber) -> RunId:
    """Under which the newest notice of a conversation is kept."""
    return RunId(f"notice-{repo.repo_id}-{number}")


def _may_be_told(house: House, run: Run) -> bool:
    return may_be_mentioned(run.requester, house.github.permission(run.repo, run.requester))


def _check_url(house: House, report: RunReport) -> str:
    run = report.run
    number = house.store.post(f"check/{ACCEPTANCE}/{report.head}/{run.check_id}")
    where = f"runs/{number}" if number is not None else f"pull/{run.number}/checks"
    return f"{house.repo_url(run.repo)}/{where}"
