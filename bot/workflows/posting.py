"""What a run writes on its pull request. Every write finds what it wrote before, so that repeating a step changes nothing."""

from contextlib import suppress
from dataclasses import replace

from bot.core.pace import Importance
from bot.core.pulls import CheckDraft, ReactionTarget
from bot.core.runs import Run, RunReport, RunState, Stage, worked
from bot.core.terms import Terms
from bot.errors import GitHubLimited, NotThere, Refused, SpecbotError, Transient
from bot.ids import CheckRunId, RunId, Sha
from bot.reporting.checks.acceptance import acceptance_check
from bot.reporting.checks.spec import spec_check
from bot.reporting.comment import sticky_comment
from bot.reporting.headline import has_spec
from bot.reporting.masking import Redactor
from bot.reporting.names import STATUS_MARKER
from bot.workflows.account import account_of
from bot.workflows.admission import live_run
from bot.workflows.here import run_here
from bot.workflows.house import House, in_thread, log
from bot.workflows.keeping import keep_unpublished
from bot.workflows.notes import Facts, Trouble, find, keep
from bot.workflows.notifying import notice_is_over, notice_of_run
from bot.workflows.remarks import put_review
from bot.workflows.shared_heads import account_at, others_at, with_others
from bot.workflows.steps import Ended


async def announce(house: House, run_id: RunId) -> str:
    """The first sign of life: a reaction on the pull request, the spec's check, the acceptance check in progress, the comment."""
    return await in_thread(lambda: _announce(house, run_id))


async def progress(house: House, run_id: RunId) -> str:
    """The same places, brought up to date with the stage the run is in: now or, when that was done a moment ago, in their turn."""
    return await in_thread(lambda: _progress(house, run_id))


async def report(house: House, run_id: RunId, ended: Ended) -> str:
    """Say how the segment ended, on every commit it is about, then store that it ended; the run's last state."""
    return await in_thread(lambda: _report(house, run_id, ended))


def show_in_turn(house: House) -> None:
    """Bring up to date what had to wait and waits no more. What cannot be shown now waits again."""
    for run_id in house.showing.turn(house.clock):
        try:
            show(house, run_id)
        except Transient as fault:
            house.showing.put_off(run_id, house.clock, fault.retry_after)
        except SpecbotError as fault:
            log.warning("progress not shown", run=run_id, reason=fault.message)


def show(house: House, run_id: RunId) -> None:
    """The same, for whoever is in the middle of a step; a run that has ended is left as it is."""
    with suppress(Ended):
        _progress(house, run_id)


def show_again(house: House, run_id: RunId, head: Sha) -> None:
    """The sticky comment as it should stand now, also when the run has ended: an edit, so nobody is notified."""
    with house.pens.of(run_id):
        run = house.store.run(run_id)
        if run is None:
            return
        with suppress(NotThere, Refused):
            run_here(house, run)
        account = account_of(house, run, run.start_head) if run.state.live else account_at(house, run, head)
        if has_spec(account):
            put_status(house, account)


