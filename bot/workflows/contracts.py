"""Step: a contract for each criterion without a command, locked and committed, before anybody implements (DESIGN, *How data flows*, 6)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from bot.core.ports import Authorship
from bot.core.proofs.contracts import contract_record
from bot.core.proofs.model import Contract, Verdict, Verification
from bot.core.runs import Run, Stage
from bot.ids import CriterionName, RunId, Sha, TreeSha
from bot.reporting.commit_message import contract_message, noreply_address
from bot.reporting.happenings import CONTRACTS
from bot.reporting.masking import Redactor
from bot.workflows.asking_author import ask_author, asked
from bot.workflows.here import carry, live_here
from bot.workflows.house import House, in_thread
from bot.workflows.locks import Locks, locks_of, to_be_written, with_locked
from bot.workflows.notes import Contracted, Facts, Specs, Work, find, keep, need
from bot.workflows.posting import progress
from bot.workflows.proving import Proof, proof_of, verify


class Next(StrEnum):
    """What is left to be done when there are contracts. With PUBLISH… the head meets them as it is, so only they are published; with the last two
    there is nothing to publish either."""

    IMPLEMENT = "implement"
    PUBLISH_DONE = "publish, done"
    PUBLISH_PERSON = "publish, person"
    DONE = "done"
    PERSON = "person"


async def contracts(house: House, run_id: RunId) -> str:
    """A `Next`; stores `Contracted`, and `Work` where the contracts are all that is missing. A run that has contracts keeps them.

    A criterion for which no good test comes about stays unproven, with the reason; the run goes on with the others.
    """
    run, facts, specs = await in_thread(lambda: _begin(house, run_id))
    known = await in_thread(lambda: find(house, run_id, Contracted))
    if known is None:
        known = await _made(house, run, facts, specs)
    return await _next(house, run, facts, specs, known)


def _begin(house: House, run_id: RunId) -> tuple[Run, Facts, Specs]:
    live_here(house, run_id)
    run = house.store.update_run(run_id, stage=Stage.CONTRACTS)
    return run, need(house, run_id, Facts), need(house, run_id, Specs)


async def _made(house: House, run: Run, facts: Facts, specs: Specs) -> Contracted:
    locks = await in_thread(lambda: locks_of(house, run, facts, specs))
    verification = await in_thread(lambda: need(house, run.run_id, Verification))
    names = await in_thread(lambda: to_be_written(house, run, facts, verification, locks.lost))
    new: tuple[Contract, ...] = ()
    without: Mapping[CriterionName, str] = {}
    if names:
        await progress(house, run.run_id)
        wanted = await in_thread(lambda: asked(house, run, facts, specs, names, locks))
        new, without = await ask_author(house, run, wanted)
    return await in_thread(lambda: _lock(house, run, facts, locks, new, without))


def _lock(
    house: House, run: Run, facts: Facts, locks: Locks, new: tuple[Contract, ...], without: Mapping[CriterionName, str]
) -> Contracted:
    """Commit, then the ledger, then the run's own note: whoever reads of a lock finds its file. Repeating it makes the same commit and records."""
    known = {one.criterion: one for one in locks.contracts}
    new = tuple(
        one for one in new if one.criterion not in known
    )  # repeated after a crash, they are in the ledger already
    everything = tuple(sorted((*locks.contracts, *new), key=lambda one: one.criterion))
    tree = with_locked(house, run, facts.head_tree, everything)
    commit = _commit(house, run, facts, tree, everything) if tree != facts.head_tree else facts.head
    locked = tuple(replace(one, commit=commit) for one in new)
    for one in locked:
        key = f"contract/{run.run_id}/{one.criterion}"
        house.store.append_ledger(
            run.repo.repo_id, run.number, key, contract_record(Redactor(house.secrets).masked(one))
        )
    mine = any(one.run == run.run_id for one in everything)
    contracted = Contracted(commit, tree, (*locks.contracts, *locked), tuple(sorted(without.items())), new=mine)
    keep(house, run.run_id, contracted)
    told = [{"criterion": one.criterion, "path": one.path, "digest": one.digest} for one in contracted.contracts]
    if told or without:
        words = json.dumps({"locked": told, "without": dict(without)})
        house.store.emit(run.run_id, CONTRACTS, Redactor(house.secrets).mask_json(words))
    return contracted


def _commit(house: House, run: Run, facts: Facts, tree: TreeSha, locked: tuple[Contract, ...]) -> Sha:
    """A commit of their own, the first on the branch."""
    bot = house.github.app().bot_user
    message = contract_message(locked, run, Redactor(house.secrets))
    author = Authorship(bot.login, noreply_address(bot), run.created_at)
    commit = house.git.commit(run.repo, tree, [facts.head], message, author)
    carry(house, run, commit, facts.head)
    return commit


async def _next(house: House, run: Run, facts: Facts, specs: Specs, made: Contracted) -> Next:
    """Whoever pushed the head may have implemented what was without a command: then the contracts show it."""
    before = await in_thread(lambda: need(house, run.run_id, Verification))
    failed = any(verdict.verdict is Verdict.FAILED for verdict in before.verdicts)
    if not made.new and (failed or not made.without):  # nothing is new: what the head lacks is known already
        return Next.IMPLEMENT
    proof = proof_of(await verify(house, run, facts, specs, made.tree))
    if proof is Proof.FAILED:
        return Next.IMPLEMENT
    if made.tree == facts.head_tree:
        return Next.DONE if proof is Proof.DONE else Next.PERSON
    await in_thread(lambda: _as_work(house, run, made))
    return Next.PUBLISH_DONE if proof is Proof.DONE else Next.PUBLISH_PERSON


def _as_work(house: House, run: Run, made: Contracted) -> None:
    keep(house, run.run_id, Work(made.commit, made.tree))
    house.store.update_run(run.run_id, candidate=made.commit)
