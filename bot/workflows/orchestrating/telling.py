"""What an issue's run says: the one comment on the issue, and the one on the spec's pull request that asks."""

from contextlib import suppress
from dataclasses import replace

from bot.core.orchestration.notes import Answers, Asked, Drafted, Opened
from bot.core.orchestration.questions import open_ones
from bot.core.runs import Run, RunState, Stage
from bot.ids import RunId
from bot.reporting.masking import Redactor
from bot.reporting.names import ISSUE_MARKER, QUESTIONS_MARKER
from bot.reporting.orchestration import IssueAccount, issue_comment, questions_comment
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Trouble, find, keep
from bot.workflows.notifying import notice_is_over, notice_of_issue
from bot.workflows.orchestrating.branches import newest_note, runs_of_issue
from bot.workflows.steps import Ended


async def announce_issue(house: House, run_id: RunId) -> str:
    """The first sign of life on the issue, and again when a later segment begins."""
    return await in_thread(lambda: _announce(house, run_id))


async def report_issue(house: House, run_id: RunId, ended: Ended) -> str:
    """Say how the segment ended, then store that it ended; the run's last state."""
    return await in_thread(lambda: _report(house, run_id, ended))


def say_on_issue(house: House, run: Run) -> None:
    """The issue's comment says how this run stands; a newer run of the issue has the last word. The caller holds the run's pen."""
    if runs_of_issue(house, run.repo, run.number)[-1].run_id != run.run_id:
        return
    redactor = Redactor(house.secrets)
    body = issue_comment(redactor.masked(_account(house, run)))
    house.github.put_comment(run.repo, run.number, ISSUE_MARKER, redactor.mask(body))


def ask(house: House, run: Run) -> None:
    """The comment with the questions stands on the pull request and shows what was answered; nothing where nothing is asked."""
    drafted, opened = find(house, run.run_id, Drafted), find(house, run.run_id, Opened)
    if drafted is None or opened is None or not drafted.draft.questions:
        return
    given = (find(house, run.run_id, Answers) or Answers()).given
    body = questions_comment(Redactor(house.secrets).masked(drafted).draft.questions, given)
    house.github.put_comment(run.repo, opened.number, QUESTIONS_MARKER, body)


def last_words(house: House, run: Run) -> None:
    """For whoever settles a run that was ended from outside. The caller holds the run's pen."""
    keep(house, run.run_id, Trouble(run.reason, "" if run.state is RunState.SUPERSEDED else "`/orchestrate` goes on"))
    say_on_issue(house, run)
    _notify(house, run)


def _notify(house: House, run: Run) -> None:
    opened = find(house, run.run_id, Opened)
    notice_of_issue(house, _account(house, run), opened.commit if opened is not None else "")


def _account(house: House, run: Run) -> IssueAccount:
    drafted, opened = find(house, run.run_id, Drafted), find(house, run.run_id, Opened)
    earlier = newest_note(house, run.repo, run.number, Opened)
    given = (find(house, run.run_id, Answers) or Answers()).given
    trouble, asked, facts = (find(house, run.run_id, kind) for kind in (Trouble, Asked, Facts))
    refused = (
        isinstance(asked, Asked) and asked.order.go and isinstance(facts, Facts) and not facts.config.orchestrate.go
    )
    return IssueAccount(
        run=run,
        pull=earlier[1].number if earlier else None,
        open_questions=len(open_ones(drafted.draft.questions, given)) if drafted else 0,
        way_out=trouble.way_out if isinstance(trouble, Trouble) and not run.state.live else "",
        run_url=house.run_url(run.run_id),
        started=opened is not None and opened.in_force,
        go_refused=refused,
        default=asked.default if isinstance(asked, Asked) else "",
    )


def _announce(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        run = house.store.run(run_id)
        if run is not None and run.state.live:
            say_on_issue(house, run)
            notice_is_over(house, run.repo, run.number)
    return "announced"


def _report(house: House, run_id: RunId, ended: Ended) -> str:
    with house.pens.of(run_id):
        run = house.store.run(run_id)
        if run is None or not run.state.live:
            return "settled elsewhere"
        keep(house, run_id, Trouble("" if ended.expected else ended.reason, ended.way_out, ended.output))
        last = replace(run, state=ended.state, reason=ended.reason, stage=Stage.ENDED)
        ask(house, last)
        say_on_issue(house, last)
        _notify(house, last)
        house.store.release(run_id)
        house.store.update_run(run_id, state=ended.state, reason=ended.reason, stage=Stage.ENDED)
        house.store.emit(run_id, "ended", ended.state.value)
    return ended.state.value


def say_again(house: House, run: Run) -> None:
    """Both comments as things stand now, after somebody's word."""
    with house.pens.of(run.run_id), suppress(Ended):
        ask(house, run)
        say_on_issue(house, run)
        if not run.state.live and run.state is not RunState.WAITING:
            notice_is_over(house, run.repo, run.number)
