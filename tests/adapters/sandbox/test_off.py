"""No sandbox: what little is still promised."""

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT
from bot.adapters.sandbox.environments import PythonEnvironments
from bot.adapters.sandbox.off import NoSandbox
from bot.core.policy.model import EnvironmentConfig
from bot.core.ports import Checkout, Environment
from bot.core.proofs.model import Harness, StoppedBy
from bot.errors import Defect
from tests.adapters.sandbox.place import OFFLINE, ONE_WORKER, REPO, Place, run
from tests.adapters.sandbox.small_wheel import wheel

pytestmark = ONE_WORKER


@pytest.fixture
def off(place: Place) -> NoSandbox:
    return NoSandbox(place.state_dir, place.uids)


@pytest.fixture
def secret() -> Iterator[str]:
    os.environ["SPECBOT_TEST_TOKEN"] = "ghs_bait"
    yield "ghs_bait"
    del os.environ["SPECBOT_TEST_TOKEN"]


def test_it_says_what_it_is(off: NoSandbox) -> None:
    state = off.probe()
    assert (state.mode, state.usable) == ("off", True)
    assert "without a sandbox" in state.detail


def test_endings_come_out(off: NoSandbox, checkout: Checkout, secret: str) -> None:
    result = run(off, checkout, "env; echo err >&2; pwd; touch made; exit 3")
    assert (result.exit_code, result.stopped_by) == (3, StoppedBy.NOTHING)
    assert secret.encode() not in result.output
    assert f"err\n{checkout.path}\n".encode() in result.output
    assert (checkout.path / "made").exists()
    assert run(off, checkout, "exec no-such-program").exit_code == 127
    assert run(off, checkout, "kill -9 $$").exit_code is None


def test_the_group_is_killed_at_its_time(off: NoSandbox, checkout: Checkout) -> None:
    result = run(off, checkout, "(exec 9> lock; flock 9; touch ready; sleep 600) & sleep 600", seconds=1.0)
    assert (result.exit_code, result.stopped_by) == (None, StoppedBy.TIME)
    assert (checkout.path / "ready").exists()
    with (checkout.path / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_flood_is_ended(off: NoSandbox, checkout: Checkout) -> None:
    result = run(off, checkout, "exec cat /dev/zero", seconds=60)
    assert result.stopped_by is StoppedBy.OUTPUT
    assert len(result.output) < 2 << 20


def test_environment_report_and_canary_work_here_too(place: Place, off: NoSandbox, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "alpha")
    environments = PythonEnvironments(place.state_dir, off, wheels=tmp_path / "wheels", environ=OFFLINE)
    environment = asyncio.run(environments.prepare(REPO, EnvironmentConfig(("alpha",)), {}))
    with place.checkout({"src/pkg/__init__.py": "x = 1\n"}) as checkout:
        script = "cd / && alpha && python -c 'import pkg'"
        normal = run(off, checkout, script, environment=environment, harness=Harness.REPORT)
        canary = run(off, checkout, script, environment=environment, harness=Harness.CANARY)
    assert (normal.exit_code, normal.output) == (0, b"alpha 1.0\n")
    kinds = [line["kind"] for line in map(json.loads, normal.report.splitlines())]
    assert [kind for kind in kinds if kind in ("python", "exit")] == ["python", "exit"] * 2
    assert (canary.exit_code, canary.output.count(b"specbot::canary_")) == (97, 2)


def test_a_boxed_environment_is_refused(off: NoSandbox, checkout: Checkout, with_pytest: Environment) -> None:
    with pytest.raises(Defect, match="without one"):
        run(off, checkout, "true", environment=with_pytest)


def test_files_are_guarded_as_in_the_sandbox(off: NoSandbox, checkout: Checkout, tmp_path: Path) -> None:
    off.write(checkout, "a/b", b"1")
    assert off.read(checkout, "a/b", limit=1) == b"1"
    assert run(off, checkout, "echo 2 > a/b && cat a/b", environment=NO_ENVIRONMENT).output == b"2\n"
