"""What a person can say at a place: every verb is in one of three lists, and the right decides first."""

import pytest

from bot.core.events.model import TYPED, Verb
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.offers import Place, offers
from bot.core.pulls import Permission, Person
from bot.ids import UserId

ADA = Person(UserId(1), "ada")


@pytest.mark.parametrize("on_issue", [True, False])
@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("permission", list(Permission))
def test_every_verb_is_told_exactly_once(on_issue: bool, live: bool, permission: Permission) -> None:
    found = offers(Place(on_issue, live), ADA, permission, RepositoryConfig())
    told = [*found.now, *found.later, *(verb for verb, _ in found.refused)]
    assert sorted(told) == sorted(map(Verb, TYPED))


def test_a_run_at_work_is_stopped_and_not_started_again() -> None:
    config = RepositoryConfig()
    live = offers(Place(on_issue=False, live=True), ADA, Permission.WRITE, config)
    idle = offers(Place(on_issue=False, live=False), ADA, Permission.WRITE, config)
    assert Verb.STOP in live.now
    assert Verb.STOP in idle.later
    assert Verb.RETRY in live.later
    assert Verb.RETRY in idle.now


def test_the_configuration_says_who() -> None:
    config = RepositoryConfig(commands=(("retry", "admin"),))
    found = offers(Place(on_issue=False, live=False), ADA, Permission.WRITE, config)
    assert dict(found.refused)[Verb.RETRY] == "`retry` needs admin permission, and ada has write"


def test_on_an_issue_only_what_needs_no_pull_request() -> None:
    found = offers(Place(on_issue=True, live=False), ADA, Permission.WRITE, RepositoryConfig())
    assert set(found.now) == {Verb.ORCHESTRATE, Verb.ANSWER, Verb.BUDGET, Verb.STATUS, Verb.HELP}
