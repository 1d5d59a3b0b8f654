"""Moments of a run at which a story lets something happen: the model's calls, which come at known points of the work.

Between the implementer's call and the reviewer's lies the verification, between the reviewer's and the report the publishing; so "a
person pushes between verify and publish" is something that happens while the reviewer is asked.
"""

from collections.abc import Callable

from tests.support.scripted_model import Answer, Fault, Script, Seen
from tests.support.stage import Stage

STALLED = Fault(stall=True)
"""A model that does not answer while the story lasts."""


def role(seen: Seen) -> str:
    return seen.label.split("/")[0]


def asked(stage: Stage) -> list[str]:
    """Every model call in order, as `role/task/turn`."""
    return [seen.label for seen in stage.model.requests]


def first_time(wanted: str, act: Callable[[], object], script: Script) -> Script:
    """The script, and `act` happens when this role is asked for the first time, before it is answered."""
    done: list[str] = []

    def with_act(seen: Seen) -> Answer | Fault:
        if role(seen) == wanted and not done:
            done.append(seen.label)
            act()
        return script(seen)

    return with_act


def stalling(wanted: str, script: Script, after: int = 0, times: int | None = None) -> Script:
    """The script, but this role's calls go unanswered, `times` of them (None: all) from the one behind the first `after` ones."""
    count = 0

    def stalled(seen: Seen) -> Answer | Fault:
        nonlocal count
        if role(seen) != wanted:
            return script(seen)
        count += 1
        ended = times is not None and count > after + times
        return script(seen) if count <= after or ended else STALLED

    return stalled
