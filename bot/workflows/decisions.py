"""What people decided, applied to a verification, and what earlier runs found that still waits for somebody's word."""

from dataclasses import replace

from bot.core.ports.git import TreeEntry
from bot.core.proofs.allowances import allowances, allowed, carried_over, stands
from bot.core.proofs.model import TamperFinding, Verification
from bot.core.proofs.rulings import ruled, rulings
from bot.core.runs import Run
from bot.ids import TreeSha
from bot.reporting.masking import Redactor
from bot.workflows.house import House
from bot.workflows.notes import Facts, find

LARGEST = 1_048_576
"""Bytes of a file that is looked into for a line that was found before; a larger one is no source, and what was found in it stands."""


def decided(house: House, run: Run, judged: Verification) -> Verification:
    """Without secrets, and with every ruling and allowance of the pull request's ledger as it counts today."""
    ledger = house.store.ledger(run.repo.repo_id, run.number)
    today = house.clock.now().date()
    return allowed(Redactor(house.secrets).masked(ruled(judged, rulings(ledger), today)), allowances(ledger))


def with_earlier(house: House, run: Run, tree: TreeSha, found: tuple[TamperFinding, ...]) -> tuple[TamperFinding, ...]:
    """What this run found, and what agents of earlier runs brought to the branch and is still so in the tree."""
    masked = Redactor(house.secrets).masked(found)
    earlier = carried_over(_of_the_branch(house, run), masked)
    if not earlier:
        return masked
    paths = {finding.path for finding in earlier}
    entries = {entry.path: entry for entry in house.git.entries(run.repo, tree) if entry.path in paths}
    small = [entry for entry in entries.values() if entry.size <= LARGEST]
    contents = house.git.contents(run.repo, small, limit=LARGEST)
    seen = (_as_it_stands(one, entries.get(one.path), contents.get(one.path)) for one in earlier)
    return (*masked, *(one for one in seen if one is not None))


def _of_the_branch(house: House, run: Run) -> tuple[TamperFinding, ...]:
    """The findings of the newest earlier run whose verification is of what stands on the pull request's branch."""
    for earlier in reversed(house.store.runs_of(run.repo.repo_id, run.number)):
        if earlier.run_id == run.run_id:
            continue
        verification, facts = find(house, earlier.run_id, Verification), find(house, earlier.run_id, Facts)
        if verification is None or facts is None:
            continue
        if earlier.published or verification.candidate_tree == facts.head_tree:
            return verification.tampering
    return ()


def _as_it_stands(finding: TamperFinding, entry: TreeEntry | None, content: bytes | None) -> TamperFinding | None:
    """The finding on its line of now, None when it is no more."""
    if entry is not None and content is None:
        return finding
    lines = [line.strip() for line in (content or b"").decode("utf-8", "replace").split("\n")]
    if not stands(finding, entry.blob if entry else "", frozenset(lines)):
        return None
    return replace(finding, line=lines.index(finding.covers) + 1) if finding.covers in lines else finding
