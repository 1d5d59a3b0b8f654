"""A place for real boxes: a state directory that the boxes' uids can reach, a sandbox on it, and checkouts.

A machine without a working sandbox fails these tests with the reason; they are never skipped.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.sandbox.box_uids import BoxUids
from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT, Bubblewrap
from bot.adapters.sandbox.environments import PythonEnvironments
from bot.adapters.sandbox.off import NoSandbox
from bot.adapters.sandbox.scratch import scratch_checkout
from bot.core.policy.model import EnvironmentConfig
from bot.core.ports import BoxLimits, BoxResult, Checkout, Environment
from bot.core.proofs.model import Harness
from bot.core.pulls import RepoRef
from bot.ids import InstallationId, RepoId

REPO = RepoRef(InstallationId(1), RepoId(1), "ada", "text")

WHEELS = Path(__file__).parents[3] / ".cache" / "wheels"

OFFLINE = {"PIP_NO_INDEX": "1"}

ONE_WORKER = pytest.mark.xdist_group("sandbox")
"""Boxes measure the machine's memory and disk; two suites of them at once would measure each other."""


@dataclass(frozen=True)
class Place:
    state_dir: Path
    uids: BoxUids
    sandbox: Bubblewrap

    @contextmanager
    def checkout(self, files: Mapping[str, str] | None = None) -> Iterator[Checkout]:
        with scratch_checkout(self.state_dir, self.uids) as checkout:
            for path, text in (files or {}).items():
                self.sandbox.write(checkout, path, text.encode())
            yield checkout


def finished(work: Coroutine[Any, Any, BoxResult]) -> BoxResult:
    return asyncio.run(work)


def run(
    sandbox: Bubblewrap | NoSandbox,
    checkout: Checkout,
    script: str,
    *,
    seconds: float = 20.0,
    environment: Environment = NO_ENVIRONMENT,
    harness: Harness | None = None,
    writable: bool = True,
    limits: BoxLimits | None = None,
) -> BoxResult:
    """A script of the shell, to its end."""
    return finished(
        sandbox.run(
            checkout,
            ["/bin/bash", "-c", script],
            environment=environment,
            limits=limits or BoxLimits(seconds=seconds),
            harness=harness,
            writable=writable,
        )
    )


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    # pytest's own temporary folders are closed to other users, and so to the boxes' uids.
    state_dir = Path(tempfile.mkdtemp(prefix="specbot-boxes-"))
    state_dir.chmod(0o711)
    uids = BoxUids(state_dir)
    sandbox = Bubblewrap(state_dir, uids)
    state = sandbox.probe()
    try:
        if not state.usable:
            pytest.fail("no working sandbox on this machine: " + " ".join(state.problems), pytrace=False)
        yield Place(state_dir, uids, sandbox)
    finally:
        uids.close()
        shutil.rmtree(state_dir, ignore_errors=True)


@pytest.fixture
def checkout(place: Place) -> Iterator[Checkout]:
    with place.checkout() as checkout:
        yield checkout


@pytest.fixture(scope="session")
def with_pytest(place: Place) -> Environment:
    """Python with pytest, from the wheels that `make` fetched."""
    if not any(WHEELS.glob("pytest-*.whl")):
        pytest.fail(f"pytest's wheels are missing in {WHEELS}: run deploy/setup.sh run once", pytrace=False)
    environments = PythonEnvironments(place.state_dir, place.sandbox, wheels=WHEELS, environ=OFFLINE)
    return asyncio.run(environments.prepare(REPO, EnvironmentConfig(), {"test_it.py": b""}))


def is_root() -> bool:
    return os.geteuid() == 0
