"""Does a command show what a finding says? It has to fail on the reviewed tree, twice, and by the code's fault and not by its own. Pure."""

import re
from dataclasses import replace

from bot.core.proofs.colours import colour
from bot.core.proofs.model import Colour, Executed, Reading, StoppedBy
from bot.core.proofs.trusted import TrustedPaths
from bot.core.reviews.model import Tried
from bot.core.steady import steady

_UNREADABLE = re.compile(r"(?:SyntaxError|IndentationError|TabError)\b")
_OWN_FILE = re.compile(r'^\s*File "<(?:string|stdin)>", line \d+$', re.MULTILINE)
_SHELL = re.compile(
    r"^(?:/bin/)?(?:ba|da)?sh: (?:line )?\d+: [Ss]yntax error|^/bin/sh: -c: line \d+: syntax error", re.MULTILINE
)
_MISSING_MODULE = re.compile(r"(?:ModuleNotFoundError: No module named|Error: Cannot find module) ")

LAST_LINES = 12
"""Of an output that are looked at for the command's own fault: an interpreter says it last."""


def tried(
    script: str, candidate: Executed | None, again: Executed | None, base: Executed | None, trusted: TrustedPaths
) -> Tried:
    """What the two runs on the reviewed tree and the one on the base show together."""
    before = _reading(script, base, trusted)
    passed_before = before is not None and before.colour is Colour.GREEN
    first, second = _reading(script, candidate, trusted), _reading(script, again, trusted)

    def told(reproduced: bool, why: str, *, passes: bool = False) -> Tried:
        return Tried(reproduced, why, candidate, again, base, passed_before, passes)

    if candidate is None or first is None:
        return told(False, "it was not run")
    if first.colour is Colour.GREEN:
        return told(False, f"it passes: {first.reason}", passes=True)
    if first.colour is not Colour.RED:
        return told(False, first.reason)
    fault = own_fault(candidate, passed_before)
    if fault:
        return told(False, fault)
    if second is None or second.colour is not Colour.RED:
        return told(False, "it failed once and not again")
    return told(True, first.reason)


def without_code(outcome: Tried, empty: Executed | None) -> Tried:
    """The outcome, unless the command does the very same where there is no code at all: then it says nothing about any."""
    shown = outcome.candidate
    if not outcome.reproduced or shown is None or empty is None or _said(shown) != _said(empty):
        return outcome
    return replace(outcome, reproduced=False, why="it does the same in an empty folder")


def _said(executed: Executed) -> tuple[int | None, StoppedBy, str]:
    return executed.exit_code, executed.stopped_by, steady(executed.output)


def own_fault(executed: Executed, passed_before: bool) -> str:
    """Why a red is the command's own and says nothing about the code, "" when it is not. What passed before the change is no broken command."""
    if passed_before:
        return ""
    last = "\n".join(executed.output.rstrip().splitlines()[-LAST_LINES:])
    if _SHELL.search(last):
        return "the shell cannot read the command"
    ending = last.splitlines()[-1:] or [""]
    if _UNREADABLE.match(ending[0]) and _OWN_FILE.search(last) and last.count('File "') == 1:
        return "the command is not a program that can be read"
    if _MISSING_MODULE.match(ending[0]):
        return "it asks for a module that is not there"
    return ""


def _reading(script: str, executed: Executed | None, trusted: TrustedPaths) -> Reading | None:
    return colour(executed, script, trusted) if executed is not None else None