def _announce(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        run = house.store.update_run(run_id, state=RunState.WORKING, stage=Stage.PROVE_HEAD)
        live_run(house, run_id)
        house.github.react(run.repo, ReactionTarget.ISSUE, run.number, "eyes")
        account = account_of(house, run, run.start_head)
        put_spec_check(house, account)
        put(house, run, acceptance_check(account, _redactor(house)))
        put_status(house, account)
        notice_is_over(house, run.repo, run.number)
        house.showing.shown(run_id, house.clock)
    return "announced"


def _progress(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        try:
            run = live_run(house, run_id)
        except Ended:
            house.showing.forget(run_id)
            raise
        account = account_of(house, run, run.start_head)
        if not house.showing.want(run_id, house.clock):
            tell_page(house, account)
            return "in its turn"
        try:
            put(house, run, acceptance_check(account, _redactor(house)))
            put_status(house, account, Importance.SIGN)
        except GitHubLimited as limit:
            house.showing.put_off(run_id, house.clock, limit.retry_after)
            return "when there is room"
    return "said"


def _report(house: House, run_id: RunId, ended: Ended) -> str:
    with house.pens.of(run_id):
        run = house.store.run(run_id)
        if run is None or not run.state.live:
            return "settled elsewhere"
        if not ended.expected:
            keep(house, run_id, Trouble(ended.reason, ended.way_out, ended.output))
            keep_unpublished(house, run)
        # What is rendered must already show the end; the store says so only after everything was written.
        now = house.clock.now()
        last = replace(run, state=ended.state, reason=ended.reason, stage=Stage.ENDED, ended_at=now)
        last = replace(last, worked_seconds=worked(run, now))
        notice_of_run(house, write_everywhere(house, last))
        house.store.release(run_id)
        house.store.end_run(run_id, ended.state, ended.reason, now)
        house.store.emit(run_id, "ended", ended.state.value)
        house.showing.forget(run_id)
    return ended.state.value


def write_everywhere(house: House, run: Run) -> RunReport:
    """Checks on the candidate when it is published, then on the starting head, then review and comment; what they say of the newest of these
    commits. The caller holds the run's pen."""
    try:
        run_here(house, run)
    except (NotThere, Refused) as fault:  # most of what is said needs no files, and last words have to be said
        log.warning("the run's files are not here", run=run.run_id, reason=fault.message)
    heads: list[Sha] = [run.start_head]
    if run.published and run.candidate:
        heads.insert(0, run.candidate)
    accounts = [account_at(house, run, head) for head in heads]
    for account in accounts:
        _put_verdict(house, account)
        if has_spec(account):
            put_spec_check(house, account)
    if has_spec(accounts[0]):
        put_review(house, accounts[0], find(house, run.run_id, Facts))
        put_status(house, accounts[0])
    return accounts[0]


def _put_verdict(house: House, account: RunReport) -> None:
    """The acceptance check of a run that ends, and of the ended runs of other pull requests with the same head: each may have waited
    for this one, and only the newest check of a commit counts."""
    run, head = account.run, account.head
    with house.pens.of(f"{run.repo.repo_id}/{head}"):
        others = others_at(house, run, head)
        put(house, run, with_others(house, acceptance_check(account, _redactor(house)), others))
        for other in others:
            if not other.state.live:
                draft = acceptance_check(account_at(house, other, head), _redactor(house))
                rest = tuple(one for one in others if one is not other)
                put(house, other, with_others(house, draft, (run, *rest)))


def put(house: House, run: Run, draft: CheckDraft) -> None:
    """Make a check be as drafted, remembering its number so that the next time no search is needed."""
    key = f"check/{draft.name}/{draft.head_sha}/{draft.external_id}"
    known = house.store.post(key)
    number = house.github.put_check(run.repo, draft, CheckRunId(known) if known is not None else None)
    house.store.keep_post(key, number)


def put_spec_check(house: House, account: RunReport) -> None:
    run = account.run
    draft = spec_check(account.readings, account.head, run.run_id, _redactor(house), details_url=account.details_url)
    put(house, run, draft)


def tell_page(house: House, account: RunReport) -> None:
    """The run's own page gets to know the budget, the estimate and the pause that the comment shows."""
    keep(house, account.run.run_id, Terms(account.budget, account.estimate, account.pause))


def put_status(house: House, account: RunReport, importance: Importance = Importance.WORD) -> None:
    """The one sticky comment. It belongs to the newest run: one that is settled late must not speak over it."""
    run = account.run
    tell_page(house, account)
    if house.store.runs_of(run.repo.repo_id, run.number)[-1].run_id != run.run_id:
        return
    body = sticky_comment(account, _redactor(house))
    house.github.put_comment(run.repo, run.number, STATUS_MARKER, body, importance)


def _redactor(house: House) -> Redactor:
    return Redactor(house.secrets)
