"""When the end of a run is worth a mail to somebody."""

import pytest

from bot.core.policy.notices import Ending, NoticePolicy, is_news, may_be_mentioned
from bot.core.pulls import Permission, Person
from bot.core.runs import RunState
from bot.ids import UserId

ADA = Person(UserId(7), "ada")


@pytest.mark.parametrize("state", list(RunState))
def test_only_what_stands_still_after_an_agents_work_is_news(state: RunState) -> None:
    stands = state in (RunState.WAITING, RunState.FAILED)
    assert is_news(NoticePolicy.WAITING, Ending(state, agents=True)) is stands
    assert not is_news(NoticePolicy.WAITING, Ending(state, agents=False))
    assert not is_news(NoticePolicy.NEVER, Ending(state, agents=True))


def test_only_people_who_could_do_something_are_mentioned() -> None:
    assert may_be_mentioned(ADA, Permission.WRITE)
    assert not may_be_mentioned(ADA, Permission.TRIAGE)
    assert not may_be_mentioned(ADA, Permission.NONE)
    assert not may_be_mentioned(Person(UserId(8), "dependabot[bot]", is_bot=True), Permission.ADMIN)
    assert not may_be_mentioned(Person(UserId(0), "nobody"), Permission.ADMIN)
