"""Prove a tree: every execution its claims need, each in a fresh checkout and a fresh box, and each only once ever."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from bot.agents.outcome import AgentStatus
from bot.core.ci import CiRepair
from bot.core.plans.asked_for import asks_for_more
from bot.core.ports import BoxLimits, Environment
from bot.core.proofs.contracts import explained, with_contracts
from bot.core.proofs.executions import argv, executed, variables
from bot.core.proofs.ledger import proof_record
from bot.core.proofs.model import Executed, Execution, StoppedBy, TamperFinding, Verdict, Verification
from bot.core.proofs.outcome import outcome
from bot.core.proofs.planning import ProofPlan, Trees, claims_of, plan_of_proofs
from bot.core.proofs.project_tests import project_claims
from bot.core.proofs.tamper import Guarded, tampering
from bot.core.proofs.trusted import meant_to_go, trusted_paths
from bot.core.pulls import Conclusion
from bot.core.reviews.rows import is_row
from bot.core.runs import Run, RunState, Stage
from bot.core.specs.layouts import is_spec
from bot.ids import Digest, RunId, TreeSha
from bot.reporting.happenings import VERDICTS, verdicts_event
from bot.reporting.masking import Redactor
from bot.workflows.account import agents_may
from bot.workflows.canaries import plant_canary, reports_of, written_reports
from bot.workflows.checkouts import fresh_checkout
from bot.workflows.decisions import decided, with_earlier
from bot.workflows.environment import own_environment, prepared
from bot.workflows.here import live_here
from bot.workflows.house import House, in_thread
from bot.workflows.implementing import last_outcome
from bot.workflows.locks import Held, laid_over, locks_of, to_be_written, with_locked, without_contract
from bot.workflows.notes import Facts, Specs, Work, find, keep, need
from bot.workflows.placing import placed
from bot.workflows.reproducing import Ground, with_reproduced
from bot.workflows.steps import Ended

PROOF_SECONDS = 300.0
"""For one command on one tree. A proof is run again and again, so it has to be a test and not a campaign; longer is *no evidence*."""

AT_ONCE = 2
"""Boxes of one verification side by side: the smallest machine we run on has two cores."""


class Proof(StrEnum):
    """What a verification means for the order of work. UNCHANGED: a responder had nothing to change, so the head's own stands."""

    DONE = "done"
    PERSON = "person"
    FAILED = "failed"
    IMPLEMENT = "implement"
    MEND_CI = "mend ci"
    UNCHANGED = "unchanged"


async def prove_head(house: House, run_id: RunId) -> str:
    """Prove the head as it was pushed, before anything is planned. IMPLEMENT when an agent may and can help, or is asked for a refactoring; MEND_CI when the
    run is there for what others' checks say."""
    run, facts, specs = await in_thread(lambda: _known(house, run_id, Stage.PROVE_HEAD))
    verification = await verify(house, run, facts, specs, facts.head_tree)
    proof = proof_of(verification)
    if run.verify_only or run.from_fork or not agents_may(facts, specs):
        return proof
    if await in_thread(lambda: find(house, run_id, CiRepair)) is not None:
        return Proof.MEND_CI
    if proof is Proof.DONE:
        more = await in_thread(lambda: _asks_for_more(house, run, facts, specs))
        return Proof.IMPLEMENT if more else proof
    lost = (await in_thread(lambda: locks_of(house, run, facts, specs))).lost
    wanted = await in_thread(lambda: to_be_written(house, run, facts, verification, lost))
    failed = any(v.verdict is Verdict.FAILED and not is_row(v.name) for v in verification.verdicts)
    helps = (proof is Proof.FAILED and failed) or bool(wanted)
    return Proof.IMPLEMENT if helps else proof


def _asks_for_more(house: House, run: Run, facts: Facts, specs: Specs) -> bool:
    known = {comparison.spec_path for comparison in specs.comparisons if comparison.known}
    return asks_for_more(specs.in_force, known, only_specs=_only_specs(house, run, facts, facts.head_tree))


def _only_specs(house: House, run: Run, facts: Facts, tree: TreeSha) -> bool:
    changed = house.git.changed(run.repo, facts.base_tree, tree)
    return all(is_spec(change.path, facts.config) for change in changed)


async def prove_candidate(house: House, run_id: RunId) -> str:
    """Prove what the agent made. Ends the run when it made nothing."""
    run, facts, specs = await in_thread(lambda: _known(house, run_id, Stage.VERIFY))
    work = await in_thread(lambda: find(house, run_id, Work))
    if work is None:
        raise _nothing_made(house, run_id)
    return proof_of(await verify(house, run, facts, specs, work.tree))


