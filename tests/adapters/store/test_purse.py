"""Reservations: whoever asks at once, no cap is ever exceeded; a reply settles, a crash loses nothing, and months begin anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.core.chat import Message, Speaker
from bot.core.policy.model import Cap, Price
from bot.core.policy.purse import Answer, Caps, Exhausted, Reserved, Wait, Wanted
from bot.core.runs import Run, RunState, Stage
from bot.errors import NotThere
from bot.ids import AgentKey, RepoId, RunId, agent_key
from tests.adapters.store.test_together import THREADS, at_once
from tests.adapters.store.values import REPO, A, B, C, TickingClock, of_pull_request, reply, run

RUN = run().run_id
SAID = [Message(Speaker.ASSISTANT, "done")]
PRICE = Price(prompt=1_000.0, cached=100.0, completion=2_000.0)
"""A tenth of a cent for a token of a prompt, two for one of an answer: cents instead of millionths."""


def agent(number: int = 1, of: RunId = RUN) -> AgentKey:
    return agent_key(of, "implementer", f"T-{number}", 1)


def wanted(number: int = 1, prompt: int = 60, least: int = 10, most: int = 40, of: RunId = RUN) -> Wanted:
    return Wanted(agent(number, of), 1, prompt, least, most, PRICE)


def tokens(cap: int) -> Caps:
    return Caps(run=Cap(tokens=cap))


def settle(store: SqlStore, number: int = 1, used: int = 100, cost: float | None = 0.1, of: RunId = RUN) -> None:
    """A finished call of `used` tokens."""
    store.append(agent(number, of), SAID, reply=reply(prompt=used - 5, cost=cost))


@pytest.mark.parametrize("caps", [Caps(Cap(tokens=350)), Caps(Cap(usd=0.50))])
def test_of_sixteen_that_ask_at_once_only_as_many_may_as_the_cap_covers(store: SqlStore, caps: Caps) -> None:
    store.create_run(run())
    answers = at_once(lambda number: store.reserve(RUN, wanted(number), caps))
    assert [a for a in answers if isinstance(a, Reserved)] == [Reserved(40)] * 3
    assert sum(isinstance(a, Wait) for a in answers) == THREADS - 3


def test_what_settles_for_less_makes_room_and_what_is_spent_ends_it(store: SqlStore) -> None:
    store.create_run(run())
    caps = tokens(200)
    assert store.reserve(RUN, wanted(1), caps) == Reserved(40)
    assert store.reserve(RUN, wanted(2), caps) == Reserved(40)
    assert isinstance(store.reserve(RUN, wanted(3), caps), Wait)
    settle(store, 1, used=50)
    assert isinstance(store.reserve(RUN, wanted(3), caps), Wait), "half of it is room for nobody"
    settle(store, 2, used=50)
    assert store.reserve(RUN, wanted(3), caps) == Reserved(40)
    settle(store, 3, used=20)
    assert store.reserve(RUN, wanted(4), caps) == Reserved(20), "a shorter answer is better than none"
    settle(store, 4, used=20)
    last = store.reserve(RUN, wanted(5), caps)
    assert isinstance(last, Exhausted)
    assert "140 of 200 tokens are used" in last.reason


def test_asking_again_after_a_crash_replaces_what_was_held(store: SqlStore) -> None:
    store.create_run(run())
    for _ in range(5):
        assert store.reserve(RUN, wanted(1), tokens(100)) == Reserved(40)
    settle(store, 1, used=10)
    assert store.reserve(RUN, wanted(2, prompt=50), tokens(100)) == Reserved(40), "the reply settled it"


def test_what_is_let_go_or_released_is_free(store: SqlStore) -> None:
    store.create_run(run())
    store.reserve(RUN, wanted(1), tokens(100))
    store.let_go(agent(1))
    assert store.reserve(RUN, wanted(2), tokens(100)) == Reserved(40)
    store.release(RunId("run-other"))
    assert isinstance(store.reserve(RUN, wanted(3), tokens(100)), Wait)
    store.release(RUN)
    assert store.reserve(RUN, wanted(3), tokens(100)) == Reserved(40)


def test_a_run_that_is_not_there_has_no_purse(store: SqlStore) -> None:
    with pytest.raises(NotThere):
        store.reserve(RUN, wanted(), tokens(100))


def test_the_cap_of_a_spec_is_over_all_runs_of_it_on_its_pull_request(store: SqlStore) -> None:
    caps = Caps(Cap(tokens=1_000), specs=(("specs/a.md", Cap(tokens=150)),))
    first, second = store.create_run(run(A)), run(B, branch="b")
    elsewhere = store.create_run(of_pull_request(run(C, branch="c"), 8))
    for one, paths in ((first, ["specs/a.md", "specs/b.md"]), (elsewhere, ["specs/a.md"])):
        store.keep_run_specs(one.run_id, paths)
    settle(store, used=50, of=elsewhere.run_id)
    settle(store, used=60, of=first.run_id)
    store.create_run(second)
    store.keep_run_specs(second.run_id, ["specs/a.md"])
    answer = store.reserve(second.run_id, wanted(of=second.run_id), caps)
    assert answer == Reserved(30), "60 of the first run, none of the other pull request's"
    settle(store, used=85, of=second.run_id)
    ended = store.reserve(second.run_id, wanted(of=second.run_id), caps)
    assert isinstance(ended, Exhausted)
    assert "the budget of the spec specs/a.md is used up: 145 of 150" in ended.reason
    store.keep_run_specs(first.run_id, ["specs/b.md"])
    again = store.reserve(second.run_id, wanted(of=second.run_id, prompt=40), caps)
    assert again == Reserved(25), "what is kept again replaces what was kept before"


def months(store: SqlStore, clock: TickingClock, caps: Caps, one: Run) -> tuple[Answer, Answer]:
    """What is answered at the very end of November and at the very beginning of December."""
    clock.moment = datetime(2026, 11, 30, 23, 59, 50, tzinfo=UTC)
    before = store.reserve(one.run_id, wanted(9, of=one.run_id), caps)
    clock.moment = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    return before, store.reserve(one.run_id, wanted(9, of=one.run_id), caps)


@pytest.mark.parametrize("installation", [False, True])
def test_a_month_ends_at_midnight_utc(store: SqlStore, clock: TickingClock, installation: bool) -> None:
    mine = store.create_run(run(A))
    repo = mine.repo if not installation else replace(REPO, repo_id=RepoId(77))
    other = store.create_run(replace(run(B, branch="b"), run_id=RunId("run-other"), repo=repo))
    settle(store, used=95, of=other.run_id)
    cap = Cap(tokens=150)
    caps = Caps(Cap(tokens=1_000), installation=cap) if installation else Caps(Cap(tokens=1_000), repository=cap)
    before, after = months(store, clock, caps, mine)
    assert isinstance(before, Exhausted)
    assert "of this month" in before.reason or "for this month" in before.reason
    assert "/specbot budget" not in before.way_out, "a command does not raise the cap of a month"
    assert after == Reserved(40)


def test_a_call_counts_in_the_month_in_which_it_ended_and_what_is_held_counts_always(
    store: SqlStore, clock: TickingClock
) -> None:
    store.create_run(run())
    caps = Caps(Cap(tokens=1_000), repository=Cap(tokens=150))
    clock.moment = datetime(2026, 11, 30, 23, 59, 50, tzinfo=UTC)
    assert store.reserve(RUN, wanted(1), caps) == Reserved(40)
    clock.moment = datetime(2026, 12, 1, tzinfo=UTC)
    assert isinstance(store.reserve(RUN, wanted(2), caps), Wait)
    settle(store, 1, used=100)
    assert isinstance(store.reserve(RUN, wanted(2), caps), Exhausted)


def test_other_repositories_do_not_count_for_a_repositorys_month(store: SqlStore) -> None:
    other = store.create_run(
        replace(run(B), run_id=RunId("run-x"), repo=replace(REPO, repo_id=RepoId(77)), head_ref="x")
    )
    settle(store, used=140, of=other.run_id)
    store.create_run(run())
    assert store.reserve(RUN, wanted(), Caps(Cap(), repository=Cap(tokens=150))) == Reserved(40)


def test_only_time_of_work_counts(store: SqlStore, clock: TickingClock) -> None:
    caps = Caps(Cap(minutes=10))
    store.create_run(run())
    clock.moment += timedelta(minutes=6)
    assert store.reserve(RUN, wanted(), caps) == Reserved(40)
    store.update_run(RUN, state=RunState.WAITING, stage=Stage.ENDED)
    clock.moment += timedelta(days=3)
    store.update_run(RUN, state=RunState.QUEUED, stage=Stage.ADMISSION, segment=2)
    clock.moment += timedelta(minutes=3)
    assert store.reserve(RUN, wanted(), caps) == Reserved(40)
    clock.moment += timedelta(minutes=2)
    ended = store.reserve(RUN, wanted(), caps)
    assert isinstance(ended, Exhausted)
    assert "its 10 minutes are over" in ended.reason


def test_a_months_minutes_are_those_of_the_month(store: SqlStore, clock: TickingClock) -> None:
    store.create_run(run())
    caps = Caps(Cap(), repository=Cap(minutes=10))
    clock.moment = datetime(2026, 12, 1, 0, 9, tzinfo=UTC)
    assert store.reserve(RUN, wanted(), caps) == Reserved(40), "nine minutes of December, and days of November"
    clock.moment = datetime(2026, 12, 1, 0, 10, tzinfo=UTC)
    assert isinstance(store.reserve(RUN, wanted(), caps), Exhausted)


def test_a_call_of_unknown_price_ends_a_budget_in_usd_and_no_other(store: SqlStore) -> None:
    store.create_run(run())
    settle(store, 1, cost=None)
    assert store.reserve(RUN, wanted(2), tokens(1_000)) == Reserved(40)
    store.let_go(agent(2))
    ended = store.reserve(RUN, wanted(2), Caps(Cap(usd=100.0)))
    assert isinstance(ended, Exhausted)
    assert "price of a model call is not known" in ended.reason
