"""A checkout holds exactly a tree, belongs to its box, and leaves nothing behind."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.errors import NotThere, Transient
from bot.ids import TreeSha
from tests.adapters.git.origin import REPO, Gitlink, Link, Origin, Program, adapter, fetched, files_below


def test_files_are_the_blobs_byte_for_byte(git: GitCommandLine, origin: Origin) -> None:
    files = {
        ".gitattributes": b"* text eol=crlf ident\n*.u working-tree-encoding=UTF-16 filter=lfs\n",
        "crlf.txt": b"a\r\nb\n$Id$\n",
        "wide.u": b"plain\n",
        "deep/er/still/x.py": b"print()\n",
        "empty": b"",
        "big": bytes(range(256)) * 4096,
    }
    checkout = git.checkout(REPO, fetched(git, origin.commit(files)), "t")
    assert files_below(checkout.path) == files
    assert git.snapshot(checkout) == git.tree(REPO, origin.head())


def test_modes_links_and_submodules(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(
        git, origin.commit({"run": Program(b"#!"), "f": b"", "out": Link("/etc/passwd"), "sub/mod": Gitlink("3" * 40)})
    )
    checkout = git.checkout(REPO, tree, "t")
    assert stat.S_IMODE((checkout.path / "run").stat().st_mode) == 0o755
    assert stat.S_IMODE((checkout.path / "f").stat().st_mode) == 0o644
    assert os.readlink(checkout.path / "out") == "/etc/passwd"
    assert list((checkout.path / "sub/mod").iterdir()) == []
    assert not (checkout.path / ".git").exists()
    assert git.snapshot(checkout) == tree


def test_the_box_owns_its_checkout_and_can_reach_it(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    checkout = git.checkout(REPO, fetched(git, origin.commit({"a/b": b"1", "l": Link("a")})), "t")
    owner = checkout.box_uid if os.geteuid() == 0 else os.geteuid()
    everything = [checkout.path, *checkout.path.rglob("*")]
    assert {path.lstat().st_uid for path in everything} == {owner}
    assert stat.S_IMODE(checkout.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(checkout.git_dir.parent.stat().st_mode) == 0o700
    for folder in (tmp_path / "state", tmp_path / "state" / "w"):
        assert stat.S_IMODE(folder.stat().st_mode) & 0o011 == 0o011
    assert (checkout.box_uid is None) == (os.geteuid() != 0)


def test_the_path_says_nothing(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(git, origin.commit({"a": b"1"}))
    path = git.checkout(REPO, tree, "run-7-1-abc-1/implementer/T-1/../../..").path
    assert path.parent.name == "w"
    assert path.name.isalnum()
    assert "run" not in str(path.name)
    assert git.checkout(REPO, tree, "\ud800 \0").path.parent == path.parent


def test_a_leftover_of_the_same_name_is_thrown_away(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(git, origin.commit({"a": b"1"}))
    first = git.checkout(REPO, tree, "t")
    (first.path / "a").write_bytes(b"changed")
    (first.path / "rubbish").mkdir()
    second = git.checkout(REPO, tree, "t")
    assert second.path == first.path
    assert files_below(second.path) == {"a": b"1"}
    assert git.checkout(REPO, tree, "other").path != first.path


def test_what_a_dead_process_left_is_taken_over_or_removed(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    tree = fetched(git, origin.commit({"a": b"1"}))
    made = git.checkout(REPO, tree, "dead")
    (made.path / "junk").write_text("j")
    git.close()  # as when the process dies: its locks go, its files stay
    later = adapter(tmp_path / "state", origin.path)
    assert files_below(later.checkout(REPO, tree, "dead").path) == {"a": b"1"}
    later.close()
    third = adapter(tmp_path / "state", origin.path)
    mine = third.checkout(REPO, tree, "mine")
    assert third.discard_abandoned() == 1
    assert not made.path.exists()
    assert not made.git_dir.exists()
    assert files_below(mine.path) == {"a": b"1"}
    third.close()


def test_a_checkout_that_another_process_uses_is_left_alone(
    git: GitCommandLine, origin: Origin, tmp_path: Path
) -> None:
    tree = fetched(git, origin.commit({"a": b"1"}))
    mine = git.checkout(REPO, tree, "t")
    other = adapter(tmp_path / "state", origin.path)
    with pytest.raises(Transient):
        other.checkout(REPO, tree, "t")
    other.discard(mine)
    assert other.discard_abandoned() == 0
    assert git.snapshot(mine) == tree


def test_a_half_made_checkout_is_not_taken_for_a_whole_one(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(git, origin.commit({"a": b"1", "b": b"2"}))
    made = git.checkout(REPO, tree, "t")
    (made.git_dir / "snapshot.json").unlink()  # it is written last
    with pytest.raises(NotThere):
        git.snapshot(made)
    assert git.snapshot(git.checkout(REPO, tree, "t")) == tree


def test_stale_lock_files_stop_nothing(git: GitCommandLine, origin: Origin) -> None:
    made = git.checkout(REPO, fetched(git, origin.commit({"a": b"1"})), "t")
    for name in ("index.lock", "HEAD.lock", "config.lock"):
        (made.git_dir / name).write_text("")
    (made.path / "a").write_bytes(b"2")
    assert git.read(REPO, git.keep_snapshot(made, git.snapshot(made)), "a") == b"2"


def test_discarding_gives_everything_back_and_may_be_repeated(
    git: GitCommandLine, origin: Origin, tmp_path: Path
) -> None:
    tree = fetched(git, origin.commit({"a": b"1"}))
    made = git.checkout(REPO, tree, "t")
    git.discard(made)
    git.discard(made)
    assert list((tmp_path / "state" / "w").iterdir()) == []
    assert list((tmp_path / "state" / "g").iterdir()) == []
    with pytest.raises(NotThere):
        git.snapshot(made)


def test_a_failed_checkout_leaves_nothing(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    fetched(git, origin.commit({"a": b"1"}))
    with pytest.raises(NotThere):
        git.checkout(REPO, TreeSha("2" * 40), "t")
    assert list((tmp_path / "state" / "w").iterdir()) == []


BUILD_TRAPS = """
import os, sys
os.chdir(sys.argv[1])
for _ in range(1200):  # deeper than Python recurses, longer than PATH_MAX
    os.mkdir("deep"); os.chdir("deep")