async def verify(house: House, run: Run, facts: Facts, specs: Specs, tree: TreeSha) -> Verification:
    """All verdicts on one tree; stored as the run's `Verification` and in the pull request's ledger."""
    state = house.sandbox.probe()
    if not state.usable:
        raise Ended(RunState.FAILED, f"no sandbox: {state.detail}", "; ".join(state.problems))
    environment = await prepared(house, run, facts)
    own = await own_environment(house, run, facts, tree)
    trusted = trusted_paths(facts.config.trusted)
    held = Held(trusted, await in_thread(lambda: locks_of(house, run, facts, specs)), facts.base_tree)
    plan = await in_thread(lambda: proof_plan(house, run, facts, specs, tree, environment, held))
    plan = plan.with_own_environment(own.digest) if own else plan
    results = await execute(house, run, plan.reports(), environment, own)
    more: tuple[Execution, ...] = (*plan.canaries(results), *plan.doubts(results, trusted))
    while more:
        results |= await execute(house, run, more, environment, own)
        more = plan.doubts(results, trusted)
    found = await in_thread(lambda: with_earlier(house, run, tree, _tampering(house, run, facts, specs, tree, held)))
    without = await in_thread(lambda: without_contract(house, run.run_id))
    judged = explained(plan.judge(results, trusted, found), held.locks.lost, without)
    verification = await in_thread(lambda: decided(house, run, placed(house, run, judged, plan.trees.candidate)))
    await in_thread(lambda: _record(house, run, facts, verification, plan))
    if not facts.config.review.blocks:
        return verification
    return await with_reproduced(house, run, ground_of(house, run, facts, tree, environment, own), verification)


async def rows_again(house: House, run: Run, facts: Facts, tree: TreeSha) -> Verification:
    """The run's verification of `tree` with the rows that a review has just added to the ledger; stored."""
    environment = await prepared(house, run, facts)
    own = await own_environment(house, run, facts, tree)
    verification = await in_thread(lambda: need(house, run.run_id, Verification))
    return await with_reproduced(house, run, ground_of(house, run, facts, tree, environment, own), verification)


def ground_of(
    house: House, run: Run, facts: Facts, tree: TreeSha, environment: Environment, own: Environment | None
) -> Ground:
    """Where a reviewer's commands are tried out: on the tree exactly as it is."""
    return Ground(
        tree=tree,
        environment=(own or environment).digest,
        base=facts.base_tree,
        base_environment=environment.digest,
        trusted=trusted_paths(facts.config.trusted),
        execute=lambda wanted: execute(house, run, wanted, environment, own),
    )


async def execute(
    house: House,
    run: Run,
    executions: Iterable[Execution],
    environment: Environment,
    own: Environment | None = None,
) -> dict[Digest, Executed]:
    """The results by key, each executed in the environment that it names: `environment` or `own`, the candidate's. One that is known already is not
    executed again, from whatever run it is; but somebody who asks again wants it to be run again, so a later attempt knows only its own
    results."""
    places = asyncio.Semaphore(AT_ONCE)
    reports = await in_thread(lambda: reports_of(house, run))

    async def one(wanted: Execution) -> Executed:
        known = await in_thread(lambda: house.store.executed(kept_as(run, wanted.key, reports)))
        if known is not None:
            return replace(known, key=wanted.key)
        async with places:
            in_own = own is not None and wanted.environment == own.digest
            return await _in_a_fresh_box(house, run, wanted, own if own and in_own else environment, reports)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(wanted)) for wanted in executions]
    except ExceptionGroup as faults:
        # A step answers for single faults: one that passes is waited for, one with words is said.
        raise faults.exceptions[0] from None
    return {task.result().key: task.result() for task in tasks}


async def _in_a_fresh_box(
    house: House, run: Run, wanted: Execution, environment: Environment, reports: tuple[str, ...]
) -> Executed:
    async with fresh_checkout(house, run.repo, wanted.tree, f"{run.run_id}/proof/{wanted.key}") as checkout:
        paths = await in_thread(lambda: plant_canary(house, run.repo, wanted, checkout, reports))
        result = await house.sandbox.run(
            checkout,
            argv(wanted),
            environment=environment,
            limits=BoxLimits(seconds=PROOF_SECONDS),
            harness=wanted.harness,
            variables=variables(wanted),
        )
        files = await in_thread(lambda: written_reports(house, wanted, checkout, paths, reports))
    shown = Redactor(house.secrets).masked(executed(wanted, result, files))
    # A time-out or a lack of memory may be the machine's fault: it counts now, and the next verification tries again.
    if not shown.broken and shown.stopped_by is StoppedBy.NOTHING:
        await in_thread(lambda: house.store.keep_executed(replace(shown, key=kept_as(run, wanted.key, reports))))
    return shown


