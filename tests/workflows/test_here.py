"""A commit that is too large to be stored for other machines: the run is not ended by it, and elsewhere it ends with words."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.core.plans.progress import Progress
from bot.core.policy.model import RepositoryConfig
from bot.core.runs import Run
from bot.errors import NotThere, Unsafe
from bot.ids import PrNumber, RunId, Sha
from bot.workflows import here
from bot.workflows.house import House
from bot.workflows.notes import Carried, Facts, find, keep
from tests.adapters.git.origin import BOT, REPO, Origin, adapter, fetched

RUN = cast(Run, SimpleNamespace(run_id=RunId("run-1"), repo=REPO, number=PrNumber(1)))


class Notes:
    """The part of the store that holds notes."""

    def __init__(self) -> None:
        self.bodies: dict[tuple[str, str], str] = {}

    def keep_note(self, run: str, kind: str, body: str) -> None:
        self.bodies[run, kind] = body

    def note(self, run: str, kind: str) -> str | None:
        return self.bodies.get((run, kind))


class Small:
    """Git, for which everything is too large."""

    def pack(self, *_: object, **__: object) -> bytes:
        raise Unsafe("git pack-objects said more than 1 bytes")


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin.git")


@pytest.fixture
def machines(tmp_path: Path, origin: Origin) -> Iterator[tuple[GitCommandLine, GitCommandLine]]:
    made = adapter(tmp_path / "one", origin.path), adapter(tmp_path / "two", origin.path)
    yield made
    for one in made:
        one.close()


def house(git: Any, notes: Notes) -> House:
    return cast(House, SimpleNamespace(git=git, store=notes, secrets=()))


def a_run_with_one_commit(git: GitCommandLine, origin: Origin, notes: Notes) -> Sha:
    head = origin.commit({"a": b"a"})
    tree = fetched(git, head)
    commit = git.commit(REPO, tree, [head], "One", BOT)
    keep(house(git, notes), RUN.run_id, Facts(head, tree, head, tree, RepositoryConfig()))
    keep(house(git, notes), RUN.run_id, Progress((), 1, (), commit, tree))
    return commit


def test_a_carried_commit_is_there_on_the_other_machine(
    origin: Origin, machines: tuple[GitCommandLine, GitCommandLine]
) -> None:
    notes = Notes()
    commit = a_run_with_one_commit(machines[0], origin, notes)
    here.carry(house(machines[0], notes), RUN, commit, origin.head())
    for _ in range(2):
        here.run_here(house(machines[1], notes), RUN)
        assert machines[1].missing(REPO, [commit, origin.head()]) == ()


def test_what_is_too_large_is_not_stored_and_elsewhere_said(
    origin: Origin, machines: tuple[GitCommandLine, GitCommandLine]
) -> None:
    notes = Notes()
    commit = a_run_with_one_commit(machines[0], origin, notes)
    here.carry(house(Small(), notes), RUN, commit, origin.head())
    assert find(house(machines[0], notes), RUN.run_id, Carried, commit) is None
    here.run_here(house(machines[0], notes), RUN)
    with pytest.raises(NotThere, match="only on the machine that made it"):
        here.run_here(house(machines[1], notes), RUN)


def test_what_was_published_comes_from_the_remote(
    origin: Origin, machines: tuple[GitCommandLine, GitCommandLine]
) -> None:
    notes = Notes()
    commit = a_run_with_one_commit(machines[0], origin, notes)
    machines[0].push(REPO, commit, f"specbot/{RUN.run_id}", expected=None)
    here.run_here(house(machines[1], notes), RUN)
    assert machines[1].missing(REPO, [commit]) == ()
