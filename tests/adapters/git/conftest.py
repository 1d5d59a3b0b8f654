"""A remote, and the adapter on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from tests.adapters.git.merging import Place
from tests.adapters.git.origin import Origin, adapter


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin.git")


@pytest.fixture
def git(tmp_path: Path, origin: Origin) -> Iterator[GitCommandLine]:
    made = adapter(tmp_path / "state", origin.path)
    yield made
    made.close()


@pytest.fixture
def place(git: GitCommandLine, origin: Origin) -> Place:
    return Place(git, origin)
