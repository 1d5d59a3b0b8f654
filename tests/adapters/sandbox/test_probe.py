"""What the probe says of a machine, and the pieces that it rests on."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.sandbox.box_uids import BoxUids
from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT, Bubblewrap
from bot.adapters.sandbox.diagnosis import closed_folder, explain
from bot.adapters.sandbox.leftovers import sweep
from bot.adapters.sandbox.limits import DiskLimits
from bot.core.ports import Bind, BoxLimits, Checkout
from bot.errors import Defect, SandboxUnavailable
from bot.ids import RepoId
from tests.adapters.sandbox.place import ONE_WORKER, Place, is_root

pytestmark = ONE_WORKER


def test_a_working_machine_says_how(place: Place) -> None:
    state = place.sandbox.probe()
    assert (state.mode, state.usable, state.problems) == ("bubblewrap", True, ())
    assert "ms" in state.detail
    assert place.sandbox.probe() is state, "tried out once"


def test_the_probe_works_inside_a_running_event_loop(place: Place) -> None:
    async def probed() -> str:
        return Bubblewrap(place.state_dir, place.uids).probe().mode

    assert asyncio.run(probed()) == "bubblewrap"


def test_a_closed_state_directory_is_named_with_what_to_do(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    uids = BoxUids(closed / "state")
    sandbox = Bubblewrap(closed / "state", uids)
    state = sandbox.probe()
    if is_root():
        assert (state.mode, state.usable) == ("none", False)
        assert "closed to other users" in state.problems[0]
        assert "SPECBOT_STATE_DIR" in state.problems[0]
        checkout = Checkout(RepoId(1), tmp_path, tmp_path, 52_000)
        with pytest.raises(SandboxUnavailable, match="no working sandbox"):
            asyncio.run(sandbox.run(checkout, ["true"], environment=NO_ENVIRONMENT, limits=BoxLimits(seconds=5)))
    else:
        assert state.usable, "without a uid of its own the box is whom the folder belongs to"


def test_what_did_not_work_is_tried_again(place: Place) -> None:
    closed = place.state_dir / "closed"
    closed.mkdir(mode=0o700)
    sandbox = Bubblewrap(closed / "state", place.uids)
    assert sandbox.probe().usable is not is_root()
    closed.chmod(0o711)
    assert sandbox.probe().usable


def test_a_full_disk_is_said_before_anything_starts(place: Place, checkout: Checkout) -> None:
    sandbox = Bubblewrap(place.state_dir, place.uids, disk=DiskLimits(free_bytes=1 << 60))
    state = sandbox.probe()
    assert not state.usable
    assert "nearly full" in state.problems[0]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("bwrap: No permissions to create new namespace, likely because the kernel…", "max_user_namespaces"),
        ("bwrap: setting up uid map: Permission denied", "apparmor_restrict_unprivileged_userns"),
        ("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "AppArmor"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined"),
        ("bwrap: Unknown option --disable-userns", "0.8 or newer"),
        ("something else", "something else"),
        ("", "it said nothing"),
    ],
)
def test_each_known_cause_comes_with_a_remedy(said: str, expected: str) -> None:
    assert expected in explain(said, Path("/"), None)


def test_the_first_closed_folder_on_the_way_is_found(tmp_path: Path) -> None:
    assert closed_folder(Path("/usr/bin")) is None
    assert closed_folder(tmp_path / "none") is not None


def test_what_a_killed_service_left_is_thrown_away(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    state = tmp_path / "state"
    for name in ("scratch/tmpold", "off/tmpold", "environments/.making-old", "environments/kept", "scratch/tmpyoung"):
        (state / name / "deep").mkdir(parents=True)
        (state / name / "link").symlink_to(outside)
    (state / "reports").mkdir()
    (state / "reports" / "old").touch()
    (state / "reports" / "link").symlink_to(outside)
    for path in (*state.glob("*/*old"), state / "environments" / "kept", state / "reports" / "link"):
        os.utime(path, (0, 0), follow_symlinks=False)
    sweep(state)
    left = {str(path.relative_to(state)) for path in state.glob("*/*")}
    assert left == {"environments/kept", "scratch/tmpyoung"}
    assert outside.exists()


def test_a_uid_belongs_to_one_checkout_only(tmp_path: Path) -> None:
    one, other = BoxUids(tmp_path, first=60_000, last=60_002), BoxUids(tmp_path, first=60_000, last=60_002)
    if not is_root():
        assert one.lease() is None
        one.release(None)
        return
    leases = [one.lease(), other.lease(), one.lease()]
    assert set(leases) == {60_000, 60_001, 60_002}
    with pytest.raises(SandboxUnavailable, match="taken"):
        other.lease()
    one.release(leases[0])
    assert other.lease() == leases[0]
    one.close()
    other.close()
    assert one.lease() is not None
    one.close()


def test_a_checkout_without_its_uid_is_a_defect(place: Place, checkout: Checkout) -> None:
    wrong = Checkout(checkout.repo_id, checkout.path, checkout.git_dir, None if is_root() else os.getuid() + 1)
    with pytest.raises(Defect, match="uid"):
        asyncio.run(place.sandbox.run(wrong, ["true"], environment=NO_ENVIRONMENT, limits=BoxLimits(seconds=5)))


def test_a_box_that_cannot_be_set_up_is_broken_not_red(place: Place, checkout: Checkout) -> None:
    environment = replace(NO_ENVIRONMENT, binds=(Bind(Path("/no/such/folder"), "/opt/env"),))
    result = asyncio.run(place.sandbox.run(checkout, ["true"], environment=environment, limits=BoxLimits(seconds=5)))
    assert result.exit_code is None
    assert "/no/such/folder" in result.broken


@pytest.mark.parametrize("box", ["/ws/x", "/usr/lib", "/opt/../etc", "/opt/specbot", "opt/env", "/opt/"])
def test_environments_are_laid_below_opt_only(place: Place, checkout: Checkout, box: str) -> None:
    environment = replace(NO_ENVIRONMENT, binds=(Bind(Path("/usr"), box),))
    with pytest.raises(Defect):
        asyncio.run(place.sandbox.run(checkout, ["true"], environment=environment, limits=BoxLimits(seconds=5)))
