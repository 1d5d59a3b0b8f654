"""Findings of reviewers tried out: each one's command on the reviewed tree, twice, and on the base; and what stands in the ledger run again on every tree
that is verified, as rows of its verification."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.core.proofs.colours import colour
from bot.core.proofs.executions import execution
from bot.core.proofs.model import Colour, CriterionVerdict, Executed, Execution, Harness, Verification
from bot.core.proofs.trusted import TrustedPaths
from bot.core.reviews.fingerprints import lines_of, moved
from bot.core.reviews.model import ReviewFinding, Tried
from bot.core.reviews.reproduction import tried, without_code
from bot.core.reviews.rows import Recorded, dismissals, dismissed_row, recorded, tried_row, with_rows
from bot.core.runs import Run
from bot.ids import Digest, TreeSha
from bot.reporting.happenings import VERDICTS, verdicts_event
from bot.workflows.house import House, in_thread
from bot.workflows.notes import keep

LARGEST = 1_048_576
"""Bytes of a file that is looked into for the lines of a finding; no source is larger."""

Execute = Callable[[Iterable[Execution]], Awaitable[Mapping[Digest, Executed]]]
"""The results by key, each in the environment that it names."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where commands are tried out: on `tree` in `environment`, and on the `base` tree in its own."""

    tree: TreeSha
    environment: Digest
    base: TreeSha
    base_environment: Digest
    trusted: TrustedPaths
    execute: Execute


async def with_reproduced(house: House, run: Run, ground: Ground, verification: Verification) -> Verification:
    """The run's verification with the rows that the ledger's findings have on its tree; stored."""
    rows = await _rows(house, run, ground)
    whole = with_rows(verification, rows)
    if whole != verification:
        await in_thread(lambda: keep(house, run.run_id, whole))
        told = verdicts_event("it with what reviewers found", whole)
        await in_thread(lambda: house.store.emit(run.run_id, VERDICTS, told))
    return whole


async def try_out(ground: Ground, findings: Iterable[ReviewFinding], empty: TreeSha) -> tuple[ReviewFinding, ...]:
    """The findings with what came of their commands; those without one as they are. `empty` is a tree without files: what fails there just as it does on
    the reviewed tree shows nothing."""
    known = tuple(findings)
    outcomes = await _tried(ground, {one.reproduce for one in known if one.reproduce})
    controls = {
        script: execution(empty, script, ground.base_environment, Harness.REPORT)
        for script, outcome in outcomes.items()
        if outcome.reproduced
    }
    results = await ground.execute(controls.values())
    sure = {
        script: without_code(outcome, results.get(controls[script].key) if script in controls else None)
        for script, outcome in outcomes.items()
    }
    return tuple(replace(one, tried=sure.get(one.reproduce)) for one in known)


def contents_at(house: House, run: Run, tree: TreeSha, findings: Iterable[ReviewFinding]) -> Mapping[str, bytes]:
    """The files that findings are about, as they are in a tree; what is no file or too large is left out."""
    paths = {finding.path for finding in findings}
    if not paths:
        return {}
    entries = [one for one in house.git.entries(run.repo, tree) if one.path in paths and one.size <= LARGEST]
    return house.git.contents(run.repo, entries, limit=LARGEST)


async def _rows(house: House, run: Run, ground: Ground) -> tuple[CriterionVerdict, ...]:
    ledger = await in_thread(lambda: house.store.ledger(run.repo.repo_id, run.number))
    known, words = recorded(ledger), dismissals(ledger)
    if not known:
        return ()
    contents = await in_thread(lambda: contents_at(house, run, ground.tree, (one.finding for one in known)))
    where = {one.number: moved(one.finding, lines_of(contents.get(one.finding.path, b""))) for one in known}
    left = [one for one in known if where[one.number] is None or one.finding.fingerprint not in words]
    outcomes = await _tried(ground, {one.finding.reproduce for one in left})

    def row(one: Recorded) -> CriterionVerdict | None:
        at = where[one.number]
        if at is not None and one.finding.fingerprint in words:
            return dismissed_row(one, at, words[one.finding.fingerprint])
        return tried_row(one, at or one.finding, outcomes[one.finding.reproduce])

    return tuple(found for one in known if (found := row(one)) is not None)


async def _tried(ground: Ground, scripts: Iterable[str]) -> dict[str, Tried]:
    """By command. What does not fail the first time is not run again: it is no reproduction, whatever the second time shows."""
    ordered = sorted(scripts)

    def on_tree(script: str, again: int) -> Execution:
        return execution(ground.tree, script, ground.environment, Harness.REPORT, again=again)

    bases = {one: execution(ground.base, one, ground.base_environment, Harness.REPORT) for one in ordered}
    first = await ground.execute([on_tree(script, 0) for script in ordered])
    failed = [one for one in ordered if _is_red(first.get(on_tree(one, 0).key), one, ground.trusted)]
    wanted = [*(on_tree(script, 1) for script in failed), *(bases[script] for script in failed)]
    second = await ground.execute(wanted)
    return {
        script: tried(
            script,
            first.get(on_tree(script, 0).key),
            second.get(on_tree(script, 1).key),
            second.get(bases[script].key),
            ground.trusted,
        )
        for script in ordered
    }


def _is_red(executed: Executed | None, script: str, trusted: TrustedPaths) -> bool:
    return executed is not None and colour(executed, script, trusted).colour is Colour.RED
