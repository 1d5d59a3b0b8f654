"""Who may ask for what."""

import pytest

from bot.core.events.model import OWN_VERBS, Verb
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.rights import may
from bot.core.pulls import Permission, Person
from bot.ids import UserId

ADA = Person(UserId(1), "ada")


def allowed(verb: Verb, permission: Permission, *, needs: str = "write", actor: Person = ADA) -> bool:
    decision = may(verb, permission, RepositoryConfig(command_permission=needs), actor=actor)
    assert decision.reasons
    assert all(reason.strip() for reason in decision.reasons)
    return decision.allowed


@pytest.mark.parametrize("verb", [Verb.RETRY, Verb.STOP, Verb.VERIFY])
def test_what_costs_needs_write(verb: Verb) -> None:
    assert [allowed(verb, p) for p in Permission] == [False, False, False, True, True, True]


@pytest.mark.parametrize("verb", [Verb.HELP, Verb.STATUS, Verb.UNKNOWN])
def test_answers_need_read(verb: Verb) -> None:
    assert [allowed(verb, p, needs="admin") for p in Permission] == [False, True, True, True, True, True]


def test_owners_may_ask_for_more() -> None:
    assert [allowed(Verb.RETRY, p, needs="maintain") for p in Permission] == [False, False, False, False, True, True]


def test_whatever_is_unknown_is_refused() -> None:
    assert not allowed(Verb.RETRY, Permission.ADMIN, needs="everybody")
    assert not allowed(Verb.RETRY, Permission.ADMIN, needs="none")
    assert not allowed(Verb.RETRY, "owner")  # type: ignore[arg-type]  # what a future GitHub may answer
    assert not allowed(Verb.RECONCILE, Permission.ADMIN)


def test_bots_give_no_commands() -> None:
    assert not allowed(Verb.HELP, Permission.ADMIN, actor=Person(UserId(2), "helper[bot]", is_bot=True))


def test_a_refusal_names_what_is_needed_and_what_is_there() -> None:
    decision = may(Verb.STOP, Permission.READ, RepositoryConfig(), actor=ADA)
    assert decision.reasons == ("`stop` needs write permission, and ada has read",)


def test_every_verb_is_decided_on_purpose() -> None:
    for_nobody = {verb for verb in Verb if not allowed(verb, Permission.ADMIN)}
    assert for_nobody == OWN_VERBS
