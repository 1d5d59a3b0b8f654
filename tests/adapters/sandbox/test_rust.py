"""A Rust that somebody installed for themselves, as boxes find it; here one made of shell scripts."""

import os
from pathlib import Path

import pytest

from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT
from bot.adapters.sandbox.rust import BOX_RUST, Rust
from tests.adapters.sandbox.place import ONE_WORKER, Place, run

pytestmark = ONE_WORKER

PATHS = ("sub/Cargo.toml", "sub/src/lib.rs")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home closed to others, with a toolchain, and Cargo's own home with a secret in it."""
    folder = tmp_path / "home"
    sysroot = folder / ".rustup/toolchains/stable"
    asked = f'case "$1" in --print) echo {sysroot};; *) echo "rustc 1.2.3 (a  made one)";; esac'
    for path, text in {
        ".cargo/bin/rustc": asked,
        ".rustup/toolchains/stable/bin/rustc": "echo the compiler",
        ".rustup/toolchains/stable/bin/cargo": f"cat {BOX_RUST}/lib/words {BOX_RUST}/lib/closed",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"#!/bin/sh\n{text}\n")
        (folder / path).chmod(0o755)
    (sysroot / "lib").mkdir()
    (sysroot / "lib/words").write_text("built\n")
    (sysroot / "lib/closed").write_text("and linked\n")
    (sysroot / "lib/closed").chmod(0o600)
    (sysroot / "share").mkdir()
    (folder / ".cargo/credentials.toml").write_text("token = 'a-secret-of-cargo'\n")
    folder.chmod(0o700)
    return folder


def rust(place: Place, home: Path, path: str = "") -> Rust:
    """The machine's own cargo, if any, is not seen."""
    return Rust(place.state_dir, {"HOME": str(home), "PATH": path}, seen=lambda name: None)


def test_boxes_find_the_toolchain_and_nothing_else_of_its_home(place: Place, home: Path) -> None:
    made = rust(place, home, "/usr/bin:/bin").added(NO_ENVIRONMENT, PATHS)
    assert made.path == (f"{BOX_RUST}/bin",)
    assert made.digest != NO_ENVIRONMENT.digest
    assert made.description.endswith("rustc 1.2.3 (a made one)")
    looked = (
        "cargo; rustc; echo $CARGO_NET_OFFLINE; ls /opt/rust ~ -A; find / -name 'credentials*' -not -path '/usr/*' 2>/dev/null;"
        " touch /opt/rust/bin/x || rm /opt/rust/bin/rustc || chmod 777 /opt/rust/lib/words || echo kept"
    )
    with place.checkout() as checkout:
        said = run(place.sandbox, checkout, looked, environment=made).output.decode()
    lines = [line for line in said.splitlines() if "Read-only" not in line]
    assert lines == ["built", "and linked", "the compiler", "true", "/home/agent:", "", "/opt/rust:", "bin", "lib", "kept"]  # fmt: skip
    assert "a-secret" not in said


def test_it_is_laid_out_once(place: Place, home: Path) -> None:
    first, again = (rust(place, home).added(NO_ENVIRONMENT, PATHS) for _ in range(2))
    assert first == again
    [bind] = first.binds
    assert bind.host.is_relative_to(place.state_dir if os.geteuid() == 0 else home)
    assert (home / ".rustup/toolchains/stable/lib/closed").stat().st_mode & 0o777 == 0o600


def test_only_what_has_a_manifest_of_cargo_gets_it(place: Place, home: Path) -> None:
    found = rust(place, home)
    assert found.tools == {"cargo", "rustc"}
    assert found.added(NO_ENVIRONMENT, ("src/lib.rs", "Cargo.toml.orig")) is NO_ENVIRONMENT
    nothing = rust(place, home / "nobody")
    assert nothing.added(NO_ENVIRONMENT, PATHS) is NO_ENVIRONMENT
    assert nothing.tools == frozenset()
    (home / ".cargo/bin/rustc").write_text("#!/bin/sh\nexit 1\n")
    assert rust(place, home).tools == frozenset()
