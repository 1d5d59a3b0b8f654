"""The sample repository and the pull request that the demo opens on it, as files.

The sample is a small real library (`openhours`). It is data here: never imported, never collected by our own tests.
"""

from pathlib import Path

SPEC_PATH = "specs/0001-past-midnight.md"
"""Where the pull request puts the spec. The acceptance tests name it, so it is not free."""

PULL_REQUEST_TITLE = "Opening hours that run past midnight"

PULL_REQUEST_BODY = """\
`Fr 22:00-02:00` stands on many a door and is refused today. The spec says what is to hold; the tests that prove half of it come with it.
"""

BRANCH = "past-midnight"

_HERE = Path(__file__).parent


def sample_files() -> dict[str, bytes]:
    """The sample repository's files by path, as they stand on its default branch; all of mode 100644."""
    return _files(_HERE / "sample")


def pull_request_files() -> dict[str, bytes]:
    """What the pull request adds: the spec at `SPEC_PATH` and the acceptance tests."""
    return {SPEC_PATH: (_HERE / "spec.md").read_bytes(), **_files(_HERE / "pull_request")}


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _rubbish(path.relative_to(folder))
    }


def _rubbish(path: Path) -> bool:
    """What a curious person's own test run leaves behind is no part of the sample."""
    return bool({"__pycache__", ".pytest_cache"}.intersection(path.parts))
