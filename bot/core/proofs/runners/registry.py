"""All runners: which one a script starts, what it needs in its environment, who reads what it says, and how a canary is planted."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.core.proofs.model import Session
from bot.core.proofs.reports import PYTEST
from bot.core.proofs.runners import cargo, go, jest, junit, tap
from bot.core.proofs.runners.told import Told, unread
from bot.core.proofs.scripts import runs_pytest, starts, without_comments

IN_THE_HARNESS = {
    "unittest": r"(?:python|pypy)[\d.]*\s+(?:-[WX]\s+\S+\s+|-[A-Za-ln-z]\S*\s+)*-m\s+unittest",
    "node": r"node\s+(?:-\S+\s+)*--test",
    "jest": r"jest",
}
"""Commands of the runners that report through the harness, pytest apart."""

PRINTING = {go.NAME: r"go\s+(?:-C[= ]\S+\s+)?test", cargo.NAME: r"cargo\s+(?:\+\S+\s+)?(?:test|t)"}
"""Commands of the runners that are read from their output."""

WITH_CANARY = frozenset((PYTEST, *IN_THE_HARNESS, *PRINTING))
"""Runners in which a failing test is planted. The names that others report are the command's own word."""

PLANTED_IN_FILES = frozenset(PRINTING)
"""Runners whose canary is a file in the tree; where it is not reached, nothing is known, and nobody is accused."""

FILES = 200
"""Report files read of one command: build tools write one for each class of tests."""

_READ: Mapping[str, Callable[[str], Told | None]] = {go.NAME: go.read, cargo.NAME: cargo.read}
_NAMED_FILE = re.compile(
    r"(?:--(?:junit-?xml|junitfile|outputFile(?:\.junit)?|output-file|test-reporter-destination|junit-output|log-junit)[= ]"
    r"|\bJEST_JUNIT_OUTPUT_FILE=|\bMOCHA_FILE=)[\"']?([\w./-]+\.(?:xml|json))"
)


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file below the checkout in which a command tells of its tests, and the most bytes of it that are read."""

    path: str
    runner: str
    limit: int


def expected_runner(script: str) -> str:
    """The runner whose report must be there when this script ran to its end; "" when nothing is expected."""
    if runs_pytest(script):
        return PYTEST
    runners = {**IN_THE_HARNESS, **PRINTING}
    return next((name for name, program in runners.items() if starts(script, program)), "")


def runner_variables(script: str) -> dict[str, str]:
    """What a script's runners need in their environment so that they name their tests."""
    return go.variables(script) if starts(script, PRINTING[go.NAME]) else {}


def canary_script(script: str) -> str:
    """The script for a canary run: the same, with the planted test let through filters."""
    return go.listening(script) if starts(script, PRINTING[go.NAME]) else script


def plants_files(script: str) -> bool:
    """Whether a script's canary is made of files in the tree."""
    return any(starts(script, program) for program in PRINTING.values())


def planted_files(script: str, paths: Sequence[str], read: Callable[[str], str], token: str) -> dict[str, str]:
    """The files that make up a script's canary, by path: written into the checkout before a canary run. `paths` are all files of the tree,
    `read` gives the text of one ("" where it cannot be read), `token` is 16 hex digits that nobody can know beforehand."""
    planted: dict[str, str] = {}
    if starts(script, PRINTING[go.NAME]):
        planted |= go.plants(paths, read, token)
    if starts(script, PRINTING[cargo.NAME]):
        planted |= cargo.plants(script, paths, read, token)
    return planted


def report_files(script: str, configured: Sequence[str] = ()) -> tuple[ReportFile, ...]:
    """The files in which this script tells of its tests: those named in its words, and the repository's configured ones."""
    named = [found[1] for found in _NAMED_FILE.finditer(without_comments(script))]
    paths = dict.fromkeys(str(PurePosixPath(path)) for path in (*named, *configured))
    return tuple(
        ReportFile(path, jest.NAME, jest.BYTES + 1)
        if path.endswith(".json")
        else ReportFile(path, junit.NAME, junit.BYTES + 1)
        for path in list(paths)[:FILES]
        if not path.startswith("/") and ".." not in PurePosixPath(path).parts
    )


def told_by_output(script: str, output: str, *, whole: bool) -> Iterator[Told]:
    """What the script's printing runners said; where the output was cut, one session that nobody saw end."""
    for name, program in PRINTING.items():
        if starts(script, program):
            said = _READ[name](output) if whole else unread(name)
            if said is not None:
                yield said


def told_by_command(output: str, files: Mapping[str, bytes], *, whole: bool) -> Iterator[Told]:
    """What the command says of its tests by itself: report files by path, else TAP. The caller asks only where nothing better reported."""
    read = [jest.read(data) if path.endswith(".json") else junit.read(data) for path, data in sorted(files.items())]
    found = [told for told in read if told is not None]
    if not found and whole:
        said = tap.read(output)
        found = [said] if said is not None else []
    yield from found


def takes_a_canary(sessions: Collection[Session]) -> tuple[Session, ...]:
    """The sessions of runners in which a canary is planted."""
    return tuple(session for session in sessions if session.runner in WITH_CANARY)
