"""Deliveries, commands and heads."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.adapters.store import SqlStore
from bot.errors import NotThere
from bot.ids import CommandId, DeliveryId, PrNumber, Sha
from tests.adapters.store.values import PR, REPO, START, A, B, TickingClock, command, delivery


def test_a_delivery_is_kept_whole_and_once(store: SqlStore) -> None:
    first = delivery("g-1", body=b'\x00\xff{"raw": "bytes"}')
    assert store.add_delivery(first) is True
    assert store.add_delivery(delivery("g-1", event="other")) is False
    assert store.pending_deliveries(10) == (first,)


def test_deliveries_come_back_in_the_order_they_came(store: SqlStore) -> None:
    for number in range(5):
        store.add_delivery(delivery(f"g-{number}", at=START - timedelta(seconds=number)))
    assert [found.delivery_id for found in store.pending_deliveries(3)] == ["g-0", "g-1", "g-2"]


def test_settling_records_outcome_commands_and_heads_together(store: SqlStore) -> None:
    store.add_delivery(delivery("g-1"))
    store.settle_delivery(DeliveryId("g-1"), "2 commands", [command("c:1"), command("c:2")], [(REPO.repo_id, PR, A)])
    assert store.pending_deliveries(10) == ()
    assert [found.command_id for found in store.pending_commands(10)] == ["c:1", "c:2"]
    assert [(seen.sha, seen.seen_at) for seen in store.heads(REPO.repo_id, PR)] == [(A, START)]


def test_settling_twice_adds_nothing(store: SqlStore) -> None:
    store.add_delivery(delivery("g-1"))
    store.settle_delivery(DeliveryId("g-1"), "first", [command("c:1")], [])
    store.settle_delivery(DeliveryId("g-1"), "second", [command("c:2")], [(REPO.repo_id, PR, B)])
    assert [found.command_id for found in store.pending_commands(10)] == ["c:1"]
    assert store.heads(REPO.repo_id, PR) == ()


def test_a_delivery_that_never_came_cannot_be_settled(store: SqlStore) -> None:
    with pytest.raises(NotThere):
        store.settle_delivery(DeliveryId("ghost"), "", [], [])


def test_a_failing_part_undoes_the_whole_settling(store: SqlStore) -> None:
    """Nothing is recorded of a delivery whose record could not be finished."""
    store.add_delivery(delivery("g-1"))
    impossible = (REPO.repo_id, None, A)
    with pytest.raises(IntegrityError):
        store.settle_delivery(DeliveryId("g-1"), "", [command("c:1")], [impossible])  # type: ignore[list-item]
    assert store.pending_commands(10) == ()
    assert len(store.pending_deliveries(10)) == 1


def test_a_command_is_unique_by_its_source(store: SqlStore) -> None:
    assert store.add_command(command("comment:1:1")) is True
    assert store.add_command(command("comment:1:1", text="other")) is False
    assert store.pending_commands(10) == (command("comment:1:1"),)


def test_hostile_text_comes_back_as_it_was(store: SqlStore) -> None:
    hostile = command("comment:2:1", text="a\x00b \ud800 \u202e 🜏")
    store.add_command(hostile)
    assert store.pending_commands(1) == (hostile,)


def test_a_settled_command_is_gone_and_stays_known(store: SqlStore) -> None:
    store.add_command(command("c:1"))
    store.settle_command(CommandId("c:1"), "started run-1")
    store.settle_command(CommandId("c:1"), "again")
    assert store.pending_commands(10) == ()
    assert store.add_command(command("c:1")) is False


def test_a_head_is_recorded_when_it_moves_also_when_it_moves_back(store: SqlStore) -> None:
    for sha in (A, A, B, B, A):
        store.see_head(REPO.repo_id, PR, sha)
    assert [seen.sha for seen in store.heads(REPO.repo_id, PR)] == [A, B, A]
    assert store.heads(REPO.repo_id, PrNumber(8)) == ()


def test_heads_stand_in_the_order_they_were_received_not_understood(store: SqlStore, clock: TickingClock) -> None:
    """The delivery of the older push is understood after that of the newer one."""
    store.add_delivery(delivery("newer", at=START + timedelta(seconds=20)))
    store.add_delivery(delivery("older", at=START + timedelta(seconds=10)))
    store.settle_delivery(DeliveryId("newer"), "", [], [(REPO.repo_id, PR, B)])
    store.settle_delivery(DeliveryId("older"), "", [], [(REPO.repo_id, PR, A)])
    assert [seen.sha for seen in store.heads(REPO.repo_id, PR)] == [A, B]
    clock.moment = START + timedelta(seconds=30)
    store.see_head(REPO.repo_id, PR, Sha(B))
    assert [seen.sha for seen in store.heads(REPO.repo_id, PR)] == [A, B]
