"""Many threads and many processes at once: each promise is kept by the database."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.adapters.store import SqlStore
from bot.core.chat import Message, Speaker
from bot.errors import Refused
from bot.ids import DeliveryId, RunId, agent_key
from tests.adapters.store.values import PR, REPO, A, B, C, command, delivery, reply, run

T = TypeVar("T")

THREADS = 16


def at_once(work: Callable[[int], T]) -> list[T]:
    """The results of `work(0)` to `work(15)`, all started at the same moment."""
    barrier = threading.Barrier(THREADS, timeout=20)

    def started(number: int) -> T:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(started, range(THREADS)))


def test_sixteen_copies_of_one_delivery_make_one_row(store: SqlStore) -> None:
    assert sorted(at_once(lambda _: store.add_delivery(delivery("same")))) == [False] * 15 + [True]
    assert len(store.pending_deliveries(100)) == 1


def test_sixteen_settlings_record_the_commands_once(store: SqlStore) -> None:
    store.add_delivery(delivery("g-1"))
    at_once(lambda n: store.settle_delivery(DeliveryId("g-1"), "", [command(f"c:{n}")], [(REPO.repo_id, PR, A)]))
    assert len(store.pending_commands(100)) == 1
    assert len(store.heads(REPO.repo_id, PR)) == 1


def test_sixteen_starts_make_one_run(store: SqlStore) -> None:
    made = at_once(lambda _: store.create_run(run()))
    assert {found.run_id for found in made} == {run().run_id}
    assert len(store.runs_of(REPO.repo_id, PR)) == 1


def test_of_sixteen_rivals_for_a_branch_one_wins(store: SqlStore) -> None:
    def rival(number: int) -> bool:
        try:
            store.create_run(run([A, B, C][number % 3], attempt=number + 1))
        except Refused:
            return False
        return True

    assert sum(at_once(rival)) == 1
    assert sum(found.state.live for found in store.runs_of(REPO.repo_id, PR)) == 1


def test_numbers_have_no_gaps_and_no_doubles(store: SqlStore) -> None:
    assert sorted(at_once(lambda n: store.emit(RunId("r"), "log", str(n)))) == list(range(1, 17))


def test_appends_of_many_threads_lose_nothing(store: SqlStore) -> None:
    agent = agent_key(RunId("r"), "implementer", "T-1", 1)
    at_once(
        lambda n: store.append(agent, [Message(Speaker.USER, f"{n}a"), Message(Speaker.USER, f"{n}b")], reply=reply())
    )
    found = store.load(agent)
    texts = [message.text for message in found.messages]
    assert sorted(texts) == sorted(f"{n}{part}" for n in range(16) for part in "ab")
    assert all(texts[at][:-1] == texts[at + 1][:-1] for at in range(0, 32, 2)), "an append's messages stand together"
    assert found.turns == 16


def test_the_same_heads_and_workers_from_many_threads(store: SqlStore) -> None:
    at_once(lambda n: (store.see_head(REPO.repo_id, PR, A), store.beat(f"w-{n % 4}"), store.keep_post("p", n)))
    assert [seen.sha for seen in store.heads(REPO.repo_id, PR)] == [A]
    assert len(store.workers(3600)) == 4


PROCESS = """
import sys
from datetime import UTC, datetime
from bot.adapters.store import SqlStore
from bot.core.events.model import Delivery
store = SqlStore(sys.argv[1], busy_seconds=30)
sys.stdin.read()
mine = [store.add_delivery(Delivery(f"g-{n}", "push", b"{}", datetime.now(UTC))) for n in range(25)]
numbers = [store.emit("r", "log", sys.argv[2]) for _ in range(25)]
store.close()
print(sum(mine), *numbers)
"""


def test_four_processes_share_one_database(store: SqlStore, url: str) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, url, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    answers = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert all(worker.returncode == 0 for worker in workers)
    assert sum(int(answer[0]) for answer in answers) == 25
    assert sorted(int(number) for answer in answers for number in answer[1:]) == list(range(1, 101))
    assert len(store.pending_deliveries(1000)) == 25
