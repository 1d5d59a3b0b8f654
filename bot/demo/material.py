"""The sample repositories and the pull requests that the demo opens on them, as files.

The samples are small real libraries (`openhours`, `weatherlog`). They are data here: never imported, never collected by our own tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.core.specs.model import SpecFormat

SPECS: Mapping[SpecFormat, str] = MappingProxyType(
    {
        SpecFormat.NATIVE: "specs/0001-past-midnight.md",
        SpecFormat.SPECKIT: "specs/001-past-midnight",
        SpecFormat.KIRO: ".kiro/specs/past-midnight",
        SpecFormat.OPENSPEC: "openspec/changes/past-midnight",
    }
)
"""The first act's spec in each format: its file or folder in the repository."""

TEAM_SPEC = "specs/0004-month-on-a-page.md"
"""The second act's spec, in the native format only."""

ISSUE_TITLE = "A countdown for the sign at our door"
ISSUE_TEXT = """\
Our sign counts down to closing time. `status` says *closes Fr 18:00*, so the sign has to know what day it is and do sums.

Could `status` just give us the minutes, as a bare number that a script can read?
"""
"""The third act's issue, as somebody writes it who uses the program."""

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """A repository with a pull request: `files` of the default branch, and `added` ones on `branch`, all by path and of mode 100644."""

    repository: str
    title: str
    body: str
    branch: str
    files: Mapping[str, bytes]
    files_message: str
    added: Mapping[str, bytes]
    added_message: str


def night(format: SpecFormat = SpecFormat.NATIVE) -> Sample:
    """The first act, with its spec in `format`."""
    return Sample(
        "ada/openhours",
        "Opening hours that run past midnight",
        "`Fr 22:00-02:00` stands on many a door and is refused today. The spec says what is to hold; the tests that prove half of it come with it.\n",
        "past-midnight",
        sample_files(format),
        "A week's opening hours: read, ask, write",
        pull_request_files(format),
        "Spec: opening hours past midnight",
    )


def team() -> Sample:
    """The second act: six tasks that know nothing of each other, and one that needs them all."""
    return Sample(
        "ada/weatherlog",
        "A month on one page",
        "Six small modules and the page that is made of them. Each criterion's tests come with the spec, so that nobody has to wait for anybody.\n",
        "month-on-a-page",
        _files(_HERE / "team" / "sample"),
        "A weather station's log: read, look into, write",
        _files(_HERE / "team" / "pull_request"),
        "Spec: a month on one page",
    )


def sample_files(format: SpecFormat = SpecFormat.NATIVE) -> dict[str, bytes]:
    """The first act's repository by path, as it stands on its default branch. With what a team that writes its specs in `format` has there
    already."""
    return {**_files(_HERE / "sample"), **_files(_HERE / "specs" / format.value / "base")}


def pull_request_files(format: SpecFormat = SpecFormat.NATIVE) -> dict[str, bytes]:
    """What the first act's pull request adds: the spec in `format` at its place in `SPECS`, and the acceptance tests."""
    return {**_files(_HERE / "specs" / format.value / "pull_request"), **_files(_HERE / "pull_request")}


def _files(folder: Path) -> dict[str, bytes]:
    return {
        _hidden(path.relative_to(folder).as_posix()): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _rubbish(path.relative_to(folder))
    }


def _hidden(path: str) -> str:
    """Hidden folders are kept under a plain name, because packaging leaves hidden ones out."""
    return f".{path[1:]}" if path.startswith("_kiro/") else path


def _rubbish(path: Path) -> bool:
    """What a curious person's own test run leaves behind is no part of the sample."""
    return bool({"__pycache__", ".pytest_cache"}.intersection(path.parts))
