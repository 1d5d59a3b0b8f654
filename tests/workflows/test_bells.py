"""Whoever looks first and then listens misses nothing, and nobody hears another run's bell."""

import asyncio
import threading
import time

from bot.ids import RunId
from bot.workflows.bells import Bells

LONG = 30.0
"""Seconds that no test waits for: the bell rings before."""

RUN = RunId("run-1")


def test_a_ring_from_another_thread_wakes_the_listener() -> None:
    bells = Bells()

    async def listen() -> None:
        with bells.listening(RUN) as bell:
            ringing = threading.Thread(target=bells.ring, args=(RUN,))
            ringing.start()
            await bell.heard(LONG)
            ringing.join()

    started = time.monotonic()
    asyncio.run(listen())
    assert time.monotonic() - started < LONG


def test_rings_before_listening_are_heard_once() -> None:
    bells = Bells()

    async def listen() -> float:
        with bells.listening(RUN) as bell:
            bells.ring(RUN)
            bells.ring(RUN)
            await bell.heard(LONG)
            heard = time.monotonic()
            await bell.heard(0.05)
            return time.monotonic() - heard

    assert asyncio.run(listen()) >= 0.04


def test_only_the_runs_own_listeners_hear_it() -> None:
    bells = Bells()

    async def listen() -> list[bool]:
        other = RunId("run-2")
        with bells.listening(RUN) as one, bells.listening(RUN) as two, bells.listening(other) as third:
            bells.ring(RUN)
            await asyncio.sleep(0)
            return [bell.rung.is_set() for bell in (one, two, third)]

    assert asyncio.run(listen()) == [True, True, False]


def test_nobody_need_listen() -> None:
    bells = Bells()

    async def listen() -> None:
        with bells.listening(RUN):
            pass
        bells.ring(RUN)

    asyncio.run(listen())
    bells.ring(RUN)
