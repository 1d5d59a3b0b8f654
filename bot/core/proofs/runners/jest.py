"""Jest: its own JSON (`--json --outputFile=…`), where the command itself writes it; else the harness inside the box asks Jest for one.

The harness (`specbot_node.cjs`) adds `--json --outputFile` to Jest's words, turns the file into report lines when Jest ends, and plants a canary in
each test file that Jest loads. The file is written by Jest's main process; tests run in workers or, with one file, in the same process:
then code under test could write it too, and the canary decides.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.core.proofs.model import TestOutcome
from bot.core.proofs.reports import CHECKOUT
from bot.core.proofs.runners.told import UNREADABLE, Teller, Told, told, unread

NAME = "jest"

BYTES = 8 << 20
"""A JSON report holds every failure's whole text; a longer file is refused, because half of one is no JSON."""

_OUTCOMES = {
    "passed": TestOutcome.PASSED,
    "failed": TestOutcome.FAILED,
    "pending": TestOutcome.SKIPPED,
    "skipped": TestOutcome.SKIPPED,
    "disabled": TestOutcome.SKIPPED,
    "todo": TestOutcome.SKIPPED,
}


def read(data: bytes, root: str = CHECKOUT) -> Told | None:
    """The named tests of one file, `file::describe::test`; None when it is empty. What is no report of Jest's is a session that nobody saw
    end. Never raises."""
    if not data.strip():
        return None
    if len(data) > BYTES:
        return unread(NAME)
    try:
        report = json.loads(data)
    except (ValueError, RecursionError):
        return unread(NAME)
    if not isinstance(report, dict) or not isinstance(report.get("testResults"), list):
        return unread(NAME)
    teller = Teller(NAME)
    for file in _objects(report["testResults"]):
        _file(teller, file, root)
    teller.exit_status = 0 if report.get("success") is True and not teller.red else 1
    return told([teller])


def _file(teller: Teller, file: Mapping[str, Any], root: str) -> None:
    path = _text(file, "name").removeprefix(f"{root}/")
    cases = list(_objects(file.get("assertionResults")))
    if not cases and file.get("status") == "failed":
        message = _text(file, "message")
        teller.add(path, TestOutcome.ERROR, f"{UNREADABLE}: {message}" if "SyntaxError" in message else message, path)
    for case in cases:
        above = case.get("ancestorTitles")
        titles = [title for title in above if isinstance(title, str)] if isinstance(above, list) else []
        words = case.get("failureMessages")
        message = "\n".join(word for word in words if isinstance(word, str)) if isinstance(words, list) else ""
        place = case.get("location")
        line = place.get("line") if isinstance(place, dict) else 0
        outcome = _OUTCOMES.get(_text(case, "status"))
        if outcome is not None:
            name = "::".join([path, *titles, _text(case, "title")])
            teller.add(name, outcome, message, path, line if type(line) is int else 0)


def _objects(values: object) -> Iterable[Mapping[str, Any]]:
    return (value for value in values if isinstance(value, dict)) if isinstance(values, list) else ()


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
