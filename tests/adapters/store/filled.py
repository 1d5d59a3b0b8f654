"""A store with something in every table, and what must be read back from it for ever.

`python -m tests.adapters.store.filled OUT.sql` writes the dump of a new schema version; dumps of old versions are never rewritten.
"""

import sqlite3
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from bot.adapters.store import SqlStore, migrate
from bot.core.chat import Message, Speaker
from bot.core.policy.model import Cap, Price
from bot.core.policy.purse import Caps, Reserved, Wanted
from bot.core.ports import Snapshot
from bot.core.runs import RunState, Stage
from bot.ids import DeliveryId, TreeSha, agent_key
from tests.adapters.store.values import PR, REPO, START, A, B, TickingClock, command, delivery, executed, reply, run

RUN = run().run_id
AGENT = agent_key(RUN, "implementer", "T-1", 1)


def fill(store: SqlStore) -> None:
    """The calls that made the golden databases; a later version may only add to them."""
    store.add_delivery(delivery("g-1"))
    store.add_delivery(
        delivery("g-2", event="issue_comment", at=START + timedelta(seconds=5), body=b'{"b": "\xc3\xa9"}')
    )
    store.settle_delivery(DeliveryId("g-1"), "one command", [command("c:1")], [(REPO.repo_id, PR, A)])
    store.see_head(REPO.repo_id, PR, B)
    store.add_command(command("c:2", text="/specbot retry \u202e"))
    store.settle_command(command("c:1").command_id, "started")
    store.create_run(run())
    store.update_run(RUN, state=RunState.DONE, stage=Stage.ENDED, reason="all proven", candidate=B, published=True)
    store.create_run(run(B, state=RunState.QUEUED))
    store.append(AGENT, [Message(Speaker.USER, "do it")])
    snapshot = Snapshot(TreeSha("1" * 40), b"\x00bundle")
    store.append(AGENT, [Message(Speaker.ASSISTANT, "done")], reply=reply(), snapshot=snapshot)
    store.finish(AGENT, '{"v":1}')
    store.keep_executed(executed())
    store.keep_note(RUN, "report", '{"v":1}')
    store.append_ledger(REPO.repo_id, PR, "proof/1", '{"kind":"proof","v":1}')
    store.append_ledger(REPO.repo_id, PR, "proof/2", '{"kind":"proof","v":1}')
    store.keep_post("check/x", 3_000_000_001)
    store.emit(RUN, "stage", "verify")
    store.beat("worker-1")
    store.keep_run_specs(RUN, ["specs/a.md", "specs/b.md"])
    wanted = Wanted(AGENT, 2, prompt=1_000, least=100, most=500, price=Price(1.0, 0.1, 2.0))
    assert store.reserve(RUN, wanted, Caps(Cap(tokens=2_000))) == Reserved(500)


def dump(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        migrate(f"sqlite:///{path}")
        store = SqlStore(f"sqlite:///{path}", clock=TickingClock())
        fill(store)
        store.close()
        connection = sqlite3.connect(path)
        out.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
        connection.close()


if __name__ == "__main__":
    dump(Path(sys.argv[1]))
