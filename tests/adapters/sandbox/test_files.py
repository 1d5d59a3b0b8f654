"""Reading and writing files of a checkout from outside, past every trap that a box can lay."""

import os
import socket
from pathlib import Path

import pytest

from bot.core.ports import Checkout
from bot.errors import NotThere, Unsafe
from tests.adapters.sandbox.place import ONE_WORKER, Place, is_root, run

pytestmark = ONE_WORKER


def test_what_is_written_is_read_by_both_sides(place: Place, checkout: Checkout) -> None:
    place.sandbox.write(checkout, "src/deep/a.py", b"x = 1\n")
    result = run(place.sandbox, checkout, "cat src/deep/a.py && echo 'x = 2' > src/deep/a.py && touch src/deep/b.py")
    assert (result.exit_code, result.output) == (0, b"x = 1\n")
    assert place.sandbox.read(checkout, "src/deep/a.py", limit=100) == b"x = 2\n"
    if is_root():
        owners = {path.stat().st_uid for path in checkout.path.rglob("*")}
        assert owners == {checkout.box_uid}


def test_a_replaced_file_keeps_its_mode(place: Place, checkout: Checkout) -> None:
    place.sandbox.write(checkout, "tool.sh", b"#!/bin/sh\necho a much longer text than the next\n")
    (checkout.path / "tool.sh").chmod(0o755)
    place.sandbox.write(checkout, "tool.sh", b"#!/bin/sh\necho b\n")
    assert (checkout.path / "tool.sh").stat().st_mode & 0o777 == 0o755
    assert run(place.sandbox, checkout, "./tool.sh").output == b"b\n"
    place.sandbox.write(checkout, "tool.sh", b"")
    assert place.sandbox.read(checkout, "tool.sh", limit=0) == b""


def test_the_limit_is_exact(place: Place, checkout: Checkout) -> None:
    place.sandbox.write(checkout, "ten", b"0123456789")
    assert place.sandbox.read(checkout, "ten", limit=10) == b"0123456789"
    with pytest.raises(Unsafe, match="larger"):
        place.sandbox.read(checkout, "ten", limit=9)


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a/..", ".", "a//b", "a/./b", "a\0b", "a/"])
def test_paths_that_are_no_plain_paths_are_refused(place: Place, checkout: Checkout, path: str) -> None:
    place.sandbox.write(checkout, "a/b", b"")
    with pytest.raises(Unsafe):
        place.sandbox.read(checkout, path, limit=10)
    with pytest.raises(Unsafe):
        place.sandbox.write(checkout, path, b"x")


@pytest.mark.parametrize("path", [".git/config", ".GIT/hooks/pre-commit", "sub/.git/config"])
def test_git_folders_are_left_alone(place: Place, checkout: Checkout, path: str) -> None:
    with pytest.raises(Unsafe, match="git"):
        place.sandbox.write(checkout, path, b"x")


def test_no_link_is_followed(place: Place, checkout: Checkout, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"the key")
    outside = os.path.relpath(secret, checkout.path)
    for name, target in [
        ("absolute", str(secret)),
        ("relative", outside),
        ("inside", "plain"),
        ("magic", "/proc/self/environ"),
        ("dangling", "nowhere"),
    ]:
        (checkout.path / name).symlink_to(target)
    (checkout.path / "folder").symlink_to(tmp_path)
    (checkout.path / "plain").write_bytes(b"plain")
    for path in ["absolute", "relative", "inside", "magic", "dangling", "folder/secret"]:
        with pytest.raises(Unsafe):
            place.sandbox.read(checkout, path, limit=1000)
        with pytest.raises(Unsafe):
            place.sandbox.write(checkout, path, b"overwritten")
    with pytest.raises(Unsafe):
        place.sandbox.write(checkout, "folder/new/file", b"x")
    assert secret.read_bytes() == b"the key"
    assert (checkout.path / "plain").read_bytes() == b"plain"
    assert {path.name for path in tmp_path.iterdir()} == {"secret"}


def test_a_second_name_is_refused(place: Place, checkout: Checkout) -> None:
    place.sandbox.write(checkout, "one", b"1")
    os.link(checkout.path / "one", checkout.path / "two")
    with pytest.raises(Unsafe, match="names"):
        place.sandbox.read(checkout, "two", limit=10)
    with pytest.raises(Unsafe, match="names"):
        place.sandbox.write(checkout, "two", b"2")
    assert (checkout.path / "one").read_bytes() == b"1"


def test_what_is_no_file_neither_hangs_nor_opens(place: Place, checkout: Checkout) -> None:
    os.mkfifo(checkout.path / "fifo", 0o666)
    (checkout.path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.open(checkout.path, os.O_RDONLY)
        try:
            listener.bind(f"/proc/self/fd/{here}/socket")
        finally:
            os.close(here)
    for path in ["fifo", "socket"]:
        with pytest.raises(Unsafe):
            place.sandbox.read(checkout, path, limit=10)
        with pytest.raises(Unsafe):
            place.sandbox.write(checkout, path, b"x")
    with pytest.raises(NotThere):
        place.sandbox.read(checkout, "folder", limit=10)


def test_what_is_not_there_is_said_so(place: Place, checkout: Checkout) -> None:
    place.sandbox.write(checkout, "file", b"")
    for path in ["none", "none/below", "file/below"]:
        with pytest.raises(NotThere):
            place.sandbox.read(checkout, path, limit=10)


def test_names_of_any_bytes_are_just_names(place: Place, checkout: Checkout) -> None:
    for name in ["--output=x", "-rf", "new\nline", "\x1b[31m", "ü\u0308", "a b;c", "\udcff"]:
        place.sandbox.write(checkout, name, name.encode(errors="surrogateescape"))
        assert place.sandbox.read(checkout, name, limit=100) == os.fsencode(name)
