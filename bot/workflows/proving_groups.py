"""Step: prove the merged tree of a merge group."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from bot.core.merge_groups import CitedRed, GroupProof, MergeGroup
from bot.core.ports import Environment
from bot.core.ports.git import ChangeKind
from bot.core.proofs.citing import Citation, Key, Ledgers, carried_over, citations
from bot.core.proofs.doubts import CommandProof
from bot.core.proofs.ledger import QUEUE_PROOF, proof_record
from bot.core.proofs.model import Executed, Verification
from bot.core.proofs.outcome import outcome
from bot.core.proofs.planning import ClaimProof, ProofPlan
from bot.core.proofs.recorded import RecordedRun
from bot.core.proofs.rulings import ruled, rulings
from bot.core.proofs.trusted import TrustedPaths, trusted_paths
from bot.core.pulls import Conclusion, PullRequest
from bot.core.runs import Run, RunState
from bot.errors import NotThere
from bot.ids import Digest, PrNumber, RunId, Sha, TreeSha
from bot.reporting.masking import Redactor
from bot.workflows.admission import configuration_of
from bot.workflows.canaries import reports_of
from bot.workflows.environment import own_environment, prepared
from bot.workflows.house import House, in_thread
from bot.workflows.locks import Held, locks_of
from bot.workflows.notes import Facts, Specs, keep, need
from bot.workflows.proving import execute, kept_as, proof_plan
from bot.workflows.reading import SpecState, specs_between, state_of
from bot.workflows.steps import Ended

LEDGERS_LOOKED_AT = 200
"""Newest runs of the repository whose pull requests' ledgers are searched for a recorded red half, after that of the group's own. What is not
found there is proven whole again."""


class GroupWord(StrEnum):
    """What came of a merge group."""

    NO_SPEC = "no spec"
    DRAFT = "draft"
    HOLDS = "holds"
    FAILS = "fails"


async def prove_group(house: House, run: Run) -> str:
    """A `GroupWord`; stores `Facts`, `Specs`, `Verification` and `GroupProof`, and a record in the pull request's ledger.

    Compared is with the commit at which the group's pull request left the base branch: whatever specs came in since, by the queue or before it,
    have never been proven together with this pull request. Where a red half is not recorded, or where citing one does not
    suffice, both halves are run.
    """
    group = need(house, run.run_id, MergeGroup)
    facts = await in_thread(lambda: _facts(house, group))
    specs = await in_thread(lambda: specs_between(house, run.repo, facts))
    keep(house, run.run_id, specs)
    state = state_of(specs)
    if state is SpecState.BLOCKED:
        raise Ended(RunState.FAILED, "a spec has errors on the merged tree", "mend it in the pull request")
    if state in (SpecState.NONE, SpecState.DRAFT):
        return GroupWord.NO_SPEC if state is SpecState.NONE else GroupWord.DRAFT
    sandbox = house.sandbox.probe()
    if not sandbox.usable:
        raise Ended(RunState.FAILED, f"no sandbox: {sandbox.detail}", "; ".join(sandbox.problems))
    verification, proof, plan = await _verified(house, run, group, facts, specs)
    await in_thread(lambda: _record(house, run, group, facts, verification, plan, proof))
    return GroupWord.HOLDS if outcome(verification).conclusion is Conclusion.SUCCESS else GroupWord.FAILS


async def _verified(
    house: House, run: Run, group: MergeGroup, facts: Facts, specs: Specs
) -> tuple[Verification, GroupProof, ProofPlan]:
    parent = await _before_it(house, run, group, facts)
    environment = await prepared(house, run, parent)
    own = await own_environment(house, run, parent, facts.head_tree)
    trusted = trusted_paths(facts.config.trusted)
    held = Held(trusted, await in_thread(lambda: locks_of(house, run, facts, specs)))
    plan = await in_thread(lambda: proof_plan(house, run, facts, specs, facts.head_tree, environment, held))
    plan = plan.with_own_environment(own.digest) if own else plan
    ledgers = await in_thread(lambda: _ledgers(house, group))
    cited = citations((one.claim for one in plan.claims), ledgers)
    reds = await in_thread(lambda: _reds(house, group, plan, cited, trusted))
    wanted = [one for one in plan.reports() if one.key not in reds]
    results = {**reds, **await execute(house, run, wanted, environment, own)}
    results |= await _beyond(house, run, plan, results, trusted, environment, own)
    judged = plan.judge(results, trusted)
    doubtful = {key for key in _bases_of_open(plan, judged) if key in reds}
    if doubtful:
        again = [one for one in plan.reports() if one.key in doubtful]
        results |= await execute(house, run, again, environment, own)
        results |= await _beyond(house, run, plan, results, trusted, environment, own)
        judged = plan.judge(results, trusted)
    said = carried_over((one for _, rows in ledgers for one in rulings(rows)), cited, facts.head_tree)
    verification = Redactor(house.secrets).masked(ruled(judged, said, house.clock.now().date()))
    return verification, GroupProof(tuple(_cited(plan, cited, set(reds) - doubtful))), plan


async def _beyond(
    house: House,
    run: Run,
    plan: ProofPlan,
    results: Mapping[Digest, Executed],
    trusted: TrustedPaths,
    environment: Environment,
    own: Environment | None,
) -> dict[Digest, Executed]:
    """The canaries, and what has to be run again or with a stand-in before anything can be said."""
    found = dict(results)
    more = (*plan.canaries(found), *plan.doubts(found, trusted))
    while more:
        found |= await execute(house, run, more, environment, own)
        more = plan.doubts(found, trusted)
    return found


def _facts(house: House, group: MergeGroup) -> Facts:
    repo = group.repo
    house.git.fetch(repo, [group.head, group.base_sha], branch=group.head_ref)
    base = _left_at(house, group)
    facts = Facts(
        head=group.head,
        head_tree=house.git.tree(repo, group.head),
        base=base,
        base_tree=house.git.tree(repo, base),
        config=configuration_of(house, repo, group.base_ref),
    )
    keep(house, group.group_id, facts)
    return facts


def _left_at(house: House, group: MergeGroup) -> Sha:
    """Where the pull request left the base branch; without a pull request that can be read, the group's own parent."""
    pull = _pull(house, group)
    if pull is None:
        return group.base_sha
    house.git.fetch(group.repo, [pull.head_sha], pull=pull.number)
    return house.git.merge_base(group.repo, group.base_sha, pull.head_sha)


