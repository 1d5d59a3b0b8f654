"""The end of a pull request's conversation: its checks, what stands in the way, and whether it can be merged."""

from dataclasses import dataclass

from bot.hub.changes import queueing
from bot.hub.changes.merging import PASSING, blockers
from bot.hub.pages.check_view import CheckLine, check_lines, worst
from bot.hub.pages.visit import Visit
from bot.hub.state.issues import Issue
from bot.hub.state.queues import QueueEntry


@dataclass(frozen=True, slots=True)
class MergeBox:
    """What the box shows. `reasons`: why it cannot be merged, in the words of the refusal that the button would get.

    `passable`: the base's rules do not bind admins, so the button is offered although there are reasons.
    `queued`: the base is reached through its merge queue only. `place` counts from 1 in it, 0 outside; `entry` is what waits there.
    """

    lines: tuple[CheckLine, ...]
    state: str
    summary: str
    reasons: tuple[str, ...]
    passable: bool
    protected: bool
    queued: bool = False
    place: int = 0
    entry: QueueEntry | None = None


def merge_box(visit: Visit, issue: Issue) -> MergeBox:
    """The box of an open pull request."""
    repo = visit.repository()
    lines = tuple(check_lines(visit.store, repo, issue))
    rules = visit.store.protection(repo, issue.as_pull.base_ref)
    reasons = tuple(dict.fromkeys(blockers(visit.hub.world, issue)))
    owner = visit.hub.actor(repo.owner)
    passable = bool(reasons) and not blockers(visit.hub.world, issue, owner)
    state = worst(line.state for line in lines) or "none"
    waiting = queueing.queue(visit.hub.world, repo, issue.as_pull.base_ref)
    place = next((place for place, one in enumerate(waiting, start=1) if one.issue_id == issue.id), 0)
    queued, entry = rules is not None and rules.merge_queue, waiting[place - 1] if place else None
    return MergeBox(lines, state, _summary(lines), reasons, passable, rules is not None, queued, place, entry)


def _summary(lines: tuple[CheckLine, ...]) -> str:
    """`2 checks failed, 1 in progress, 3 passed`, in that order."""
    passed = sum(line.state in PASSING for line in lines)
    waiting = sum(line.state in ("queued", "in_progress", "expected") for line in lines)
    person = sum(line.state == "action_required" for line in lines)
    failed = len(lines) - passed - waiting - person
    words = ((failed, "failed"), (person, "waiting for somebody"), (waiting, "not finished"), (passed, "passed"))
    return ", ".join(f"{number} {word}" for number, word in words if number) if lines else ""