os.chdir(sys.argv[1])
os.mkdir("shut"); os.mkdir("shut/in"); open("shut/in/f", "w").close()
os.symlink(sys.argv[2], "shut/out"); os.symlink("..", "shut/in/up"); os.mkfifo("pipe")
os.chmod("shut/in", 0); os.chmod("shut", 0); os.chmod(".", 0)
"""


def test_deep_shut_and_linked_folders_are_removed_and_nothing_else(
    git: GitCommandLine, origin: Origin, tmp_path: Path
) -> None:
    keep = tmp_path / "keep"
    keep.mkdir()
    (keep / "file").write_text("mine")
    made = git.checkout(REPO, fetched(git, origin.commit({"a": b"1"})), "t")
    subprocess.run([sys.executable, "-c", BUILD_TRAPS, str(made.path), str(keep)], check=True)
    git.discard(made)
    assert not made.path.exists()
    assert files_below(keep) == {"file": b"mine"}


def test_thousands_of_files(git: GitCommandLine, origin: Origin) -> None:
    blob = origin.blob(b"x\n")
    inner = origin.raw_tree([("100644", b"f%03d" % n, blob) for n in range(100)])
    root = origin.raw_tree([("40000", b"d%02d" % n, inner) for n in range(12)])
    tree = fetched(git, origin.commit_tree(root))
    made = git.checkout(REPO, tree, "t")
    assert len(files_below(made.path)) == 1200
    (made.path / "d07/f007").write_bytes(b"y\n")
    assert [change.path for change in git.changed(REPO, tree, git.keep_snapshot(made, git.snapshot(made)))] == [
        "d07/f007"
    ]


def test_a_relative_state_directory(origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git = adapter(Path("here"), origin.path)
    made = git.checkout(REPO, fetched(git, origin.commit({"a": b"1"})), "t")
    assert files_below(made.path) == {"a": b"1"}
    assert made.path.is_absolute()
    git.discard(made)