def _pull(house: House, group: MergeGroup) -> PullRequest | None:
    try:
        return house.github.pull_request(group.repo, group.number) if group.number is not None else None
    except NotThere:
        return None


async def _before_it(house: House, run: Run, group: MergeGroup, facts: Facts) -> Facts:
    """The facts with what the pull request is merged into as the base: what was merged before it may have brought a dependency."""
    tree = await in_thread(lambda: house.git.tree(run.repo, group.base_sha))
    return replace(facts, base=group.base_sha, base_tree=tree)


def _ledgers(house: House, group: MergeGroup) -> Ledgers:
    """The group's own pull request first, then those with the newest runs."""
    repo = group.repo.repo_id
    recent = house.store.recent_runs(LEDGERS_LOOKED_AT, repos=[repo])
    numbers = [*([group.number] if group.number is not None else []), *(run.number for run in recent)]
    return [(number, house.store.ledger(repo, number)) for number in dict.fromkeys(numbers)]


def _reds(
    house: House, group: MergeGroup, plan: ProofPlan, cited: Mapping[Key, Citation], trusted: TrustedPaths
) -> dict[Digest, Executed]:
    """The first halves that need not be run, under the keys that this plan has for them."""
    found: dict[Digest, Executed] = {}
    same: dict[TreeSha, bool] = {}
    for _, command, citation in _commands(plan, cited):
        recorded, then = citation.base_of(command.script), citation.proof.candidate_tree
        if recorded is None:
            continue
        if then not in same:
            same[then] = _same_trusted(house, group, then, plan.trees.own, trusted)
        executed = _executed(house, citation.proof.run, recorded) if same[then] else None
        if executed is not None:
            found[command.base.key] = replace(executed, key=command.base.key)
    return found


def _same_trusted(house: House, group: MergeGroup, then: TreeSha, merged: TreeSha, trusted: TrustedPaths) -> bool:
    """Whether every trusted file that was proven with is in the merged tree as it was: red by one test and green by another is no proof."""
    if not house.git.has_tree(group.repo, then):
        return False
    changes = house.git.changed(group.repo, then, merged)
    return not any(change.kind is not ChangeKind.ADDED and trusted.covers(change.path) for change in changes)


def _executed(house: House, by: RunId, recorded: RecordedRun) -> Executed | None:
    """The stored result that a record is about, when it is what the record says of it."""
    run = house.store.run(by)
    keys = [recorded.key, *([kept_as(run, recorded.key, reports_of(house, run))] if run is not None else [])]
    for key in keys:
        found = house.store.executed(key)
        if found is not None and (found.output_digest, found.exit_code) == (recorded.output_digest, recorded.exit_code):
            return found
    return None


def _commands(plan: ProofPlan, cited: Mapping[Key, Citation]) -> Iterator[tuple[ClaimProof, CommandProof, Citation]]:
    for proof in plan.claims:
        citation = cited.get((proof.claim.criterion.name, proof.claim.criterion.digest))
        if citation is not None:
            yield from ((proof, command, citation) for command in proof.commands)


def _bases_of_open(plan: ProofPlan, judged: Verification) -> Iterator[Digest]:
    """Before anything is said against a pull request, its first half is looked at as things are now: tests that were taken out of the branch
    since are not lost by it."""
    for proof, verdict in zip(plan.claims, judged.verdicts, strict=True):
        if not verdict.verdict.done:
            yield from (command.base.key for command in proof.commands)


def _cited(plan: ProofPlan, cited: Mapping[Key, Citation], reds: set[Digest]) -> Iterator[CitedRed]:
    told: set[tuple[str, PrNumber]] = set()
    for proof, command, citation in _commands(plan, cited):
        name = proof.claim.criterion.name
        if command.base.key in reds and (name, citation.number) not in told:
            told.add((name, citation.number))
            yield CitedRed(name, citation.number, citation.proof.own_hash)


def _record(
    house: House,
    run: Run,
    group: MergeGroup,
    facts: Facts,
    verification: Verification,
    plan: ProofPlan,
    proof: GroupProof,
) -> None:
    keep(house, run.run_id, verification)
    keep(house, run.run_id, proof)
    if group.number is None:
        return
    cited = [{"criterion": one.criterion, "number": one.number, "record": one.record} for one in proof.cited]
    more = {"queue": group.head_ref, "parent": group.base_sha, "cited": cited}
    body = proof_record(
        run.run_id, facts.head, facts.base, verification, plan.executions(), kind=QUEUE_PROOF, more=more
    )
    house.store.append_ledger(run.repo.repo_id, group.number, f"{run.run_id}/{run.attempt}", body)
