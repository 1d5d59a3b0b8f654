"""A snapshot holds what the agent made, no rubbish, and nothing that a box could smuggle in."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.adapters.git.snapshots import RACY_NS
from bot.core.ports import Checkout
from bot.errors import ConfigFault, NotThere, Unsafe
from tests.adapters.git.origin import REPO, Content, Gitlink, Link, Origin, Program, fetched

START: dict[str, Content] = {
    ".gitignore": b"build/\n*.log\n/local\n!keep.log\n",
    "src/.gitignore": b"gen_*\n",
    "src/a.py": b"a = 1\n",
    "src/b.py": b"b = 1\n",
    "build/tracked.txt": b"tracked all the same\n",
    "lib/__pycache__/tracked.pyc": b"odd but tracked\n",
    "tool": Program(b"#!/bin/sh\n"),
    "link": Link("src/a.py"),
    "module": Gitlink("3" * 40),
}


@pytest.fixture
def checkout(git: GitCommandLine, origin: Origin) -> Checkout:
    return git.checkout(REPO, fetched(git, origin.commit(START)), "task")


@pytest.fixture
def changes(git: GitCommandLine, origin: Origin, checkout: Checkout) -> Callable[[], dict[str, str]]:
    """What a snapshot taken now changes: kind by path."""

    def ask() -> dict[str, str]:
        tree = git.keep_snapshot(checkout, git.snapshot(checkout))
        return {change.path: str(change.kind) for change in git.changed(REPO, git.tree(REPO, origin.head()), tree)}

    return ask


def write(checkout: Checkout, path: str, content: str | bytes) -> Path:
    where = checkout.path / path
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_bytes(content.encode() if isinstance(content, str) else content)
    return where


def test_work_shows(checkout: Checkout, changes: Callable[[], dict[str, str]]) -> None:
    write(checkout, "src/a.py", "a = 2\n")
    write(checkout, "src/new/deep.py", "")
    (checkout.path / "src/b.py").unlink()
    (checkout.path / "tool").chmod(0o644)
    (checkout.path / "link").unlink()
    (checkout.path / "link").symlink_to("/etc/passwd")
    (checkout.path / "dangling").symlink_to("nowhere")
    assert changes() == {
        "src/a.py": "M",
        "src/new/deep.py": "A",
        "src/b.py": "D",
        "tool": "M",
        "link": "M",
        "dangling": "A",
    }
    write(checkout, "src/a.py", "a = 1\n")
    assert "src/a.py" not in changes()


def test_files_and_folders_change_places(checkout: Checkout, changes: Callable[[], dict[str, str]]) -> None:
    (checkout.path / "tool").unlink()
    write(checkout, "tool/inner", "x")
    (checkout.path / "src/a.py").unlink()
    (checkout.path / "src/b.py").unlink()
    (checkout.path / "src/.gitignore").unlink()
    (checkout.path / "src").rmdir()
    write(checkout, "src", "now a file")
    (checkout.path / "link").unlink()
    write(checkout, "link", "now a file")
    seen = changes()
    assert seen.pop("link") == "T"
    assert seen == {
        "tool": "D",
        "tool/inner": "A",
        "src": "A",
        "src/a.py": "D",
        "src/b.py": "D",
        "src/.gitignore": "D",
    }


def test_rubbish_is_left_out(checkout: Checkout, changes: Callable[[], dict[str, str]]) -> None:
    for path in (
        "src/__pycache__/a.cpython-311.pyc",
        "lib/__pycache__/new.pyc",
        ".pytest_cache/v/x",
        ".venv/lib/site.py",
        "web/node_modules/pkg/index.js",
        "stray.pyc",
        "build/out.o",
        "src/build/deep/out.o",
        "debug.log",
        "src/gen_x.py",
        "local",
    ):
        write(checkout, path, "rubbish")
    write(checkout, "keep.log", "wanted")
    write(checkout, "gen_x.py", "wanted here")
    write(checkout, "src/local", "wanted here")
    assert changes() == {"keep.log": "A", "gen_x.py": "A", "src/local": "A"}
    assert changes() == {"keep.log": "A", "gen_x.py": "A", "src/local": "A"}
    write(checkout, "src/build/later.o", "rubbish")
    write(checkout, "src/later.py", "work")
    assert changes() == {"keep.log": "A", "gen_x.py": "A", "src/local": "A", "src/later.py": "A"}


def test_tracked_files_stay_tracked_wherever_they_lie(
    checkout: Checkout, changes: Callable[[], dict[str, str]]
) -> None:
    write(checkout, "build/tracked.txt", "changed")
    write(checkout, "lib/__pycache__/tracked.pyc", "changed")
    assert changes() == {"build/tracked.txt": "M", "lib/__pycache__/tracked.pyc": "M"}
    (checkout.path / "build/tracked.txt").unlink()
    assert changes()["build/tracked.txt"] == "D"
    write(checkout, "build/tracked.txt", "back again")
    assert changes()["build/tracked.txt"] == "M"


def test_no_ignore_file_of_the_agent_hides_anything(checkout: Checkout, changes: Callable[[], dict[str, str]]) -> None:
    write(checkout, ".gitignore", "*\n")
    write(checkout, "src/.gitignore", "*\n")
    write(checkout, "new/.gitignore", "*\n")
    write(checkout, ".git/info/exclude", "*\n")
    write(checkout, "new/evil.py", "x")
    write(checkout, "src/a.py", "x")
    assert changes() == {
        ".gitignore": "M",
        "src/.gitignore": "M",
        "new/.gitignore": "A",
        "new/evil.py": "A",
        "src/a.py": "M",
    }


def test_removing_the_rules_brings_no_rubbish_in(checkout: Checkout, changes: Callable[[], dict[str, str]]) -> None:
    (checkout.path / ".gitignore").unlink()
    write(checkout, "debug.log", "x")
    assert changes() == {".gitignore": "D"}


def test_nothing_is_started_when_nothing_changed(
    git: GitCommandLine, checkout: Checkout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(checkout, "src/a.py", "a = 2\n")
    write(checkout, "src/__pycache__/a.pyc", "x")
    write(checkout, "some.log", "x")
    tree = git.snapshot(checkout)
    monkeypatch.setenv("PATH", str(tmp_path / "no programs here"))
    assert git.snapshot(checkout) == tree
    write(checkout, "src/__pycache__/b.pyc", "y")
    assert git.snapshot(checkout) == tree
    write(checkout, "src/b.py", (checkout.path / "src/b.py").read_bytes())
    assert git.snapshot(checkout) == tree
    write(checkout, "src/a.py", "a = 3\n")
    with pytest.raises(ConfigFault):
        git.snapshot(checkout)


def test_a_change_shows_though_size_and_time_stay(git: GitCommandLine, checkout: Checkout) -> None:
    where = checkout.path / "src/a.py"
    before = git.snapshot(checkout)
    for number in range(2, 6):
        # Old enough that the stamp is believed.
        while time.time_ns() - where.stat().st_ctime_ns < 2 * RACY_NS:
            time.sleep(0.005)
        assert git.snapshot(checkout) == before
        times = where.stat()
        where.write_bytes(b"a = %d\n" % number)
        os.utime(where, ns=(times.st_atime_ns, times.st_mtime_ns))
        after = git.snapshot(checkout)
        assert after != before
        before = after


def test_a_nested_repository_is_nothing_but_files(checkout: Checkout, changes: Callable[[], dict[str, str]]) -> None:
    inner = checkout.path / "vendor"
    inner.mkdir()
    for command in (
        ["init", "-q"],
        ["-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "--allow-empty", "-m", "x"],
    ):
        subprocess.run(["git", *command], cwd=inner, check=True)
    write(checkout, "vendor/hidden.py", "not hidden")
    write(checkout, "plain/.git", "gitdir: ../vendor/.git")
    write(checkout, "plain/file", "x")
    assert changes() == {"vendor/hidden.py": "A", "plain/file": "A"}


def test_a_submodule_stays_until_something_takes_its_place(
    checkout: Checkout, changes: Callable[[], dict[str, str]]
) -> None:
    assert changes() == {}
    write(checkout, "module/file", "x")
    assert changes() == {"module": "D", "module/file": "A"}


def test_pipes_sockets_and_empty_folders_are_no_files(
    checkout: Checkout, changes: Callable[[], dict[str, str]]
) -> None:
    os.mkfifo(checkout.path / "pipe")
    os.mkfifo(checkout.path / "src/pipe.py")
    (checkout.path / "empty/er").mkdir(parents=True)
    (checkout.path / "src/a.py").unlink()
    os.mkfifo(checkout.path / "src/a.py")
    assert changes() == {"src/a.py": "D"}


@pytest.mark.parametrize("name", [b".GIT", b"git~1", b".git.", b".git ", ".g\u200cit".encode(), b"a\\.git", b"caf\xe9"])
def test_names_that_elsewhere_mean_git_are_refused(git: GitCommandLine, checkout: Checkout, name: bytes) -> None:
    with open(os.path.join(os.fsencode(checkout.path / "src"), name), "w"):
        pass
    with pytest.raises(Unsafe):
        git.snapshot(checkout)
    os.unlink(os.path.join(os.fsencode(checkout.path / "src"), name))
    git.snapshot(checkout)


def test_twins_by_case_and_by_composition_are_two_files(
    checkout: Checkout, changes: Callable[[], dict[str, str]]
) -> None:
    for name in ("Twin", "twin", "caf\u00e9", "cafe\u0301"):
        write(checkout, name, name)
    assert changes() == {"Twin": "A", "twin": "A", "caf\u00e9": "A", "cafe\u0301": "A"}


def test_a_second_name_for_a_file_outside_is_refused(git: GitCommandLine, checkout: Checkout, tmp_path: Path) -> None:
    os.link(checkout.path / "src/a.py", checkout.path / "src/same.py")
    git.snapshot(checkout)
    secret = tmp_path / "secret"
    secret.write_text("token")
    os.link(secret, checkout.path / "stolen")
    with pytest.raises(Unsafe, match="hard link"):
        git.snapshot(checkout)


def test_too_large_and_too_deep_is_refused(git: GitCommandLine, checkout: Checkout) -> None:
    huge = checkout.path / "huge"
    with huge.open("wb") as file:
        file.truncate((100 << 20) + 1)
    with pytest.raises(Unsafe, match="huge"):
        git.snapshot(checkout)
    huge.unlink()
    (checkout.path / "/".join("d" * 130)).mkdir(parents=True)
    with pytest.raises(Unsafe, match="nested"):
        git.snapshot(checkout)


def test_many_new_files_at_once(checkout: Checkout, changes: Callable[[], dict[str, str]]) -> None:
    for number in range(600):
        write(checkout, f"many/{number % 7}/{number}.py", f"n = {number}\n")
    assert len(changes()) == 600


def test_shut_files_and_folders_are_read_all_the_same(
    checkout: Checkout, changes: Callable[[], dict[str, str]]
) -> None:
    write(checkout, "shut/new.sh", "x").chmod(0o100)
    (checkout.path / "shut").chmod(0)
    write(checkout, "src/a.py", "y").chmod(0)
    checkout.path.chmod(0)
    assert changes() == {"shut/new.sh": "A", "src/a.py": "M"}


def test_an_unknown_checkout_is_not_there(git: GitCommandLine, checkout: Checkout) -> None:
    git.discard(checkout)
    with pytest.raises(NotThere):
        git.snapshot(checkout)
