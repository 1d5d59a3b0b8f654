"""The account of a run: everything its steps left, put together as the one report that all texts are rendered from."""

from dataclasses import replace

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.core.orchestration.notes import Ordered, Source, branch_id
from bot.core.plans.model import Plan
from bot.core.plans.progress import Progress
from bot.core.policy.model import PublishPolicy
from bot.core.proofs.contracts import contracts, proven_by
from bot.core.proofs.model import Verification
from bot.core.runs import Budget, Run, RunReport, RunState, worked
from bot.errors import SpecbotError
from bot.ids import Sha
from bot.workflows.estimating import estimate_of
from bot.workflows.house import House
from bot.workflows.locks import contracts_of
from bot.workflows.notes import Facts, Kept, Manifests, Reviewed, Specs, Trouble, Waits, WaitsFor, Work, find
from bot.workflows.others_checks import ci_of
from bot.workflows.pauses import pause_of
from bot.workflows.placing import places_at
from bot.workflows.remarks_at import remarks_at
from bot.workflows.spending import budget_of

NO_BUDGET = Budget(usd=None, tokens=0, minutes=0.0, turns=0)
"""Shown where a run ended before its budget could be read; nothing was spent then."""


def account_of(house: House, run: Run, head: Sha) -> RunReport:
    """The report on `head`, which is the run's starting head or its candidate."""
    store = house.store
    facts, specs = find(house, run.run_id, Facts), find(house, run.run_id, Specs)
    trouble, kept = find(house, run.run_id, Trouble), find(house, run.run_id, Kept)
    work = find(house, run.run_id, Work)
    reviewed = find(house, run.run_id, Reviewed) or Reviewed((), "")
    plan = find(house, run.run_id, Plan)
    waits = find(house, run.run_id, Waits)
    ledger = store.ledger(run.repo.repo_id, run.number)
    verification = find(house, run.run_id, Verification)
    manifests = find(house, run.run_id, Manifests) or Manifests()
    return RunReport(
        run=run,
        head=head,
        base_sha=facts.base if facts else run.start_head,
        readings=specs.readings if specs else (),
        spent=store.spent(run.run_id),
        budget=_budget(house, run, facts, specs),
        seconds=worked(run, house.clock.now()),
        plan=plan,
        verification=verification,
        places=() if run.state.live else places_at(house, run, verification, head),
        review=remarks_at(house, run, reviewed, work, verification),
        review_summary=reviewed.summary,
        review_left_out=reviewed.left_out,
        kept_on=kept.branch if kept else "",
        trouble=trouble.message if trouble else "",
        way_out=trouble.way_out if trouble else "",
        trouble_output=trouble.output if trouble else "",
        details_url=house.run_url(run.run_id),
        model=", ".join(store.models_used(run.run_id)) or house.implementer_model,
        ledger_head=ledger[-1][2] if ledger else "",
        sandbox=house.sandbox.probe().detail,
        agents=agents_may(facts, specs),
        unfinished=_unfinished(find(house, run.run_id, AgentOutcome)),
        repo_url=house.repo_url(run.repo),
        put_back=work.dropped if work else (),
        estimate=estimate_of(house, run, plan),
        pause=pause_of(house, run),
        progress=find(house, run.run_id, Progress),
        contracts=contracts_of(house, run.run_id) or proven_by(verification, contracts(ledger)),
        manifests=manifests.changed,
        manifests_at=manifests.commit or "",
        of_issue=_of_issue(house, run),
        ci=ci_of(house, run, head),
        held_patch=_held_patch(house, run, facts, work),
        moved=specs.moved if specs else (),
        approvable=run.state is RunState.WAITING and waits is not None and waits.what is WaitsFor.APPROVAL,
    )


def _of_issue(house: House, run: Run) -> bool:
    ordered = None if run.from_fork else find(house, branch_id(run.repo.repo_id, run.head_ref), Ordered)
    return ordered is not None and ordered.source is Source.ISSUE


def agents_may(facts: Facts | None, specs: Specs | None) -> bool:
    """May agents implement here, by the owners' configuration and by every spec in force?"""
    return (facts is None or facts.config.implement) and all(
        spec.implement for spec in (specs.in_force if specs else ())
    )


def honest_at(house: House, report: RunReport, facts: Facts | None) -> RunReport:
    """The report, unless it would claim for its head what was proven of another tree: then that is said instead."""
    verification = report.verification
    if facts is None or verification is None or not verification.done:
        return report
    tree = facts.head_tree if report.head == facts.head else house.git.tree(report.run.repo, report.head)
    if verification.candidate_tree == tree:
        return report
    reason = report.trouble or "the criteria were proven on a candidate that is not at this commit"
    return replace(report, trouble=reason, way_out=report.way_out or "`/specbot retry` starts again")


def _held_patch(house: House, run: Run, facts: Facts | None, work: Work | None) -> str:
    """What the run made and, as the owners want it, pushed nowhere; "" also when its files are not on this machine."""
    held = facts is not None and facts.config.publish is PublishPolicy.HOLD
    if facts is None or work is None or not held or run.published or run.state.live:
        return ""
    try:
        return house.git.diff(run.repo, facts.head_tree, work.tree)
    except SpecbotError:
        return ""


def _unfinished(outcome: AgentOutcome | None) -> str:
    if outcome is None or outcome.status is AgentStatus.FINISHED:
        return ""
    return outcome.reason or outcome.summary or outcome.status.value


def _budget(house: House, run: Run, facts: Facts | None, specs: Specs | None) -> Budget:
    if facts is None or specs is None:
        return NO_BUDGET
    try:
        return budget_of(house, run)
    except SpecbotError:
        return NO_BUDGET
