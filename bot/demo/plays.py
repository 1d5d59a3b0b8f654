"""What each act puts on the hub, and the recording that goes with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.adapters.local.clone import Clone
from bot.core.specs.model import SpecFormat
from bot.demo import material
from bot.demo.pushing import Pusher
from bot.errors import UserFault


class ActName(StrEnum):
    """NIGHT: one agent on one spec. TEAM: six tasks side by side and one that joins them. ISSUE: from an issue to a merged pull request."""

    NIGHT = "night"
    TEAM = "team"
    ISSUE = "issue"


RECORDING: Mapping[ActName, str] = {ActName.NIGHT: "honest", ActName.TEAM: "team", ActName.ISSUE: "issue"}
"""The recording that is played in an act unless another is asked for or a real model is configured."""


@dataclass(frozen=True, slots=True)
class Play:
    """What is put on the hub: `lay` makes the default branch and the pull request's branch and returns the latter's name ("" without one). `answer`
    is what the owner says to the questions about the spec, in an act that begins with an issue."""

    repository: str
    title: str
    body: str
    lay: Callable[[Pusher], str]
    minutes: float
    answer: str = ""


def sample_play(act: ActName, spec_format: SpecFormat, minutes: float) -> Play:
    """An act on its own sample. Raises `UserFault` for a format that the act's spec is not written in."""
    if act is ActName.NIGHT:
        return _on_sample(material.night(spec_format), minutes)
    if spec_format is not SpecFormat.NATIVE:
        raise UserFault(
            f"the act {act.value!r} has its spec in the native format only, not in {spec_format.value}",
            hint=f"leave --format out, or play --act {ActName.NIGHT.value} --format {spec_format.value}",
        )
    return _on_sample(material.team(), minutes) if act is ActName.TEAM else _of_issue(minutes)


def own_play(repo: Path, spec: Path, minutes: float) -> Play:
    """A spec in somebody's own clone."""
    clone = Clone.around(repo)
    work = clone.find_work(spec)

    def lay(pusher: Pusher) -> str:
        pusher.push_commits(clone.root, {"main": work.base, "the-spec": work.head})
        return "the-spec"

    return Play(f"ada/{clone.root.name}", f"Spec: {work.spec_path}", "", lay, minutes)


def _of_issue(minutes: float) -> Play:
    """On the first act's sample, as it stands before anybody wrote a spec for it."""

    def lay(pusher: Pusher) -> str:
        pusher.push("main", material.sample_files(), "A week's opening hours: read, ask, write")
        return ""

    return Play(material.night().repository, material.ISSUE_TITLE, material.ISSUE_TEXT, lay, minutes, answer="1b")


def _on_sample(sample: material.Sample, minutes: float) -> Play:
    def lay(pusher: Pusher) -> str:
        pusher.push("main", sample.files, sample.files_message)
        pusher.push(sample.branch, sample.added, sample.added_message, onto="main")
        return sample.branch

    return Play(sample.repository, sample.title, sample.body, lay, minutes)
