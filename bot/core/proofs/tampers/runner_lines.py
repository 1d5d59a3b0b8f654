"""TP202 in files that hold more than the runner's configuration: how tests are run, in a manifest."""

import re
from collections.abc import Iterator

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT
from bot.core.proofs.tampers.spot import Spot, at_line

_LINES = {
    "package.json": re.compile(
        r"\s*\"(?:(?:pre|post)?test(?::[\w-]+)?|jest|vitest|mocha|ava|c8|nyc|tap|NODE_OPTIONS)\"\s*:"
    ),
    "Cargo.toml": re.compile(r"\s*(?:\[\[test\]\]|harness\s*=|(?:auto)?tests?\s*=|runner\s*=)"),
    "Makefile": re.compile(r"(?:test|check)[\w-]*\s*:(?!=)"),
}


def runner_lines(file: FileDiff) -> Iterator[Spot]:
    """Added and removed lines: a test script that is taken away is one that no longer runs."""
    pattern = _LINES.get((file.new or file.old).rpartition("/")[2])
    for line in file.lines if pattern else ():
        if pattern and (line.added or line.removed) and pattern.match(line.text[:LOOKED_AT]):
            yield at_line("TP202", file.new or file.old, line)
