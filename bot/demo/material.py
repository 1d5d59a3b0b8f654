"""The sample repository and the pull request that the demo opens on it, as files.

The sample is a small real library (`openhours`). It is data here: never imported, never collected by our own tests.
"""

from collections.abc import Mapping
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
"""The same spec in each format: its file or folder in the repository."""

PULL_REQUEST_TITLE = "Opening hours that run past midnight"

PULL_REQUEST_BODY = """\
`Fr 22:00-02:00` stands on many a door and is refused today. The spec says what is to hold; the tests that prove half of it come with it.
"""

BRANCH = "past-midnight"

_HERE = Path(__file__).parent


def sample_files(format: SpecFormat = SpecFormat.NATIVE) -> dict[str, bytes]:
    """The sample repository's files by path, as they stand on its default branch; all of mode 100644. With what a team that writes its specs
    in `format` has there already."""
    return {**_files(_HERE / "sample"), **_files(_HERE / "specs" / format.value / "base")}


def pull_request_files(format: SpecFormat = SpecFormat.NATIVE) -> dict[str, bytes]:
    """What the pull request adds: the spec in `format` at its place in `SPECS`, and the acceptance tests."""
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
