"""Running commands in the box: endings, limits, output, time-outs, cancelling."""

import asyncio
import fcntl
import hashlib
import os
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path

import pytest

from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT
from bot.core.ports import BoxLimits, BoxResult, Checkout
from bot.core.proofs.model import StoppedBy
from bot.errors import Unsafe
from tests.adapters.sandbox.place import ONE_WORKER, Place, is_root, run

pytestmark = ONE_WORKER

HOLD = """python3 - <<'END'
import fcntl, os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        lock = open("/ws/lock", "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        open("/ws/ready", "w").close()
        time.sleep(600)
    os._exit(0)
while not os.path.exists("/ws/ready"):
    time.sleep(0.01)
END
"""
"""Leaves a daemon behind that holds a lock on a file of the checkout as long as it lives."""


def assert_nobody_holds(lock: Path) -> None:
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_the_exit_status_and_both_streams_come_out(place: Place, checkout: Checkout) -> None:
    result = run(place.sandbox, checkout, "echo out; echo err >&2; exit 3")
    assert (result.exit_code, result.stopped_by, result.broken) == (3, StoppedBy.NOTHING, "")
    assert result.output == b"out\nerr\n"
    assert result.output_bytes == 8
    assert result.output_digest == hashlib.sha256(b"out\nerr\n").hexdigest()


def test_a_missing_program_is_what_a_shell_would_say(place: Place, checkout: Checkout) -> None:
    result = asyncio.run(
        place.sandbox.run(checkout, ["/no/such"], environment=NO_ENVIRONMENT, limits=BoxLimits(seconds=5))
    )
    assert (result.exit_code, result.broken) == (127, "")


def test_what_it_writes_in_the_checkout_stays_and_belongs_to_the_box(place: Place, checkout: Checkout) -> None:
    assert run(place.sandbox, checkout, "mkdir -p a && echo hello > a/b && pwd").output == b"/ws\n"
    assert (checkout.path / "a" / "b").read_text() == "hello\n"
    assert (checkout.path / "a" / "b").stat().st_uid == (checkout.box_uid if is_root() else os.getuid())


def test_a_reader_cannot_write(place: Place, checkout: Checkout) -> None:
    place.sandbox.write(checkout, "a.txt", b"as it was")
    result = run(place.sandbox, checkout, "echo x > a.txt || cat a.txt; touch /tmp/mine && echo yes", writable=False)
    assert b"as it was" in result.output
    assert b"yes" in result.output


def test_a_command_that_hangs_is_ended_at_its_time(place: Place, checkout: Checkout) -> None:
    result = run(place.sandbox, checkout, "echo begun; sleep 600", seconds=0.5)
    assert (result.exit_code, result.stopped_by, result.output) == (None, StoppedBy.TIME, b"begun\n")
    assert 0.5 <= result.seconds < 10


def test_nothing_survives_a_time_out(place: Place, checkout: Checkout) -> None:
    assert run(place.sandbox, checkout, HOLD + "sleep 600", seconds=2.0).stopped_by is StoppedBy.TIME
    assert_nobody_holds(checkout.path / "lock")


def test_cancelling_kills_everything_before_it_returns(place: Place, checkout: Checkout) -> None:
    async def cancelled() -> None:
        work = asyncio.ensure_future(
            place.sandbox.run(
                checkout,
                ["/bin/bash", "-c", HOLD + "sleep 600"],
                environment=NO_ENVIRONMENT,
                limits=BoxLimits(seconds=60),
            )
        )
        async with asyncio.timeout(20):
            while not (checkout.path / "ready").exists():
                await asyncio.sleep(0.01)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        assert work.cancelled()
        assert_nobody_holds(checkout.path / "lock")

    asyncio.run(cancelled())


@pytest.mark.parametrize("after", [0.0, 0.001, 0.004, 0.012])
def test_cancelling_at_any_moment_of_the_start_leaves_nothing(place: Place, checkout: Checkout, after: float) -> None:
    async def cancelled() -> None:
        work = asyncio.ensure_future(
            place.sandbox.run(
                checkout,
                ["/bin/sh", "-c", "exec 9> /ws/lock; flock 9; sleep 600"],
                environment=NO_ENVIRONMENT,
                limits=BoxLimits(seconds=60),
            )
        )
        await asyncio.sleep(after)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    (checkout.path / "lock").touch()
    before, others = set(os.listdir("/proc/self/fd")), children()
    asyncio.run(cancelled())
    assert_nobody_holds(checkout.path / "lock")
    assert set(os.listdir("/proc/self/fd")) <= before
    assert children() == others
    assert processes_of(checkout.box_uid) == []


