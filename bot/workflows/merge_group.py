"""The flow of a merge group: the merged tree is proven before a merge queue merges it.

No agent and no run: the green half of every criterion that has never been proven together with the rest is run on the merged tree, and the
check says whether all of it holds. Whatever is not known fails: a queue has nobody to ask.
"""

from dataclasses import replace

from bot.core.merge_groups import GroupProof, MergeGroup
from bot.core.proofs.model import Verification
from bot.core.pulls import CheckDraft, CheckStatus, Person
from bot.core.runs import Run, RunReport, RunState, Spent, Stage
from bot.errors import NotThere
from bot.ids import PrNumber, RunId, UserId
from bot.reporting.checks.broken import broken_check
from bot.reporting.checks.merge_group import merge_group_check
from bot.reporting.masking import Redactor
from bot.reporting.merge_queue import QUEUE_MARKER, queue_comment
from bot.workflows.account import NO_BUDGET
from bot.workflows.house import House, in_thread, log
from bot.workflows.notes import Facts, Specs, find, need
from bot.workflows.posting import put
from bot.workflows.proving_groups import GroupWord, prove_group
from bot.workflows.steps import Ended, step

THE_QUEUE = Person(UserId(0), "merge queue", is_bot=True)
"""Who asks for it. No account of GitHub has the number 0."""


async def merge_group(house: House, group: RunId, attempt: int) -> str:
    """Prove one merge group and say so on its commit. Returns how it ended."""
    try:
        return await _merge_group(house, group, attempt)
    except Exception as fault:
        log.exception("merge group crashed", group=group)
        reason = f"{type(fault).__name__} in the proof of a merge group"
        await in_thread(lambda: _say_plainly(house, group, attempt, reason))
        raise


async def _merge_group(house: House, group: RunId, attempt: int) -> str:
    try:
        await step(house, group, "announce the group", lambda h, g: _announce(h, g, attempt))
        word = await step(house, group, "prove the group", lambda h, g: prove_group(h, run_of(h, g, attempt)))
        ended = Ended(_STATES[GroupWord(word)], "", expected=True)
    except Ended as end:
        word, ended = "", end
    return await step(
        house, group, "report on the group", lambda h, g: _report(h, g, attempt, word, ended), patient=True
    )


_STATES = {
    GroupWord.NO_SPEC: RunState.DONE,
    GroupWord.DRAFT: RunState.DONE,
    GroupWord.HOLDS: RunState.DONE,
    GroupWord.FAILS: RunState.FAILED,
}


def run_of(house: House, group: RunId, attempt: int) -> Run:
    """The group in the shape of a run, for what proofs and checks want to know of one. It is never stored as one: a pull request's runs
    answer for its heads, and this commit is none."""
    facts = need(house, group, MergeGroup)
    return Run(
        run_id=group,
        repo=facts.repo,
        number=facts.number or PrNumber(0),
        start_head=facts.head,
        attempt=attempt,
        head_repo_id=facts.repo.repo_id,
        head_ref=facts.head_ref,
        base_ref=facts.base_ref,
        state=RunState.WORKING,
        stage=Stage.VERIFY,
        reason="",
        requester=THE_QUEUE,
        created_at=house.clock.now(),
        segment=attempt,
    )


def is_over(house: House, group: RunId, attempt: int) -> bool:
    """Whether the queue has destroyed the group of this attempt."""
    return (house.store.post(destroyed_key(group)) or 0) >= attempt


def destroyed_key(group: RunId) -> str:
    """Where the store keeps the last attempt that is over."""
    return f"merge-group-destroyed/{group}"


def check_of(house: House, run: Run, word: str, ended: Ended | None) -> CheckDraft:
    """The group's check; `ended` is None while it is being proven."""
    group, facts = need(house, run.run_id, MergeGroup), find(house, run.run_id, Facts)
    shown = bool(word) and word not in (GroupWord.NO_SPEC, GroupWord.DRAFT)
    specs = find(house, run.run_id, Specs) if word or (ended and not ended.expected) else None
    report = RunReport(
        run=run if ended is None else replace(run, state=ended.state, reason=ended.reason, stage=Stage.ENDED),
        head=run.start_head,
        base_sha=facts.base if facts else group.base_sha,
        readings=specs.readings if specs else (),
        spent=Spent(),
        budget=NO_BUDGET,
        seconds=0.0,
        verification=find(house, run.run_id, Verification) if shown else None,
        trouble=ended.reason if ended and not ended.expected else "",
        way_out=ended.way_out if ended else "",
        trouble_output=ended.output if ended else "",
        ledger_head=house.store.ledger_head(run.repo.repo_id, run.number),
        sandbox=house.sandbox.probe().detail,
        agents=False,
        repo_url=house.repo_url(run.repo),
    )
    cited = (find(house, run.run_id, GroupProof) or GroupProof()).cited if shown else ()
    return merge_group_check(report, group, cited, Redactor(house.secrets))


async def _announce(house: House, group: RunId, attempt: int) -> str:
    return await in_thread(lambda: _put(house, group, attempt))


def _put(house: House, group: RunId, attempt: int) -> str:
    with house.pens.of(group):
        if is_over(house, group, attempt):
            raise Ended(RunState.STOPPED, "the queue has destroyed the group")
        run = run_of(house, group, attempt)
        put(house, run, check_of(house, run, "", None))
    return "announced"


async def _report(house: House, group: RunId, attempt: int, word: str, ended: Ended) -> str:
    return await in_thread(lambda: _say(house, group, attempt, word, ended))


def _say(house: House, group: RunId, attempt: int, word: str, ended: Ended) -> str:
    with house.pens.of(group):
        if is_over(house, group, attempt):
            return "destroyed"
        run = run_of(house, group, attempt)
        draft = check_of(house, run, word, ended)
        put(house, run, draft)
        if draft.status is CheckStatus.COMPLETED and not ended.state.live and ended.state is not RunState.DONE:
            _tell_the_pull_request(house, need(house, group, MergeGroup), draft)
    return draft.conclusion.value if draft.conclusion else draft.status.value


def _tell_the_pull_request(house: House, group: MergeGroup, draft: CheckDraft) -> None:
    """GitHub only says that the pull request was removed; here people read why."""
    if group.number is None:
        return
    body = queue_comment(group, draft.title, house.repo_url(group.repo), Redactor(house.secrets))
    try:
        house.github.put_comment(group.repo, group.number, QUEUE_MARKER, body)
    except NotThere as fault:
        log.warning("nobody to tell of a merge group", group=group.group_id, reason=fault.message)


def _say_plainly(house: House, group: RunId, attempt: int, reason: str) -> None:
    with house.pens.of(group):
        run = run_of(house, group, attempt)
        if not is_over(house, group, attempt):
            put(house, run, broken_check(run.start_head, run.check_id, reason))
