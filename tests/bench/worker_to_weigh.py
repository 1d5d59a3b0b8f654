"""The worker that `memory` weighs: its own process, the engine launched, and as many agents as it is told on standard input.

Their checkouts are plain folders: git and boxes are processes of their own, which this one does not carry.

python -m tests.bench.worker_to_weigh FILES
< 4            > (the weight in bytes, at `weigh`)
< weigh        > "done" when the agents have handed in
"""

import asyncio
import json
import os
import sys
import threading

import psutil

from bot.adapters.model.endpoints import Endpoints
from bot.adapters.model.openai_chat import warm_up
from bot.adapters.store.migrate import migrate
from bot.adapters.store.store import SqlStore
from bot.agents.desk import Desk
from bot.app import build_house, engine_url, working
from bot.settings import load_settings
from tests.bench.place import agent, sources
from tests.support.plain_desk import plain_desk


def main(count: str) -> None:
    settings = load_settings(os.environ)
    migrate(settings.database_url.reveal())
    store = SqlStore(settings.database_url.reveal())
    house = build_house(settings, store)
    assert isinstance(house.model, Endpoints)
    with working(house, engine_url(settings)):
        house.sandbox.probe()
        warm_up().join()
        files = {path: text.decode() for path, text in sources(int(count)).items()}
        _say(_weight())
        while (size := sys.stdin.readline().strip()).isdigit():
            desks = [plain_desk(settings.state_dir / f"{size}-{number}", files) for number in range(int(size))]
            crowd = threading.Thread(target=asyncio.run, args=(_all_at_work(store, house.model, desks, size),))
            crowd.start()
            assert sys.stdin.readline().strip() == "weigh"
            _say(_weight())
            crowd.join()
            _say("done")
    store.close()


async def _all_at_work(store: SqlStore, model: Endpoints, desks: list[Desk], size: str) -> None:
    async with asyncio.TaskGroup() as group:
        for number, desk in enumerate(desks):
            group.create_task(agent(store, model, desk, f"run-{size}-{number}"))
    await model.aclose()


def _weight() -> int:
    return int(psutil.Process().memory_info().rss)


def _say(word: object) -> None:
    sys.stdout.write(json.dumps(word) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
