"""Step: a reviewer with a fresh context reads the candidate. What a command of its shows may stop the merge and goes back to be mended; the rest are
comments."""

from bot.agents.loop import work
from bot.agents.roles.reviewer import NAME, ReviewerBriefing, findings, reviewer, reviewer_opening
from bot.core.proofs.model import Verification
from bot.core.reviews.rows import dismissals, recorded, with_unseen
from bot.core.runs import Run, RunState, Stage
from bot.errors import BudgetSpent
from bot.ids import RunId, TreeSha, agent_key
from bot.workflows.admission import live_run
from bot.workflows.desks import desk_for, means_for
from bot.workflows.environment import for_agents
from bot.workflows.examining import Material, examine
from bot.workflows.here import live_here
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Reviewed, Specs, Work, find, keep, need
from bot.workflows.proving import Proof, proof_of, rows_again
from bot.workflows.steps import Ended, step

REVIEW_TASK = "candidate"
"""The task's name in the reviewer's key: it looks at the whole candidate."""

REVIEWS = 2
"""Of one run: the candidate, and once more what became of it after its findings went back to the agents. A third would only ask a model until it has
nothing left to say."""


async def reviewed(house: House, run_id: RunId, proof: str, number: int = 1) -> str:
    """What stands proven after a review: FAILED when it showed something that may not be merged. A review is an opinion: that there is none does not stop
    proven work. What ends the run from outside does."""
    again = "" if number == 1 else f" {number}"
    try:
        return await step(house, run_id, f"review{again}", review) or proof
    except Ended as end:
        if end.state not in (RunState.FAILED, RunState.WAITING):
            raise
        reason = end.reason
        word = await step(house, run_id, f"go on without a review{again}", lambda h, r: no_review(h, r, reason))
        return word or proof


async def review(house: House, run_id: RunId) -> str:
    """`failed` when a finding was reproduced that stops the merge, `person` when nobody knows any more whether it does, else ""; stores `Reviewed` and, with new rows, `Verification`. A reviewer that reaches a
    limit, its own or that of the budget, leaves no findings and stops nothing."""
    run = await in_thread(lambda: live_here(house, run_id))
    await in_thread(lambda: house.store.update_run(run_id, stage=Stage.REVIEW))
    facts, candidate = await in_thread(lambda: (need(house, run_id, Facts), need(house, run_id, Work)))
    means = await in_thread(lambda: means_for(house, run, NAME))
    environment = await for_agents(house, run, facts)
    key = agent_key(run_id, NAME, REVIEW_TASK, await in_thread(lambda: _number(house, run_id, candidate.tree)))
    opening = reviewer_opening(
        await in_thread(lambda: _briefing(house, run, facts, candidate, environment.description))
    )
    async with desk_for(house, run, key, candidate.tree) as desk:
        try:
            outcome = await work(key, reviewer(), opening, desk, means)
        except BudgetSpent as spent:  # what is proven needs no opinion
            return await no_review(house, run_id, spent.message)
    before = await in_thread(lambda: find(house, run_id, Reviewed))
    earlier = before.findings if before is not None and before.tree is not None else ()
    found = await examine(house, run, facts, candidate.tree, Material(findings(outcome), earlier))
    note = Reviewed(found.findings, outcome.summary, found.left_out, candidate.tree)
    await in_thread(lambda: keep(house, run_id, note))
    if not found.blocking:
        return ""
    proof = proof_of(await rows_again(house, run, facts, candidate.tree))
    return "" if proof is Proof.DONE else proof


def _number(house: House, run_id: RunId, tree: TreeSha) -> int:
    """Which of the run's reviewers looks at this tree: a new one for each, the same one when the step is repeated or a later segment comes to it."""
    key, newest = f"reviewer/{run_id}/{tree}", f"reviewers/{run_id}"
    known = house.store.post(key)
    if known is None:
        known = 1 + (house.store.post(newest) or 0)
        house.store.keep_post(key, known)
    house.store.keep_post(newest, max(known, house.store.post(newest) or 0))
    return known


async def no_review(house: House, run_id: RunId, reason: str) -> str:
    """Say in the summary that there was no review, and why. What an earlier one of this run found stays said. `person` when something was shown already
    that only could not be looked at again."""
    return await in_thread(lambda: _no_review(house, run_id, reason))


def _no_review(house: House, run_id: RunId, reason: str) -> str:
    before = find(house, run_id, Reviewed) or Reviewed((), "")
    words = f"There was no review: {reason}."
    keep(house, run_id, Reviewed(before.findings, words, before.left_out, before.tree))
    verification = need(house, run_id, Verification)
    run = live_run(house, run_id)
    ledger = house.store.ledger(run.repo.repo_id, run.number)
    known = [one for one in recorded(ledger) if one.finding.fingerprint not in dismissals(ledger)]
    whole = with_unseen(verification, known, f"it could not be run again: {reason}")
    if whole == verification:
        return ""
    keep(house, run_id, whole)
    return Proof.PERSON


def _briefing(house: House, run: Run, facts: Facts, candidate: Work, environment: str) -> ReviewerBriefing:
    return ReviewerBriefing(
        specs=need(house, run.run_id, Specs).in_force,
        diff=house.git.diff(run.repo, facts.head_tree, candidate.tree),
        verification=need(house, run.run_id, Verification),
        environment=environment,
        most=facts.config.review.most,
    )
