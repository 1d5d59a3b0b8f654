"""What an issue's run leaves for later steps, and what is known of the branches that were made for one. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.orchestration.orders import Order
from bot.core.orchestration.questions import Answer
from bot.core.orchestration.spec_text import SpecDraft
from bot.core.pulls import Person
from bot.ids import PrNumber, RepoId, RunId, Sha


class Source(StrEnum):
    """Why a branch of ours is there: a spec for an issue, work on a merged spec, or a fork's pull request that is carried on."""

    ISSUE = "issue"
    SPEC = "spec"
    FORK = "fork"


@dataclass(frozen=True, slots=True)
class Asked:
    """The order of an issue's run. `default` is the default branch where the spec is meant for another one, else ""."""

    order: Order
    default: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Of a branch: who asked for it and where. `number` is the issue's, or that of the conversation in which it was asked for. `spec_path` is the
    merged spec that its pull request is about, `model` who implements, "" where nothing was said."""

    source: Source
    number: PrNumber
    by: Person
    spec_path: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The issue as it was read; everything in it is somebody else's text. `current` is the spec as it stands on the branch, "" for none."""

    title: str
    text: Said
    talk: tuple[Said, ...]
    read_at: datetime
    current: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The spec that was written and passes the linter, and where it stands."""

    path: str
    draft: SpecDraft


@dataclass(frozen=True, slots=True)
class Answers:
    """What people answered so far to the questions of the draft. `taken` names the command that gave the newest of them."""

    given: tuple[Answer, ...] = ()
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The pull request of the spec, the newest commit of ours on it, and the body that we gave it. `in_force`: the spec is no draft any more."""

    number: PrNumber
    url: str
    commit: Sha
    in_force: bool = False
    body: str = ""


@dataclass(frozen=True, slots=True)
class Flip:
    """An approval on its way: `commit`, on top of the approved `head`, brings the spec into force; `message` is its own."""

    head: Sha
    commit: Sha
    message: str = ""


def branch_id(repo: RepoId, branch: str) -> RunId:
    """Under which the notes of a branch are kept: there is at most one story of each."""
    return RunId(f"branch-{repo}-{branch}")
