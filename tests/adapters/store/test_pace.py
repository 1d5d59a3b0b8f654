"""Writes are counted where all workers meet, and the count outlives them."""

from datetime import timedelta

from bot.adapters.store import SqlStore
from bot.core.pace import Importance
from bot.ids import InstallationId
from tests.adapters.store.values import TickingClock

ONE, OTHER = InstallationId(5), InstallationId(51)


def test_two_workers_share_the_room_and_a_new_one_knows_what_was_sent(
    url: str, store: SqlStore, clock: TickingClock
) -> None:
    second = SqlStore(url, clock=clock)
    clock.step = timedelta(0)
    answers = [one.take_room(ONE, Importance.END, 0) for one in (store, second) * 35]
    assert answers == [0.0] * 70
    third = SqlStore(url, clock=clock)
    assert 60 <= third.take_room(ONE, Importance.END, 0) <= 70
    assert third.take_room(OTHER, Importance.END, 0) == 0.0, "another installation has room of its own"
    assert store.post("pace/5/1") is None
    second.close()
    third.close()


def test_old_counts_are_forgotten(store: SqlStore, clock: TickingClock) -> None:
    store.keep_post("check/of/something", 7)
    store.take_room(OTHER, Importance.END, 0)
    counted = []
    for _ in range(3):
        store.take_room(ONE, Importance.END, 0)
        counted.append(int(clock.now().timestamp() // 10))
        clock.moment += timedelta(hours=2)
    assert [store.post(f"pace/5/{slot}") for slot in counted] == [None, None, 1]
    assert store.post("check/of/something") == 7
