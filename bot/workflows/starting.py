"""Steps: may agents start? What the owners have decided about that is asked twice: before money is spent on a plan, and before any on work."""

import hashlib
from enum import StrEnum

from bot.core.codec import encode
from bot.core.plans.model import Plan
from bot.core.policy.approvals import approved
from bot.core.policy.model import StartPolicy
from bot.core.runs import Run, RunState
from bot.ids import Digest, RunId
from bot.workflows.admission import still_standing
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Specs, Waits, WaitsFor, keep, need
from bot.workflows.signing import doubt_before, signs
from bot.workflows.steps import Ended


class Start(StrEnum):
    """The word of both steps when nothing stands against it."""

    NOW = "now"


async def when_ready(house: House, run_id: RunId) -> str:
    """Ends the run while its pull request is a draft and the owners want to wait for that."""
    return await in_thread(lambda: _when_ready(house, run_id))


async def when_approved(house: House, run_id: RunId) -> str:
    """Ends the run while nobody has approved the plan and the owners want somebody to."""
    return await in_thread(lambda: _when_approved(house, run_id))


def _when_ready(house: House, run_id: RunId) -> str:
    standing = still_standing(house, run_id)
    facts = need(house, run_id, Facts)
    signs(house, standing.run, standing.pull)
    if facts.config.start is not StartPolicy.ON_READY or not standing.pull.draft:
        keep(house, run_id, Waits(WaitsFor.PERSON))
        return Start.NOW
    keep(house, run_id, Waits(WaitsFor.READY))
    raise Ended(
        RunState.WAITING,
        "the pull request is a draft, and here agents start when it is ready for review",
        "mark the pull request as ready for review",
    )


def _when_approved(house: House, run_id: RunId) -> str:
    standing, facts = still_standing(house, run_id), need(house, run_id, Facts)
    run, doubt = standing.run, doubt_before(house, standing.run, standing.pull)
    if (facts.config.start is not StartPolicy.ON_APPROVE and not doubt) or is_approved(house, run):
        keep(house, run_id, Waits(WaitsFor.PERSON))
        return Start.NOW
    keep(house, run_id, Waits(WaitsFor.APPROVAL))
    raise Ended(
        RunState.WAITING,
        doubt or "the plan waits for a person's approval",
        f"look at the plan, then `/specbot approve {run.start_head[:7]}`; or change the spec and push",
    )


def is_approved(house: House, run: Run) -> bool:
    rows = house.store.ledger(run.repo.repo_id, run.number)
    return approved(rows, run.start_head, plan_digest(house, run)) is not None


def plan_digest(house: House, run: Run) -> Digest:
    """What an approval covers: the plan and the text of every spec it is made for."""
    plan, specs = need(house, run.run_id, Plan), need(house, run.run_id, Specs)
    texts = [f"{spec.path}\0{document.text}" for spec in specs.in_force for document in spec.documents]
    return Digest(hashlib.sha256("\0".join([encode(plan), *texts]).encode("utf-8", "surrogatepass")).hexdigest())
