"""How long a box takes to start and end."""

import asyncio
import subprocess

from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT
from bot.core.ports import BoxLimits
from tests.bench.measuring import Row, in_turns, seconds, times
from tests.bench.place import folder, place

TURNS = 25


def measure() -> list[Row]:
    with folder() as root, place(root, {"a.py": b"one = 1\n"}) as here, asyncio.Runner() as loop:
        checkout = here.desk("box").checkout

        def boxed() -> None:
            ended = loop.run(
                here.sandbox.run(checkout, ["/bin/true"], environment=NO_ENVIRONMENT, limits=BoxLimits(seconds=30))
            )
            assert ended.exit_code == 0, ended

        def bare() -> None:
            subprocess.run(["/bin/true"], check=True)

        taken = in_turns({"box": seconds(boxed), "bare": seconds(bare)}, TURNS)
    meaning = "what isolation adds to each command an agent or a proof runs: namespaces, mounts, filter, limits, and the certain end"
    return [times("`true` in a box", taken["box"], "`true` without one", taken["bare"], meaning)]
