"""Part of the contracts step: the test author is asked, each of its tests is run on the base, and it may write again once what was not rightly red."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot.agents.allowance import OwnLimits
from bot.agents.loop import Means, work
from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.roles.role import Beginning, Continuation
from bot.agents.roles.test_author import (
    NAME,
    AuthorBriefing,
    ContractFault,
    author,
    author_opening,
    rewrite_message,
    written,
)
from bot.core.plans.model import Task
from bot.core.plans.territory import Territory
from bot.core.ports import Checkout, TreeEntry
from bot.core.proofs.colours import colour
from bot.core.proofs.contract_files import Runner, contract_command, contract_paths, readable_command, red_fault
from bot.core.proofs.contracts import all_locked, rejections
from bot.core.proofs.executions import execution
from bot.core.proofs.model import Contract, Execution, Harness
from bot.core.proofs.trusted import trusted_paths
from bot.core.runs import Run
from bot.core.specs.model import Criterion
from bot.errors import Defect
from bot.ids import AgentKey, CriterionName, Digest, Sha, TaskId, TreeSha, agent_key
from bot.workflows.bounds import allowed_part
from bot.workflows.desks import desk_for, means_for
from bot.workflows.environment import for_agents, prepared
from bot.workflows.house import House, in_thread
from bot.workflows.locks import Held, Locks, laid_over
from bot.workflows.notes import Facts, Specs
from bot.workflows.proving import execute
from bot.workflows.ways import ways_for

TRIES = 2
"""A set of tests, and one that mends it. Who cannot make a test red for the right reason with its output before it does it no better the third
time; a person sees at once which criteria are too vague to be tested."""

AUTHOR_TURNS = 40
"""Of one author where the owners say nothing: for each of a handful of criteria a look, a file and a run, and the same again for those that were
not red. Contracts are a twelfth of a run's cost (shared notes, *agents*)."""

TASK = TaskId("contracts")
"""The task's name in the author's key."""

