"""When the end of a run is worth a mail to somebody."""

import pytest

from bot.core.policy.notices import MOMENT_SECONDS, Ending, NoticePolicy, is_news, may_be_mentioned
from bot.core.pulls import Permission, Person
from bot.core.runs import RunState
from bot.ids import UserId

ADA = Person(UserId(7), "ada")
LATE = MOMENT_SECONDS + 1


@pytest.mark.parametrize(
    ("state", "agents", "seconds", "told"),
    [
        (RunState.WAITING, True, 5.0, True),
        (RunState.FAILED, True, 5.0, True),
        (RunState.FAILED, False, 5.0, False),
        (RunState.WAITING, False, MOMENT_SECONDS, False),
        (RunState.WAITING, False, LATE, True),
        (RunState.DONE, True, LATE, False),
        (RunState.STOPPED, True, LATE, False),
        (RunState.SUPERSEDED, True, LATE, False),
    ],
)
def test_only_what_stands_still_and_was_not_seen_is_news(
    state: RunState, agents: bool, seconds: float, told: bool
) -> None:
    assert is_news(NoticePolicy.WAITING, Ending(state, agents, seconds)) is told
    assert not is_news(NoticePolicy.NEVER, Ending(state, agents, seconds))


def test_only_people_who_could_do_something_are_mentioned() -> None:
    assert may_be_mentioned(ADA, Permission.WRITE)
    assert not may_be_mentioned(ADA, Permission.TRIAGE)
    assert not may_be_mentioned(ADA, Permission.NONE)
    assert not may_be_mentioned(Person(UserId(8), "dependabot[bot]", is_bot=True), Permission.ADMIN)
    assert not may_be_mentioned(Person(UserId(0), "nobody"), Permission.ADMIN)
