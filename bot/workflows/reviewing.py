"""Step: a reviewer with a fresh context reads the candidate. Its findings are comments; they never change a verdict."""

from bot.agents.loop import work
from bot.agents.roles.reviewer import NAME, ReviewerBriefing, findings, reviewer, reviewer_opening
from bot.core.proofs.model import Verification
from bot.core.runs import Run, Stage
from bot.errors import BudgetSpent
from bot.ids import RunId, agent_key
from bot.workflows.desks import desk_for, means_for
from bot.workflows.environment import for_agents
from bot.workflows.here import live_here
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Reviewed, Specs, Work, keep, need

REVIEW_TASK = "candidate"
"""The task's name in the reviewer's key: it looks at the whole candidate."""


async def review(house: House, run_id: RunId) -> str:
    """How the reviewer ended, as a word; stores `Reviewed`. A reviewer that reaches a limit, its own or that of
    the budget, leaves no findings and stops nothing."""
    run = await in_thread(lambda: live_here(house, run_id))
    await in_thread(lambda: house.store.update_run(run_id, stage=Stage.REVIEW))
    facts, candidate = await in_thread(lambda: (need(house, run_id, Facts), need(house, run_id, Work)))
    means = await in_thread(lambda: means_for(house, run, NAME))
    environment = await for_agents(house, run, facts)
    key = agent_key(run_id, NAME, REVIEW_TASK, 1)
    opening = reviewer_opening(
        await in_thread(lambda: _briefing(house, run, facts, candidate, environment.description))
    )
    async with desk_for(house, run, key, candidate.tree) as desk:
        try:
            outcome = await work(key, reviewer(), opening, desk, means)
        except BudgetSpent as spent:  # what is proven needs no opinion
            return await no_review(house, run_id, spent.message)
    await in_thread(lambda: keep(house, run_id, Reviewed(findings(outcome), outcome.summary)))
    return outcome.status.value


async def no_review(house: House, run_id: RunId, reason: str) -> str:
    """Say in the summary that there was no review, and why."""
    await in_thread(lambda: keep(house, run_id, Reviewed((), f"There was no review: {reason}.")))
    return "none"


def _briefing(house: House, run: Run, facts: Facts, candidate: Work, environment: str) -> ReviewerBriefing:
    return ReviewerBriefing(
        specs=need(house, run.run_id, Specs).in_force,
        diff=house.git.diff(run.repo, facts.head_tree, candidate.tree),
        verification=need(house, run.run_id, Verification),
        environment=environment,
    )