def processes_of(uid: int | None) -> list[str]:
    """All of a uid's processes, zombies included; none for None (a normal user's boxes share the user's uid)."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            text = status.read_text()
            if uid is not None and f"\nUid:\t{uid}\t" in text:
                found.append(text)
    return found


def test_not_even_zombies_are_left(place: Place, checkout: Checkout) -> None:
    """In a container nobody may be there to take them away."""
    for script in ("true", "sleep 600 & sleep 600 &", "exec false", "kill -9 $$", HOLD):
        run(place.sandbox, checkout, script)
        assert processes_of(checkout.box_uid) == []
    assert run(place.sandbox, checkout, HOLD + "sleep 600", seconds=1.0).stopped_by is StoppedBy.TIME
    assert processes_of(checkout.box_uid) == []


def children() -> set[int]:
    tasks = Path("/proc/self/task").iterdir()
    return {int(pid) for task in tasks for pid in (task / "children").read_text().split()}


def test_long_output_keeps_its_beginning_and_its_end(place: Place, checkout: Checkout) -> None:
    limits = BoxLimits(seconds=20, output_bytes=1000)
    result = run(place.sandbox, checkout, "echo first; seq 1 50000; echo last", limits=limits)
    assert result.output.startswith(b"first\n1\n2\n")
    assert result.output.endswith(b"50000\nlast\n")
    assert b"bytes left out" in result.output
    whole = b"first\n" + b"".join(b"%d\n" % n for n in range(1, 50001)) + b"last\n"
    assert (result.output_bytes, result.output_digest) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert len(result.output) < 1100


def test_variables_are_the_given_ones_and_no_others(place: Place, checkout: Checkout) -> None:
    result = asyncio.run(
        place.sandbox.run(
            checkout,
            ["/usr/bin/env"],
            environment=NO_ENVIRONMENT,
            limits=BoxLimits(seconds=5),
            variables={"PLAN": "a b\nc"},
        )
    )
    names = {line.split(b"=")[0] for line in result.output.splitlines() if b"=" in line}
    assert b"PLAN=a b\nc" in result.output
    assert names == {
        *(b"HOME", b"USER", b"LOGNAME", b"SHELL", b"LANG", b"TZ", b"TERM", b"TMPDIR", b"CI", b"PATH", b"PWD", b"PLAN"),
        *(b"GIT_TERMINAL_PROMPT", b"PYTHONDONTWRITEBYTECODE", b"PYTHONHASHSEED"),
    }


def test_words_with_nul_characters_are_refused(place: Place, checkout: Checkout) -> None:
    with pytest.raises(Unsafe):
        run(place.sandbox, checkout, "echo a\0b")


def test_many_boxes_at_once_from_several_threads(place: Place) -> None:
    results: list[BoxResult] = []

    async def some() -> None:
        with place.checkout() as one, place.checkout() as two:
            done = await asyncio.gather(
                *(
                    place.sandbox.run(
                        where,
                        ["/bin/sh", "-c", f"sleep 0.1; echo {n}"],
                        environment=NO_ENVIRONMENT,
                        limits=BoxLimits(seconds=30),
                    )
                    for n, where in enumerate((one, two, one, two))
                )
            )
            results.extend(done)

    threads = [threading.Thread(target=asyncio.run, args=(some(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(result.output for result in results) == sorted([b"0\n", b"1\n", b"2\n", b"3\n"] * 3)


def test_boxes_start_quickly_and_leave_no_descriptors(place: Place, checkout: Checkout) -> None:
    async def times() -> list[float]:
        taken = []
        for _ in range(20):
            started = time.perf_counter()
            await place.sandbox.run(checkout, ["/bin/true"], environment=NO_ENVIRONMENT, limits=BoxLimits(seconds=5))
            taken.append(time.perf_counter() - started)
        return sorted(taken)

    before = set(os.listdir("/proc/self/fd"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        taken = asyncio.run(times())
    assert set(os.listdir("/proc/self/fd")) <= before
    assert taken[10] < 0.5, "measured: 10 ms on an idle machine"