def kept_as(run: Run, key: Digest, reports: Sequence[str] = ()) -> Digest:
    """The key of a result in the store: shared by all first attempts, a later attempt's own. `reports` are the configured patterns of report
    files: other ones may show something else."""
    if reports:
        key = Digest(hashlib.sha256(json.dumps([key, *reports]).encode()).hexdigest())
    if run.attempt == 1 and not run.verify_only:
        return key
    return Digest(hashlib.sha256(f"{run.run_id}/{key}".encode()).hexdigest())


def proof_plan(
    house: House,
    run: Run,
    facts: Facts,
    specs: Specs,
    tree: TreeSha,
    environment: Environment,
    held: Held,
) -> ProofPlan:
    """What has to be executed for the specs in force on `tree`, with the trusted files of the head laid over both trees."""
    comparisons = {comparison.spec_path: comparison for comparison in specs.comparisons}
    head, base = house.git.entries(run.repo, facts.head_tree), house.git.entries(run.repo, facts.base_tree)
    gone = meant_to_go(head, house.git.entries(run.repo, tree), held.trusted, _removes(specs))
    trees = Trees(
        base=laid_over(house, run, head, facts.base_tree, held, gone),
        candidate=laid_over(house, run, head, tree, held, gone),
        own=tree,
        stood=held.stood,
    )
    changed = house.git.changed(run.repo, facts.base_tree, tree)
    only_specs = all(is_spec(change.path, facts.config) or change.path in held.locks.paths for change in changed)
    claims = with_contracts(
        claims_of(specs.in_force, comparisons, only_specs=only_specs),
        held.locks.contracts,
        {entry.path for entry in base},
    )
    projects = facts.config.environment.projects
    tests = project_claims(projects, (change.path for change in changed), specs.in_force)
    removed = meant_to_go(base, house.git.entries(run.repo, tree), held.trusted, _removes(specs))
    return plan_of_proofs((*claims, *tests), trees, environment.digest, removed)


def _removes(specs: Specs) -> tuple[str, ...]:
    return tuple(pattern for spec in specs.in_force for pattern in spec.removes)


def _tampering(
    house: House, run: Run, facts: Facts, specs: Specs, tree: TreeSha, held: Held
) -> tuple[TamperFinding, ...]:
    """What the agent's change does to what proofs stand on. A person's own push is not judged: head against head is no change. An agent's work is
    held against the head with its contracts, so that a contract which is not as it was locked is a change."""
    judged = tree != facts.head_tree
    start = with_locked(house, run, facts.head_tree, held.locks.contracts) if judged else tree
    changes = house.git.changed(run.repo, start, tree)
    guarded = Guarded(
        trusted=held.trusted,
        protected=facts.config.protected,
        specs=frozenset(change.path for change in changes if is_spec(change.path, facts.config)),
        contracts=held.locks.paths,
        removes=_removes(specs),
        commands=tuple(command.script for spec in specs.in_force for command in spec.commands),
        scope=specs.scope,
    )
    return tampering(changes, house.git.diff(run.repo, start, tree), guarded)


def _record(house: House, run: Run, facts: Facts, verification: Verification, plan: ProofPlan) -> None:
    keep(house, run.run_id, verification)
    body = proof_record(run.run_id, facts.head, facts.base, verification, plan.executions())
    key = f"{run.run_id}/{verification.candidate_tree}"
    house.store.append_ledger(run.repo.repo_id, run.number, key, body)
    what = "the head as it was pushed" if verification.candidate_tree == facts.head_tree else "the candidate"
    house.store.emit(run.run_id, VERDICTS, verdicts_event(what, verification))


def _known(house: House, run_id: RunId, stage: Stage) -> tuple[Run, Facts, Specs]:
    live_here(house, run_id)
    run = house.store.update_run(run_id, stage=stage)
    return run, need(house, run_id, Facts), need(house, run_id, Specs)


def proof_of(verification: Verification) -> Proof:
    """What a verification means for the order of work."""
    conclusion = outcome(verification).conclusion
    return {Conclusion.SUCCESS: Proof.DONE, Conclusion.ACTION_REQUIRED: Proof.PERSON}.get(conclusion, Proof.FAILED)


def _nothing_made(house: House, run_id: RunId) -> Ended:
    ended = last_outcome(house, run_id)
    if ended is None:
        return Ended(RunState.FAILED, "the agent left nothing behind", "`/specbot retry` starts again")
    said = ended.reason or ended.summary or "it changed no file that it may change"
    way_out = "make the spec clearer or its scope wider and push, or `/specbot retry`"
    claimed = ended.status is AgentStatus.FINISHED
    state = RunState.FAILED if claimed else RunState.WAITING
    return Ended(state, f"the agent {ended.status.value} without a change: {said}", way_out)
