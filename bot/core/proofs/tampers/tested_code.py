"""TP105 and TP205: code that knows the harness that judges it, or does something of its own when it is tested."""

import re
from collections.abc import Iterator

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT, Excused
from bot.core.proofs.tampers.spot import Spot, at_line

_HARNESS = re.compile(
    r"SPECBOT_(?:REPORT|CANARY|DEPTH|TREE|NESTED|STUBS|NODE_RUNNER|JEST_CANARY)|\bspecbot_(?:pytest|planted|main|unittest|stubs|node|jest|report)\b"
    r"|\bspecbot::|(?i:specbot_?canary)|/(?:opt|run)/specbot\b"
)
"""Names that only the harness has (its FORMAT.md). Code that must know them to work wants to forge what the harness reports."""

_TESTED = re.compile(
    r"PYTEST_CURRENT_TEST|[\"'](?:pytest|unittest)[\"']\s+(?:not\s+)?in\s+(?:sys\b|os\.environ\b|str\(|repr\()|\b_pytest\b|\bos\._exit\s*\("
    r"|\bpytest\.(?:Function|exit)\b|\bsys\.modules\[[\"'](?:pytest|unittest)\b|\bunittest(?:\.\w+)*\.\w+\s*=(?!=)"
    r"|/proc/self/environ|\bsys\.excepthook\s*=|\b(?:sys|threading)\.(?:settrace|setprofile)\b|\bsys\.(?:monitoring|meta_path|path_hooks)\b"
    r"|\bsys\._getframe\b|\binspect\.(?:stack|currentframe|getouterframes)\b|\bgc\.get_(?:objects|referrers)\b|\batexit\.register\(os\."
    r"|\bbuiltins\.\w+\s*=(?!=)|\bdef __eq__\(.*\).*:\s*return True\b|\b__eq__\s*=\s*lambda\b.*:\s*True\b"
    r"|\bJEST_WORKER_ID\b|\bNODE_TEST_CONTEXT\b|process\.env\.VITEST\b|\btesting\.Testing\(\)"
)
_EQUALS = re.compile(r"\s*def __eq__\(")
_TRUE = re.compile(r"\s*return True\s*(?:#.*)?$")
"""What code does that wants to look right: ask whether a test is running or who calls, get between the interpreter and the tests (traces, import
hooks, other people's objects in memory), patch or end the runner, be equal to everything."""

_PROSE = (".md", ".rst", ".txt")


def is_prose(path: str) -> bool:
    return path.endswith(_PROSE)


def harness_names(file: FileDiff, excused: Excused) -> Iterator[Spot]:
    """TP105, in anything that is not prose."""
    for line in file.added:
        if _HARNESS.search(line.text) and not excused.file(file.new):
            yield at_line("TP105", file.new, line)


def tells_tests(file: FileDiff) -> Iterator[Spot]:
    """TP205, in what is no test and steers none. A method that is always true takes two lines."""
    before = ""
    for line in file.added:
        text = line.text[:LOOKED_AT]
        if _TESTED.search(text) or (_TRUE.match(text) and _EQUALS.match(before)):
            yield at_line("TP205", file.new, line)
        before = text
