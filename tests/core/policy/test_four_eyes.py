"""Where two people are needed, the one behind the change is not the other."""

from dataclasses import replace

import pytest

from bot.core.events.model import Verb
from bot.core.policy.four_eyes import DECIDING, four_eyes
from bot.core.policy.model import RepositoryConfig
from bot.core.pulls import Person, PullRequest
from bot.core.runs import Run, RunState
from bot.ids import PrNumber, Sha, UserId
from tests.reporting.reports import REPO, run

ADA, GRACE, LINUS = (Person(UserId(number), login) for number, login in ((1, "ada"), (2, "grace"), (3, "linus")))
TWO = RepositoryConfig(four_eyes=True)
PULL = PullRequest(
    REPO, PrNumber(3), "", "", True, False, False, Sha("a" * 40), "topic", REPO.repo_id, Sha("b" * 40), "main", ADA, ""
)


def by(person: Person, *, verify_only: bool = False) -> Run:
    return replace(run(RunState.DONE), requester=person, verify_only=verify_only)


@pytest.mark.parametrize("verb", sorted(DECIDING))
def test_who_opened_or_pushed_does_not_decide(verb: Verb) -> None:
    runs = [by(GRACE), by(LINUS, verify_only=True)]
    for person, part in ((ADA, "opened this pull request"), (GRACE, "pushed to it")):
        decision = four_eyes(verb, person, PULL, runs, TWO)
        assert not decision.allowed
        assert part in decision.reasons[0]
        assert person.login in decision.reasons[0]
        assert four_eyes(verb, person, PULL, runs, RepositoryConfig()).allowed
    assert four_eyes(verb, LINUS, PULL, runs, TWO).allowed, (
        "who only had the proofs run again has no part in the change"
    )


def test_people_are_told_by_their_ids() -> None:
    renamed = replace(ADA, login="somebody")
    assert not four_eyes(Verb.ACCEPT, renamed, PULL, [], TWO).allowed
    assert four_eyes(Verb.ACCEPT, replace(LINUS, login="ada"), PULL, [], TWO).allowed


def test_what_decides_nothing_is_for_everybody() -> None:
    for verb in set(Verb) - DECIDING:
        assert four_eyes(verb, ADA, PULL, [by(ADA)], TWO).allowed
