"""Part of the planning step: the planner is asked, what it hands in is checked, and it may mend it once."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.agents.allowance import OwnLimits
from bot.agents.loop import Means, work
from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.roles.planner import NAME, PlannerBriefing, draft, planner, planner_opening, replan_message
from bot.agents.roles.role import Beginning, Continuation, Opening
from bot.core.codec import canonical, encode
from bot.core.plans.checks import Ground, PlanFault
from bot.core.plans.from_spec import concerned_by, single_plan, split, with_reasons
from bot.core.plans.model import Plan
from bot.core.plans.teams import draft_plan
from bot.core.proofs.model import Verification
from bot.core.runs import Run, RunState
from bot.core.specs.layouts import is_spec
from bot.core.specs.model import Spec
from bot.ids import AgentKey, CriterionName, Digest, agent_key
from bot.workflows.desks import desk_for, means_for
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, PlanBasis, Specs, find, keep, need
from bot.workflows.posting import progress
from bot.workflows.steps import Ended
from bot.workflows.ways import ways_for

PLANS = 2
"""A plan and one that mends it. Whoever cannot do it with the faults named does it no better the third time, and a person sees at once why."""

PLANNER_TURNS = 24
"""Of one planner where the owners say nothing: a dozen looks, twice as many for a large repository. Planning is a tenth of a run's cost."""

PLAN_TASK = "plan"
"""The task's name in the planner's key."""

FAULTS_TOLD = 6
"""Faults named to a person; the rest is counted."""

WAY_OUT = "write tasks with `owns`, `proves` and `after` into the spec, or make the spec smaller, and push; or `/specbot retry` plans anew"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be planned, and what a plan of it is checked against."""

    facts: Facts
    specs: tuple[Spec, ...]
    unproven: tuple[CriterionName, ...]
    ground: Ground

    @property
    def digest(self) -> Digest:
        """Of all that a plan is made from: equal ones may share a plan."""
        basis = {
            "specs": sorted([spec.path, spec.digest] for spec in self.specs),
            "unproven": sorted(self.unproven),
            "base": self.facts.base_tree,
            "configuration": encode(self.facts.config),
        }
        return Digest(hashlib.sha256(canonical(basis).encode("ascii")).hexdigest())


def wanted_of(house: House, run: Run) -> Wanted:
    """What the run's earlier steps left to be planned."""
    facts, specs = need(house, run.run_id, Facts), need(house, run.run_id, Specs)
    verdicts = need(house, run.run_id, Verification).verdicts
    paths = frozenset(entry.path for entry in house.git.entries(run.repo, facts.head_tree))
    ground = Ground(specs.scope, facts.config.protected, paths, lambda path: is_spec(path, facts.config))
    # A refactoring has nothing unproven: what it must keep is what its plan is held against.
    unproven = tuple(v.name for v in verdicts if not v.verdict.done) or tuple(v.name for v in verdicts)
    return Wanted(facts, specs.in_force, unproven, ground)


def taken_over(house: House, run: Run, wanted: Wanted) -> Plan | None:
    """The planner's plan of the newest earlier run of the pull request that was made for the same; None when there is none."""
    for other in reversed(house.store.runs_of(run.repo.repo_id, run.number)):
        basis = find(house, other.run_id, PlanBasis) if other.run_id != run.run_id else None
        plan = find(house, other.run_id, Plan) if basis == PlanBasis(wanted.digest) else None
        if plan is not None:
            keep(house, run.run_id, PlanBasis(wanted.digest))
            return plan
    return None


async def ask_planner(house: House, run: Run, wanted: Wanted, own_tasks: Sequence[str]) -> Plan:
    """The planner's plan, or one agent's when the planner came to no end. Ends the run when it needs a person.

    `own_tasks` are the reasons why the author's tasks are no plan. Repeated after a crash it goes on where the agent's journal stands.
    """
    await progress(house, run.run_id)
    means = await in_thread(lambda: _means(house, run))
    beginning: Beginning = await in_thread(lambda: _opening(house, run, wanted, own_tasks))
    faults: tuple[PlanFault, ...] = ()
    for attempt in range(1, PLANS + 1):
        key = _key(run, attempt)
        async with desk_for(house, run, key, wanted.facts.base_tree) as desk:
            outcome = await work(key, planner(), beginning, desk, means)
        drafted = draft(outcome)
        if drafted is None:
            return _without(wanted, outcome)
        found = draft_plan(drafted, wanted.specs, wanted.unproven, wanted.ground)
        if isinstance(found, Plan):
            await in_thread(lambda: keep(house, run.run_id, PlanBasis(wanted.digest)))
            return found
        faults = found
        await in_thread(partial(_tell, house, run, faults))
        beginning = Continuation(key, replan_message(faults))
    raise Ended(
        RunState.WAITING, f"the planner's plan has faults, also after it was told of them: {_words(faults)}", WAY_OUT
    )


def _key(run: Run, attempt: int) -> AgentKey:
    """The same in every segment: a planner whose budget ended goes on where it stood. Who wants another plan begins another run."""
    return agent_key(run.run_id, NAME, PLAN_TASK, attempt)


def _means(house: House, run: Run) -> Means:
    means = means_for(house, run, NAME)
    turns = PLANNER_TURNS if means.own.turns is None else means.own.turns
    return replace(means, own=OwnLimits(turns, means.own.tokens))


def _opening(house: House, run: Run, wanted: Wanted, own_tasks: Sequence[str]) -> Opening:
    facts, specs = wanted.facts, tuple(concerned_by(wanted.specs, wanted.unproven))
    known, _ = split(specs, wanted.unproven)
    return planner_opening(
        PlannerBriefing(
            specs=specs,
            criteria=tuple(c for spec in specs for c in spec.criteria if c.name in known),
            scope=wanted.ground.scope,
            protected=wanted.ground.protected,
            paths=tuple(entry.path for entry in house.git.entries(run.repo, facts.base_tree)),
            at_once=facts.config.at_once,
            own_tasks=tuple(own_tasks),
            agents_md=ways_for(house, run, facts, wanted.ground.scope).root,
        )
    )


def _without(wanted: Wanted, outcome: AgentOutcome) -> Plan:
    """What is done when no plan was handed in: somebody who says what is missing is asked about it, anything else costs nobody their work."""
    if outcome.status is AgentStatus.BLOCKED:
        raise Ended(
            RunState.WAITING, f"the planner cannot plan this: {outcome.reason}", f"answer it in the spec; {WAY_OUT}"
        )
    reason = f"The planner did not come to an end ({outcome.reason or outcome.status.value}), so there is no team."
    return with_reasons(single_plan(wanted.specs, wanted.unproven), (reason,))


def _words(faults: Sequence[PlanFault]) -> str:
    told = " ".join(fault.sentence for fault in faults[:FAULTS_TOLD])
    return f"{told} … and {len(faults) - FAULTS_TOLD} more." if len(faults) > FAULTS_TOLD else told


def _tell(house: House, run: Run, faults: Sequence[PlanFault]) -> None:
    sentences = [fault.sentence for fault in faults]
    house.store.emit(run.run_id, "plan.faults", json.dumps(sentences))
