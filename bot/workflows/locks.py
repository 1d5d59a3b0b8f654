"""The contracts that stand for a pull request: read from its ledger, their files brought into this machine's mirror, laid over trees."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.core.ports import TreeEntry
from bot.core.proofs.contracts import broken, contracts, entry_of, for_claims, wanting
from bot.core.proofs.model import Contract, Verification
from bot.core.proofs.planning import claims_of
from bot.core.proofs.trusted import TrustedPaths, overlay
from bot.core.runs import Run
from bot.errors import NotThere
from bot.ids import CriterionName, RunId, Sha, TreeSha
from bot.reporting.names import WORK_BRANCHES
from bot.workflows.house import House
from bot.workflows.notes import Carried, Contracted, Facts, Specs, find, need


@dataclass(frozen=True, slots=True)
class Locks:
    """`contracts` count; `lost` were changed by a push."""

    contracts: tuple[Contract, ...] = ()
    lost: tuple[Contract, ...] = ()

    @property
    def entries(self) -> tuple[TreeEntry, ...]:
        return tuple(map(entry_of, self.contracts))

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(one.path for one in self.contracts)


@dataclass(frozen=True, slots=True)
class Held:
    """What proofs stand on, whatever an agent makes of it: the trusted files and the locked contracts. `stood` is the base where what it demands is
    run with the base's own tests too."""

    trusted: TrustedPaths
    locks: Locks
    stood: TreeSha | None = None


def locks_of(house: House, run: Run, facts: Facts, specs: Specs) -> Locks:
    """The locks for the criteria that the run's specs have now. Their files are in the mirror afterwards. Raises `NotThere`."""
    standing = contracts(house.store.ledger(run.repo.repo_id, run.number))
    if not standing:
        return Locks()
    comparisons = {comparison.spec_path: comparison for comparison in specs.comparisons}
    found = for_claims(claims_of(specs.in_force, comparisons), standing)
    lost = broken(found, house.git.entries(run.repo, facts.head_tree))
    kept = tuple(one for one in found if one not in lost)
    for one in kept:
        _bring(house, run, one)
    return Locks(kept, lost)


def laid_over(
    house: House, run: Run, head: Sequence[TreeEntry], under: TreeSha, held: Held, gone: Collection[str] = ()
) -> TreeSha:
    """`under` with the trusted files of the starting head (`head` are its entries, without those that are `gone`) and the locked contracts."""
    layer = overlay(head, house.git.entries(run.repo, under), held.trusted, held.locks.entries, gone)
    return house.git.with_files(run.repo, under, layer.put, layer.drop)


def with_locked(house: House, run: Run, tree: TreeSha, locked: Sequence[Contract]) -> TreeSha:
    """`tree` with these contracts as they were locked; whatever is in their way is gone."""
    if not locked:
        return tree
    nothing_else = overlay((), house.git.entries(run.repo, tree), _NOTHING, tuple(map(entry_of, locked)))
    return house.git.with_files(run.repo, tree, nothing_else.put, nothing_else.drop)


def start_of(house: House, run_id: RunId) -> tuple[Sha, TreeSha]:
    """What implementing starts from: the starting head, with the run's contracts on top."""
    known = find(house, run_id, Contracted)
    if known is not None:
        return known.commit, known.tree
    facts = need(house, run_id, Facts)
    return facts.head, facts.head_tree


def contracts_of(house: House, run_id: RunId) -> tuple[Contract, ...]:
    """The contracts that the run's agents work with."""
    known = find(house, run_id, Contracted)
    return known.contracts if known is not None else ()


def without_contract(house: House, run_id: RunId) -> Mapping[CriterionName, str]:
    """Why the run's author made no contract for these criteria."""
    known = find(house, run_id, Contracted)
    return dict(known.without) if known is not None else {}


def to_be_written(
    house: House, run: Run, facts: Facts, verification: Verification, lost: Sequence[Contract]
) -> frozenset[CriterionName]:
    """The criteria for which the test author is to be asked. What a push took the lock from is a person's to say, and nobody is asked twice in
    one run."""
    if not facts.config.contracts:
        return frozenset()
    refused = {one.criterion for one in lost} | set(without_contract(house, run.run_id))
    return frozenset(wanting(verification)) - refused


_NOTHING = TrustedPaths.nothing()


def _bring(house: House, run: Run, contract: Contract) -> None:
    """The commit that holds a contract, also one that another run made on another machine."""
    git = house.git
    if not git.missing(run.repo, [contract.commit]):
        return
    carried = find(house, contract.run, Carried, contract.commit)
    try:
        if carried is None:
            git.fetch(run.repo, [contract.commit], pull=run.number, branch=f"{WORK_BRANCHES}{contract.run}")
            return
        if git.missing(run.repo, [carried.beyond]):
            git.fetch(run.repo, [Sha(carried.beyond)], pull=run.number)
        git.unpack(run.repo, contract.commit, carried.pack)
    except NotThere as fault:
        raise NotThere(
            f"the contract {contract.path} cannot be had any more ({fault.message})",
            hint=f"`/specbot contract reject {contract.criterion} REASON` has a new one written",
        ) from fault
