"""Attacks 15 and 16: living longer than the command."""

import fcntl

from bot.core.ports import BoxLimits, Checkout
from bot.core.proofs.model import StoppedBy
from tests.adapters.sandbox.place import ONE_WORKER, Place
from tests.attacks.sandbox.attacking import attack

pytestmark = ONE_WORKER

DAEMON = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):
            signal.signal(number, signal.SIG_IGN)
        for number in range(3):
            os.close(number)
        lock = open("lock", "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        open("ready", "w").close()
        while True:
            time.sleep(0.01)
    os._exit(0)
while not os.path.exists("ready"):
    time.sleep(0.01)
"""
"""setsid, double fork, signals ignored, streams closed; holds a lock as long as it lives."""


def assert_dead(checkout: Checkout) -> None:
    assert (checkout.path / "ready").exists(), "there was a daemon"
    with (checkout.path / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_attack_15_daemon_at_time_out(place: Place, checkout: Checkout) -> None:
    """a daemon that is to survive the time-out (setsid, double fork, SIGTERM ignored) — SIGKILL to the pid namespace's first process"""
    outcome = attack(place, checkout, DAEMON + "time.sleep(600)", limits=BoxLimits(seconds=2))
    assert outcome.result.stopped_by is StoppedBy.TIME
    assert_dead(checkout)


def test_attack_16_daemon_at_regular_end(place: Place, checkout: Checkout) -> None:
    """a daemon that is to survive the command's regular end — the namespace ends with its command"""
    outcome = attack(place, checkout, DAEMON)
    assert (outcome.result.exit_code, outcome.result.stopped_by) == (0, StoppedBy.NOTHING)
    assert_dead(checkout)