NOT_HANDED_IN = "its test was not handed in"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: `criteria` that need a contract, each with the places where it may lie."""

    facts: Facts
    specs: Specs
    criteria: tuple[Criterion, ...]
    places: Mapping[CriterionName, Mapping[str, Runner]]
    locks: Locks


@dataclass(slots=True)
class _Made:
    """While the author works: what is good already, and what was wrong with the rest."""

    good: dict[CriterionName, Contract] = field(default_factory=dict)
    faults: dict[CriterionName, ContractFault] = field(default_factory=dict)
    final: dict[CriterionName, str] = field(default_factory=dict)

    def without(self) -> dict[CriterionName, str]:
        return {**{name: fault.reason for name, fault in self.faults.items()}, **self.final}


def asked(house: House, run: Run, facts: Facts, specs: Specs, names: Collection[CriterionName], locks: Locks) -> Asked:
    """What the author is to be asked for. Where the head has an earlier contract of the criterion, the new one takes its place."""
    criteria = tuple(c for spec in specs.in_force for c in spec.criteria if c.name in names)
    there = {entry.path for entry in house.git.entries(run.repo, facts.head_tree)}
    earlier: dict[CriterionName, str] = {}
    for one in all_locked(house.store.ledger(run.repo.repo_id, run.number)):
        if one.path in there:
            earlier[one.criterion] = one.path
    places: dict[CriterionName, Mapping[str, Runner]] = {}
    for criterion in criteria:
        paths = contract_paths(criterion.name)
        old = earlier.get(criterion.name, "")
        places[criterion.name] = {old: paths[old]} if old in paths else paths
    return Asked(facts, specs, criteria, places, locks)


async def ask_author(house: House, run: Run, wanted: Asked) -> tuple[tuple[Contract, ...], Mapping[CriterionName, str]]:
    """The contracts (their `commit` still to be filled in), and why the other criteria have none.

    Repeated after a crash it goes on where the agent's journal stands, and after its end costs no call.
    """
    made = _Made()
    means = await in_thread(lambda: _means(house, run))
    environment = await for_agents(house, run, wanted.facts)
    beginning: Beginning = await in_thread(
        lambda: author_opening(_briefing(house, run, wanted, environment.description))
    )
    land = _land(wanted)
    for attempt in range(1, TRIES + 1):
        key = agent_key(run.run_id, NAME, TASK, attempt)
        async with desk_for(house, run, key, wanted.facts.base_tree, land) as desk:
            outcome = await work(key, author(), beginning, desk, means)
            left = await in_thread(partial(_left, house, run, key, desk.checkout, wanted.facts.base_tree, land))
        await _take(house, run, wanted, made, outcome, left)
        if not made.faults or attempt == TRIES or outcome.status is not AgentStatus.FINISHED:
            break
        faults = list(made.faults.values())
        await in_thread(partial(_tell, house, run, faults))
        beginning = Continuation(key, rewrite_message(faults))
    return tuple(made.good.values()), made.without()


async def _take(house: House, run: Run, wanted: Asked, made: _Made, outcome: AgentOutcome, left: TreeSha) -> None:
    """Take what is good of one handing in; the rest is a fault, or said to be untestable."""
    draft = written(outcome)
    said = {one.criterion: one.path for one in draft.contracts} if draft else {}
    untestable = draft.untestable if draft else ()
    made.final |= {u.criterion: f"it cannot be tested: {u.reason}" for u in untestable if u.criterion in wanted.places}
    missing = NOT_HANDED_IN if draft else _ended(outcome)
    files = {entry.path: entry for entry in await in_thread(lambda: house.git.entries(run.repo, left))}
    found: dict[CriterionName, Contract] = {}
    made.faults.clear()
    for criterion in wanted.criteria:
        name = criterion.name
        if name in made.good or (name in made.final and name not in said):
            continue
        made.final.pop(name, None)
        path = said.get(name, "")
        runner = wanted.places[name].get(path)
        if not path or runner is None:
            made.faults[name] = ContractFault(name, missing if not path else f"`{path}` is none of its places")
        elif path not in files:
            made.faults[name] = ContractFault(name, f"there is no file {path}")
        else:
            found[name] = await in_thread(partial(_contract, house, run, wanted, criterion, files[path], runner))
    await _check_red(house, run, wanted, made, found)


def _contract(
    house: House, run: Run, wanted: Asked, criterion: Criterion, entry: TreeEntry, runner: Runner
) -> Contract:
    data = house.git.contents(run.repo, [entry]).get(entry.path, b"")
    head = {one.path: one for one in house.git.entries(run.repo, wanted.facts.head_tree)}
    return Contract(
        criterion=criterion.name,
        criterion_digest=criterion.digest,
        path=entry.path,
        digest=Digest(hashlib.sha256(data).hexdigest()),
        blob=entry.blob,
        size=entry.size,
        command=contract_command(entry.path, runner),
        commit=Sha(""),
        run=run.run_id,
        red="",
        over=head[entry.path].blob if entry.path in head else "",
    )


async def _check_red(
    house: House, run: Run, wanted: Asked, made: _Made, found: Mapping[CriterionName, Contract]
) -> None:
    """Each one must be red on the base for the right reason, run by the same machinery as every proof, on the tree that the proofs will use."""
    facts = wanted.facts
    environment = await prepared(house, run, facts)
    trusted = trusted_paths(facts.config.trusted)
    all_of_them = (*wanted.locks.contracts, *made.good.values(), *found.values())
    held = Held(trusted, Locks(all_of_them))
    head = await in_thread(lambda: house.git.entries(run.repo, facts.head_tree))
    base = await in_thread(lambda: laid_over(house, run, head, facts.base_tree, held))
    runs: dict[CriterionName, tuple[Execution, Execution]] = {}
    for name, contract in found.items():
        readable = readable_command(contract.path, wanted.places[name][contract.path])
        runs[name] = (
            execution(base, readable, environment.digest, Harness.REPORT),
            execution(base, contract.command, environment.digest, Harness.REPORT),
        )
    results = await execute(house, run, dict.fromkeys(one for pair in runs.values() for one in pair), environment)
    for name, contract in found.items():
        readable_run, shown = (results[one.key] for one in runs[name])
        reason = red_fault(readable_run, shown, contract.command, trusted)
        if reason:
            output = shown.output if readable_run.exit_code == 0 else readable_run.output
            made.faults[name] = ContractFault(name, reason, output)
        else:
            made.good[name] = replace(contract, red=colour(shown, contract.command, trusted).reason)


def _left(house: House, run: Run, key: AgentKey, checkout: Checkout, start: TreeSha, land: Territory) -> TreeSha:
    """The author's files, as far as they are where they may be. Read from the journal, so that repeating it is safe."""
    snapshot = house.journal.load(key).snapshot
    if snapshot is None:
        raise Defect(f"{key} has ended and left no files", hint="report this")
    if house.git.snapshot(checkout) != snapshot.tree:
        house.git.restore(checkout, snapshot.tree, snapshot.bundle)
    left = house.git.keep_snapshot(checkout, snapshot.tree)
    tree, _ = allowed_part(house, run.repo, land, start, left)
    return tree


def _land(wanted: Asked) -> Territory:
    """The places of the contracts and nothing else. A spec's scope bounds whoever implements it, not the tests that judge them."""
    owns = tuple(f"/{path}" for places in wanted.places.values() for path in places)
    return Territory((), wanted.facts.config, (Task(TASK, "Write the contracts", "", owns, ()),))


def _means(house: House, run: Run) -> Means:
    means = means_for(house, run, NAME)
    turns = AUTHOR_TURNS if means.own.turns is None else means.own.turns
    return replace(means, own=OwnLimits(turns, means.own.tokens))


def _briefing(house: House, run: Run, wanted: Asked, environment: str) -> AuthorBriefing:
    names = {(c.name, c.digest) for c in wanted.criteria}
    rejected: dict[CriterionName, list[str]] = {}
    for one in rejections(house.store.ledger(run.repo.repo_id, run.number)):
        if (one.criterion, one.criterion_digest) in names:
            rejected.setdefault(one.criterion, []).append(one.reason)
    concerned = {c.spec_path for c in wanted.criteria}
    return AuthorBriefing(
        specs=tuple(spec for spec in wanted.specs.in_force if spec.path in concerned),
        criteria=wanted.criteria,
        paths=tuple(entry.path for entry in house.git.entries(run.repo, wanted.facts.base_tree)),
        environment=environment,
        rejected=rejected,
        agents_md=ways_for(house, run, wanted.facts, ()).root,
        places=wanted.places,
    )


def _ended(outcome: AgentOutcome) -> str:
    return f"the author ended with “{outcome.status.value}”: {outcome.reason or outcome.summary or 'it said nothing'}"


def _tell(house: House, run: Run, faults: Sequence[ContractFault]) -> None:
    house.store.emit(run.run_id, "contracts.faults", json.dumps([f"{one.criterion}: {one.reason}" for one in faults]))
