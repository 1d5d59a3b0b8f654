"""TP208: a value in a trusted test was replaced by another one, and nothing else on its line: what is expected follows the code."""

import re
from collections.abc import Collection, Iterator

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT
from bot.core.proofs.tampers.rewritten_lines import rewritten_lines
from bot.core.proofs.tampers.spot import Spot, at_line

_VALUE = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`"
    r"|(?<![\w.])(?:0[xX][0-9a-fA-F_]+|\d[\d_]*\.?\d*(?:[eE][-+]?\d+)?)(?![\w.])|\b(?:True|False|None|true|false|null|nil|undefined)\b"
)
_IMPORT = re.compile(r"\s*(?:import|from|use|const .*require)\b")


def expected_values(file: FileDiff, told: Collection[int]) -> Iterator[Spot]:
    """At the line as it is now. `told` are lines of which another rule says more."""
    for pair in rewritten_lines(file):
        before, after = pair.before.text[:LOOKED_AT], pair.after.text[:LOOKED_AT]
        if pair.after.new in told or _IMPORT.match(after) or before.strip() == after.strip():
            continue
        if _VALUE.sub("#", before).split() == _VALUE.sub("#", after).split():
            yield at_line("TP208", file.new, pair.after, f"it was `{before.strip()[:120]}`, and is now")
