"""Around one command in its box: the canary's files before it, the report files that it wrote after it."""

import secrets

from bot.core.ports import Checkout
from bot.core.proofs.model import Execution, Harness
from bot.core.proofs.runners.registry import planted_files, plants_files, report_files
from bot.core.pulls import RepoRef
from bot.errors import NotThere, Unsafe
from bot.workflows.house import House

SOURCE_BYTES = 1 << 20
"""Of a file that a canary stands beside or is appended to; a longer source is generated, and gets none."""


def plant_canary(house: House, repo: RepoRef, wanted: Execution, checkout: Checkout) -> frozenset[str]:
    """Write the canary's files into the checkout where the runner's canary is a file. The result is what was in the tree already of the files
    in which the command may tell of its tests: those it did not write itself."""
    planting = wanted.harness is Harness.CANARY and plants_files(wanted.script)
    named = {file.path for file in report_files(wanted.script)}
    if not planting and not named:
        return frozenset()
    paths = [entry.path for entry in house.git.entries(repo, wanted.tree)]
    if planting:
        token = secrets.token_hex(8)
        files = planted_files(wanted.script, paths, lambda path: _source(house, checkout, path), token)
        for path, text in files.items():
            house.sandbox.write(checkout, path, text.encode())
    return frozenset(named & set(paths))


def written_reports(house: House, wanted: Execution, checkout: Checkout, before: frozenset[str]) -> dict[str, bytes]:
    """The report files that the command wrote, by path. One that was in the tree before says nothing about this run."""
    found: dict[str, bytes] = {}
    for file in report_files(wanted.script):
        if file.path not in before:
            try:
                found[file.path] = house.sandbox.read(checkout, file.path, limit=file.limit)
            except (NotThere, Unsafe):
                continue
    return found


def _source(house: House, checkout: Checkout, path: str) -> str:
    try:
        data = house.sandbox.read(checkout, path, limit=SOURCE_BYTES)
    except (NotThere, Unsafe):
        return ""
    return data.decode("utf-8", "replace") if len(data) < SOURCE_BYTES else ""
