"""`spec.json` of cc-sdd: what it says about approvals. It is read and never obeyed: anybody who can push can write it. Pure."""

import json
from collections.abc import Iterator

from bot.core.specs.formats.foreign import Page
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign

_PHASES = ("requirements", "design", "tasks")
_READY = "ready_for_implementation"

MAX_CHARACTERS = 65_536
"""The tool's own file has 500 characters; what is longer is not read."""


def read_approvals(page: Page) -> tuple[Finding, ...]:
    """One finding at most: what is said that decides nothing here, or that the file cannot be read."""
    text = page.source.text
    if len(text) > MAX_CHARACTERS:
        return (
            _finding(page, 1, f"This file has {len(text):,} characters and is not read; it would decide nothing here."),
        )
    try:
        said = json.loads(text)
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        return (_finding(page, line, "This file is no JSON and is not read; it would decide nothing here."),)
    except RecursionError:
        return (_finding(page, 1, "This file is nested too deeply to be read; it would decide nothing here."),)
    claims = list(_claims(said))
    if not claims:
        return ()
    line = _line_of(page, claims[0][0])
    message = f"{'; '.join(words for _, words in claims)}. That decides nothing here."
    return (_finding(page, line, message[:1].upper() + message[1:]),)


def _claims(said: object) -> Iterator[tuple[str, str]]:
    """(key, words) of what stands between or for an implementation."""
    if not isinstance(said, dict):
        return
    approvals = said.get("approvals")
    if isinstance(approvals, dict):
        for phase in _PHASES:
            state = approvals.get(phase)
            if isinstance(state, dict) and state.get("approved") is not True:
                yield phase, f"{phase} {'is' if phase == 'design' else 'are'} not approved in `spec.json`"
    if said.get(_READY) is True:
        yield _READY, "`spec.json` says that the spec is ready for implementation"


def _line_of(page: Page, key: str) -> int:
    """The first line that opens with the key; the file's first line when none does."""
    quoted = f'"{key}"'
    return next((number for number, line in enumerate(page.source.lines, 1) if line.lstrip().startswith(quoted)), 1)


def _finding(page: Page, line: int, message: str) -> Finding:
    hint = "Specbot asks those who may decide, in the pull request."
    return foreign.CLAIM_NOT_OBEYED.finding(page.source.position(line), message, hint)
