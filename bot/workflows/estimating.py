"""What the run will probably cost, in a sentence, while it is at work."""

from bot.core.plans.model import Plan
from bot.core.policy.costs import Bill
from bot.core.policy.estimate import LOOKED_AT, PastRun, estimate
from bot.core.runs import Run
from bot.ids import RunId
from bot.reporting.spending import estimate_sentence
from bot.workflows.house import House
from bot.workflows.notes import find


def estimate_of(house: House, run: Run, plan: Plan | None) -> str:
    """ "" for a run that is not at work, has no plan, or is among the repository's first."""
    if plan is None or not run.state.live:
        return ""
    bills = house.store.bills(repo=run.repo.repo_id, limit=LOOKED_AT + 1)
    past = [one for one in _by_run(bills) if one[0] != run.run_id and not _live(one[1])]
    guess = estimate([_past(house, bills) for _, bills in past[-LOOKED_AT:]], _criteria(plan))
    return estimate_sentence(guess) if guess else ""


def _by_run(bills: tuple[Bill, ...]) -> list[tuple[RunId, list[Bill]]]:
    """A run that went on over the end of a month has a bill in each."""
    found: dict[RunId, list[Bill]] = {}
    for bill in bills:
        found.setdefault(bill.run.run_id, []).append(bill)
    return list(found.items())


def _live(bills: list[Bill]) -> bool:
    return bills[0].run.state.live


def _past(house: House, bills: list[Bill]) -> PastRun:
    plan = find(house, bills[0].run.run_id, Plan)
    return PastRun(
        criteria=_criteria(plan) if plan else 1,
        tokens=sum(bill.usage.total for bill in bills),
        seconds=sum(bill.seconds for bill in bills),
        usd=None if any(bill.unpriced for bill in bills) else sum(bill.usd for bill in bills),
    )


def _criteria(plan: Plan) -> int:
    """How many criteria the plan is to prove; one that proves none is as large as one that proves one."""
    return max(1, len({name for task in plan.tasks for name in task.proves}))
