"""Around one command in its box: the canary's files before it, the report files that it wrote after it."""

import secrets
from collections.abc import Sequence

from bot.core.patterns import readable_patterns
from bot.core.ports import Checkout
from bot.core.proofs.model import Execution, Harness
from bot.core.proofs.runners.registry import FILES, planted_files, plants_files, report_files
from bot.core.pulls import RepoRef
from bot.core.runs import Run
from bot.errors import NotThere, Unsafe
from bot.workflows.house import House
from bot.workflows.notes import Facts, find

SOURCE_BYTES = 1 << 20
"""Of a file that a canary stands beside or is appended to; a longer source is generated, and gets none."""


REPORTS_BYTES = 16 << 20
"""Of all report files of one command: four of the largest. More is as if one of them could not be read whole."""

UNREADABLE = b"<"
"""What stands for report files that are too many or too large together: no report, so that nothing is concluded from the others."""


def reports_of(house: House, run: Run) -> tuple[str, ...]:
    """The owners' patterns of report files; () where the run knows no configuration."""
    facts = find(house, run.run_id, Facts)
    return facts.config.reports if facts else ()


def plant_canary(
    house: House, repo: RepoRef, wanted: Execution, checkout: Checkout, configured: Sequence[str] = ()
) -> frozenset[str]:
    """Write the canary's files into the checkout where the runner's canary is a file. The result is what was in the tree already of the files
    in which the command may tell of its tests: those it did not write itself."""
    planting = wanted.harness is Harness.CANARY and plants_files(wanted.script)
    named = {file.path for file in report_files(wanted.script)}
    if not planting and not named and not configured:
        return frozenset()
    paths = [entry.path for entry in house.git.entries(repo, wanted.tree)]
    if planting:
        token = secrets.token_hex(8)
        files = planted_files(wanted.script, paths, lambda path: _source(house, checkout, path), token)
        for path, text in files.items():
            house.sandbox.write(checkout, path, text.encode())
    patterns = readable_patterns(configured)
    return frozenset(path for path in paths if path in named or patterns.matches(path))


def written_reports(
    house: House, wanted: Execution, checkout: Checkout, before: frozenset[str], configured: Sequence[str] = ()
) -> dict[str, bytes]:
    """The report files that the command wrote, by path: those its words name, and those the patterns in `configured` find. One that was in the tree
    before says nothing about this run."""
    there = house.sandbox.paths(checkout, configured, most=FILES + len(before) + 1) if configured else ()
    fresh = [path for path in there if path not in before]
    found: dict[str, bytes] = {}
    room = REPORTS_BYTES
    for file in report_files(wanted.script, fresh):
        if file.path not in before:
            try:
                found[file.path] = house.sandbox.read(checkout, file.path, limit=file.limit)
            except (NotThere, Unsafe):
                continue
            room -= len(found[file.path])
            if room < 0:
                return {file.path: UNREADABLE}
    return found if len(fresh) <= FILES else {fresh[-1]: UNREADABLE}


def _source(house: House, checkout: Checkout, path: str) -> str:
    try:
        data = house.sandbox.read(checkout, path, limit=SOURCE_BYTES)
    except (NotThere, Unsafe):
        return ""
    return data.decode("utf-8", "replace") if len(data) < SOURCE_BYTES else ""
