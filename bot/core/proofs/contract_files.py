"""Where a contract lies and how it is run. Decided by code and never by the test author: a command of an agent's own choosing could be red and
green for reasons that have nothing to do with the test."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.core.proofs.colours import colour, failing
from bot.core.proofs.model import Colour, Executed
from bot.core.proofs.trusted import TrustedPaths
from bot.core.specs.naming import bare, spec_of
from bot.ids import CriterionName

FOLDER = "tests/contracts"
"""The folder of all contracts. Below `tests/`, so that the runners' own discovery and our trusted patterns find it; a folder of their own,
because nothing else may be in the way of files that only the bot writes."""

SLUG_LENGTH = 100
"""Characters of a criterion's name in a file's name; the file system allows 255 bytes with everything around it."""

NOT_FOUND = 127
"""The shell's exit status for a command that is not there (POSIX, Shell Command Language, 2.8.2): then nothing is known."""

_PLAIN = re.compile(r"[A-Za-z0-9._/#-]+")
_OTHER = re.compile(r"[^a-z0-9]+")


class Runner(StrEnum):
    """What runs a contract: the language's own means, and pytest, because most Python projects have it."""

    PYTEST = "pytest"
    UNITTEST = "unittest"
    NODE = "node"
    GO = "go"


@dataclass(frozen=True, slots=True)
class _Way:
    """`path` holds `{slug}`; `command` and `readable` hold `{path}` and `{folder}`. `readable` is green when the file can be parsed at all."""

    path: str
    command: str
    readable: str


_WAYS: Mapping[Runner, _Way] = MappingProxyType(
    {
        Runner.PYTEST: _Way(
            f"{FOLDER}/test_{{slug}}.py", "python3 -m pytest -q {path}", "python3 -m py_compile {path}"
        ),
        Runner.UNITTEST: _Way(
            f"{FOLDER}/test_{{slug}}_unittest.py", "python3 -m unittest {path}", "python3 -m py_compile {path}"
        ),
        Runner.NODE: _Way(f"{FOLDER}/{{slug}}.test.mjs", "node --test {path}", "node --check {path}"),
        Runner.GO: _Way(f"{FOLDER}/{{slug}}/contract_test.go", "go test -count=1 ./{folder}", "gofmt -e -l {path}"),
    }
)
"""Named so that a path tells its runner, and no two have one base name, which pytest cannot tell apart."""


def contract_path(criterion: CriterionName, runner: Runner) -> str:
    """Where the contract of a criterion lies. Only `a-z`, `0-9`, `_`, `.` and `/`, whatever the spec is called, so that no shell needs quotes."""
    return _WAYS[runner].path.format(slug=_slug(criterion))


def contract_paths(criterion: CriterionName) -> Mapping[str, Runner]:
    """Every place where the contract of a criterion may lie, with the runner that it has there."""
    return {contract_path(criterion, runner): runner for runner in Runner}


def contract_command(path: str, runner: Runner) -> str:
    """The command that runs the contract at `path`."""
    return _WAYS[runner].command.format(path=path, folder=path.rpartition("/")[0])


def readable_command(path: str, runner: Runner) -> str:
    """The command that is green when the file at `path` can be parsed at all: a test that cannot is red for the wrong reason."""
    return _WAYS[runner].readable.format(path=path)


def merged_command(criterion: CriterionName, base: Iterable[str]) -> str:
    """The command of a contract that the base tree (its paths) has already, from the pull request that brought it; "" when it has none."""
    places, there = contract_paths(criterion), frozenset(base)
    return next((contract_command(path, runner) for path, runner in places.items() if path in there), "")


def red_fault(readable: Executed, run: Executed, command: str, trusted: TrustedPaths) -> str:
    """Why a contract's run on the base is not the right red, "" when it is. `readable` is the run of its `readable_command`."""
    if readable.exit_code not in (0, NOT_FOUND) or readable.broken:
        return "the file cannot be parsed"
    return _reason(run, command, trusted)


def _reason(run: Executed, command: str, trusted: TrustedPaths) -> str:
    reading = colour(run, command, trusted)
    if reading.colour is Colour.GREEN:
        return f"it is green before any change ({reading.reason}), so it shows nothing"
    if reading.colour is Colour.NO_EVIDENCE:
        return reading.reason
    if run.tests is not None and not failing(run):
        return f"no test of it failed: {reading.reason}"
    return ""


def _slug(criterion: CriterionName) -> str:
    """`specs/0001-cut.md#AC-1` -> `specs_0001_cut_ac_1`. A name that loses more than its punctuation keeps a digest, to stay its own."""
    whole = f"{spec_of(criterion).removesuffix('.md')}#{bare(criterion)}".lower()
    slug = _OTHER.sub("_", whole).strip("_")
    if _PLAIN.fullmatch(criterion) and len(slug) <= SLUG_LENGTH:
        return slug
    return f"{slug[:SLUG_LENGTH]}_{hashlib.sha256(criterion.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}".lstrip(
        "_"
    )
