"""How a worker takes over from a dead one: at once on the same host, with pauses that go on, and as often as it takes."""

import os
import socket
import subprocess
import sys
from itertools import pairwise

import pytest

from bot.hub import Fault
from bot.workflows.engine import LEASE_SECONDS, process_gone, worker_id
from tests.faults.tales import as_if_nothing_happened, tell, undisturbed

PAUSE = 6
"""Seconds that GitHub wants: longer than a worker takes to be replaced."""


def test_a_dead_process_of_this_host_is_known_at_once() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host = socket.gethostname()
    assert process_gone(f"{host}:{ended.pid}:0a1b2c3d")
    assert process_gone(f"{host}:{os.getpid()}:0a1b2c3d"), "an earlier boot in the same container"
    assert not process_gone(f"{host}:{os.getppid()}:0a1b2c3d")
    assert not process_gone(f"{host}-2:{ended.pid}:0a1b2c3d"), "another host's processes cannot be seen"
    assert worker_id() != worker_id()


@pytest.mark.soak
def test_work_goes_on_long_before_the_dead_workers_lease_has_ended() -> None:
    expected = undisturbed("published")
    told = tell("published", points=["after insert run_events step.finished prove the head #1"])
    as_if_nothing_happened(told, expected)
    assert len(told.deaths) == 1
    assert max((after - before).total_seconds() for before, after in pairwise(told.times)) < LEASE_SECONDS


@pytest.mark.soak
def test_a_pause_goes_on_where_the_dead_worker_left_it() -> None:
    limit = Fault("secondary_limit", method="POST", path="/reactions$", retry_after=PAUSE)
    told = tell(
        "published", troubles=[limit], points=["after update workflow_status, insert operation_outputs DBOS.sleep #1"]
    )
    assert len(told.deaths) == 1
    as_if_nothing_happened(told, undisturbed("published"))
    limited, answered = told.reactions
    assert (answered - limited).total_seconds() >= PAUSE


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ["published", "kept"])
def test_a_worker_that_dies_at_every_single_event(name: str) -> None:
    expected = undisturbed(name)
    events = [point for point in expected.points if point.startswith("after insert run_events")]
    first = list(dict.fromkeys(f"{point.rpartition(' #')[0]} #1" for point in events))
    told = tell(name, points=first)
    assert len(told.deaths) > len(first) / 2
    as_if_nothing_happened(told, expected)
