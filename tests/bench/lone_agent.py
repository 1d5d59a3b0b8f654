"""One agent of ours in a process of its own, as `side_by_side` starts it beside another agent.

python -m tests.bench.lone_agent ROOT TREE NAME MODEL_URL

A worker is warm when it starts an agent; here everything is started for a single one: database, git, sandbox, client, checkout.
"""

import sys
from pathlib import Path

from bot.adapters.model.openai_chat import warm_up
from bot.ids import TreeSha
from tests.bench.place import conversation, reopened


def main(root: str, tree: str, name: str, base_url: str) -> None:
    loading = warm_up()
    with reopened(Path(root), TreeSha(tree)) as here:
        loading.join()
        conversation(here.store, here.desk(name), base_url, name)


if __name__ == "__main__":
    main(*sys.argv[1:])
