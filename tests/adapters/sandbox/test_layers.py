"""Prepared folders under a checkout: the machine's limits hold in them, and without overlays they are read-only."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT, Bubblewrap
from bot.adapters.sandbox.limits import DiskLimits
from bot.core.ports import Environment, Layer
from bot.core.proofs.model import StoppedBy
from tests.adapters.sandbox.place import ONE_WORKER, Place, run

pytestmark = ONE_WORKER


@pytest.fixture
def environment(place: Place) -> Environment:
    folder = place.state_dir / "layer"
    (folder / "pkg").mkdir(parents=True, exist_ok=True)
    (folder / "pkg" / "a").write_text("a\n")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return replace(NO_ENVIRONMENT, layers=(Layer(folder, "deep/node_modules"),))


def test_what_a_command_writes_over_a_layer_is_counted(place: Place, environment: Environment) -> None:
    small = Bubblewrap(place.state_dir, place.uids, disk=DiskLimits(new_bytes=8 << 20))
    script = "for i in 1 2 3 4 5 6 7 8; do head -c 4000000 /dev/zero > deep/node_modules/$i; done; sleep 30"
    with place.checkout() as checkout:
        result = run(small, checkout, script, environment=environment, seconds=25)
        assert result.stopped_by is StoppedBy.DISK
        assert [path.name for path in checkout.path.rglob("*")] == ["deep", "node_modules"], (
            "only the place for it is left"
        )
    assert not list((place.state_dir / "scratch").iterdir())


def test_without_overlays_a_layer_is_read_only(place: Place, environment: Environment) -> None:
    place.sandbox.probe()
    plain = Bubblewrap(place.state_dir, place.uids)
    plain._overlays = False
    script = "cat deep/node_modules/pkg/a; echo > deep/node_modules/b || echo read-only"
    with place.checkout() as checkout:
        assert run(plain, checkout, script, environment=environment).output.decode().splitlines()[::2] == [
            "a",
            "read-only",
        ]


def test_a_checkout_that_may_not_change_has_layers_too(place: Place, environment: Environment) -> None:
    with place.checkout() as checkout:
        result = run(
            place.sandbox, checkout, "cat deep/node_modules/pkg/a; touch x", environment=environment, writable=False
        )
    assert result.output.decode().splitlines()[0] == "a"
    assert result.exit_code != 0


def test_links_in_a_checkout_lead_no_layer_elsewhere(place: Place, environment: Environment, tmp_path: Path) -> None:
    with place.checkout() as checkout:
        (checkout.path / "deep").symlink_to(tmp_path)
        result = run(place.sandbox, checkout, "true", environment=environment)
    assert "leads through a link" in result.broken
    assert list(tmp_path.iterdir()) == []
