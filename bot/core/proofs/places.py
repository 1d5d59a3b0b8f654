"""Where a failure says that it is: lines of tests and code that a failing command names. Pure.

Everything here is the output of code under test, so it decides nothing and may be a lie. A place counts only when the tree that was
executed has that line; it is shown as what the command said, and never as what we found.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.core.proofs.colours import failing
from bot.core.proofs.model import CriterionVerdict, Executed, Place, Verdict
from bot.core.proofs.reports import CHECKOUT
from bot.core.visible import visible

PER_COMMAND = 10
"""Places of one command: a traceback through our own code is hardly ever longer, and the first ones are read."""

PLACES = 40
"""Places of one verification. The rest stands in the outputs."""

LINES = 2_000
"""Lines of an output that are looked at; what is stored of one is capped already, this is for an output of nothing but short lines."""

LINE_LENGTH = 600
"""Characters of a line of output: a longer one was not written to be read."""

MESSAGE_LENGTH = 300
"""Characters of what is said about a place."""

_PATH = r"(?:file://)?(?P<path>[^\s:'\"()<>|*?\\]{1,300}\.[A-Za-z]\w{0,5})"
_PATTERNS = (
    re.compile(r"\s*File \"(?P<path>[^\"\\<>]{1,300})\", line (?P<line>\d{1,7})(?:, in (?P<message>\S.*))?"),
    re.compile(rf"(?:E\s+|\s*-->\s*|.*\bpanicked at |\s*at (?:.*\()?|\s*){_PATH}:(?P<line>\d{{1,7}})(?::\d{{1,6}})?\)?(?::\s*(?P<message>\S.*))?"),
)  # fmt: skip
"""Python's tracebacks; pytest, Go, node, Rust and whatever else writes `path:line: words`."""


def said_places(verdicts: Iterable[CriterionVerdict]) -> tuple[Place, ...]:
    """The places that the commands of failed criteria name, without a doubled line, the tests' own first."""
    found: dict[tuple[str, int], Place] = {}
    for verdict in verdicts:
        for shown in verdict.shown if verdict.verdict is Verdict.FAILED else ():
            for place in _of_command(verdict, shown.candidate):
                found.setdefault((place.path, place.line), place)
    return tuple(found.values())


def there(places: Iterable[Place], files: Mapping[str, tuple[str, int]]) -> tuple[Place, ...]:
    """Those whose line there is, with the blob that it stands in. `files` holds the blob and the number of lines of each file by path."""
    known = (replace(one, blob=files[one.path][0]) for one in places if one.line <= files.get(one.path, ("", 0))[1])
    return tuple(known)[:PLACES]


def _of_command(verdict: CriterionVerdict, executed: Executed | None) -> list[Place]:
    if executed is None:
        return []
    found: dict[tuple[str, int], Place] = {}
    for test in failing(executed).values():
        path = _path(test.path)
        if path and test.line > 0:
            found.setdefault((path, test.line), Place(path, test.line, _words(test.message), verdict.name, test.name))
    for path, line, message in _in_output(executed.output):
        found.setdefault((path, line), Place(path, line, message, verdict.name))
        if len(found) >= PER_COMMAND:
            break
    return list(found.values())[:PER_COMMAND]


def _in_output(output: str) -> Iterator[tuple[str, int, str]]:
    for text in output.split("\n", LINES)[:LINES]:
        for pattern in _PATTERNS:
            match = pattern.match(text[:LINE_LENGTH])
            path = _path(match["path"]) if match else ""
            if match and path and int(match["line"]) > 0:
                yield path, int(match["line"]), _words(match["message"] or "")
                break


def _path(said: str) -> str:
    """As a path of the tree, "" when it cannot be one."""
    path = said.removeprefix(f"{CHECKOUT}/").removeprefix("./")
    parts = path.split("/")
    odd = path.startswith("/") or visible(path) != path or any(part in ("", ".", "..") for part in parts)
    return "" if odd else path


def _words(text: str) -> str:
    return " ".join(visible(text).split())[:MESSAGE_LENGTH]
