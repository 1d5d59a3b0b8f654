"""The ledger's chain holds, whoever writes at once."""

from concurrent.futures import ThreadPoolExecutor

from bot.adapters.store import SqlStore
from bot.core.proofs.ledger import GENESIS, audit, chain_hash, record
from bot.ids import PrNumber
from tests.adapters.store.values import PR, REPO


def test_records_are_chained_in_order(store: SqlStore) -> None:
    one, two = record("proof", {"x": 1}), record("proof", {"x": 2})
    first = store.append_ledger(REPO.repo_id, PR, "proof/1", one)
    second = store.append_ledger(REPO.repo_id, PR, "proof/2", two)
    assert first == chain_hash(GENESIS, one)
    assert second == chain_hash(first, two)
    assert store.ledger(REPO.repo_id, PR) == ((1, GENESIS, first, one), (2, first, second, two))
    assert audit(store.ledger(REPO.repo_id, PR)) == ()


def test_a_key_is_written_once_and_the_head_is_returned(store: SqlStore) -> None:
    store.append_ledger(REPO.repo_id, PR, "a", "{}")
    head = store.append_ledger(REPO.repo_id, PR, "b", "{}")
    assert store.append_ledger(REPO.repo_id, PR, "a", '{"changed":true}') == head
    assert len(store.ledger(REPO.repo_id, PR)) == 2


def test_each_pull_request_has_its_own_chain(store: SqlStore) -> None:
    store.append_ledger(REPO.repo_id, PR, "a", "{}")
    store.append_ledger(REPO.repo_id, PrNumber(8), "a", "{}")
    assert [row[0] for row in store.ledger(REPO.repo_id, PrNumber(8))] == [1]


def test_hostile_text_does_not_break_the_chain(store: SqlStore) -> None:
    store.append_ledger(REPO.repo_id, PR, "a", "x\x00\ud800y")
    assert [fault for fault in audit(store.ledger(REPO.repo_id, PR)) if "hash" in fault.message] == []
    [(_, previous, own, body)] = store.ledger(REPO.repo_id, PR)
    assert own == chain_hash(previous, body)


def test_sixteen_writers_make_one_chain(store: SqlStore) -> None:
    body = record("proof", {})
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: store.append_ledger(REPO.repo_id, PR, f"k{n % 24}", body), range(48)))
    rows = store.ledger(REPO.repo_id, PR)
    assert [row[0] for row in rows] == list(range(1, 25))
    assert audit(rows) == ()
