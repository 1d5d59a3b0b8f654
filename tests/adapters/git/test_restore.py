"""A snapshot comes back exactly, also on another machine."""

import os
import shutil
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.core.ports import Checkout
from bot.errors import NotThere, Unsafe
from bot.ids import TreeSha
from tests.adapters.git.origin import REPO, Link, Origin, Program, adapter, fetched, files_below


@pytest.fixture
def base(git: GitCommandLine, origin: Origin) -> TreeSha:
    long = b"".join(b"line %d\n" % n for n in range(400))
    return fetched(git, origin.commit({"a.py": long, "b/c.py": b"c\n", "run": Program(b"1"), ".gitignore": b"*.log\n"}))


@pytest.fixture
def worked(git: GitCommandLine, base: TreeSha) -> Checkout:
    """A checkout in which an agent did something."""
    checkout = git.checkout(REPO, base, "task")
    with (checkout.path / "a.py").open("ab") as file:
        file.write(b"more\n")
    (checkout.path / "b/c.py").unlink()
    (checkout.path / "new").mkdir()
    (checkout.path / "new/x.py").write_text("x\n")
    (checkout.path / "new/l").symlink_to("../a.py")
    (checkout.path / "run").chmod(0o644)
    return checkout


def test_another_machine_rebuilds_it_from_base_and_bundle(
    git: GitCommandLine, origin: Origin, base: TreeSha, worked: Checkout, tmp_path: Path
) -> None:
    snapshot = git.snapshot(worked)
    bundle = git.bundle(worked, snapshot, base)
    assert len(bundle) < 2000, "the unchanged lines are not sent again"
    other = adapter(tmp_path / "elsewhere", origin.path)
    checkout = other.checkout(REPO, fetched(other, origin.head()), "task")
    other.restore(checkout, snapshot, bundle)
    assert files_below(checkout.path) == files_below(worked.path)
    assert os.readlink(checkout.path / "new/l") == "../a.py"
    assert other.snapshot(checkout) == snapshot
    assert [change.path for change in other.changed(REPO, base, other.keep_snapshot(checkout, snapshot))] == [
        "a.py",
        "b/c.py",
        "new/l",
        "new/x.py",
        "run",
    ]
    other.close()


def test_later_and_untracked_files_go(git: GitCommandLine, base: TreeSha, worked: Checkout) -> None:
    snapshot = git.snapshot(worked)
    bundle = git.bundle(worked, snapshot, base)
    before = files_below(worked.path)
    (worked.path / "debug.log").write_text("ignored")
    (worked.path / "__pycache__").mkdir()
    (worked.path / "new/x.py").write_text("spoilt")
    (worked.path / "b").mkdir(exist_ok=True)
    (worked.path / "b/late.py").write_text("late")
    git.restore(worked, snapshot, bundle)
    assert files_below(worked.path) == before
    git.restore(worked, snapshot, bundle)
    assert git.snapshot(worked) == snapshot
    owner = worked.box_uid if os.geteuid() == 0 else os.geteuid()
    assert {path.lstat().st_uid for path in [worked.path, *worked.path.rglob("*")]} == {owner}


def test_the_rules_of_the_first_base_hold_after_a_restore(git: GitCommandLine, base: TreeSha, worked: Checkout) -> None:
    (worked.path / ".gitignore").write_text("")
    snapshot = git.snapshot(worked)
    git.restore(worked, snapshot, git.bundle(worked, snapshot, base))
    (worked.path / "x.log").write_text("rubbish")
    assert git.snapshot(worked) == snapshot


def test_an_unchanged_checkout_has_a_bundle_too(git: GitCommandLine, base: TreeSha) -> None:
    checkout = git.checkout(REPO, base, "idle")
    bundle = git.bundle(checkout, git.snapshot(checkout), base)
    git.restore(checkout, base, bundle)
    assert git.keep_snapshot(checkout, git.snapshot(checkout)) == base


def test_an_unknown_tree_is_noticed_before_anything_is_removed(
    git: GitCommandLine, base: TreeSha, worked: Checkout
) -> None:
    snapshot = git.snapshot(worked)
    with pytest.raises(NotThere):
        git.restore(worked, TreeSha("2" * 40), git.bundle(worked, snapshot, base))
    assert git.snapshot(worked) == snapshot


def test_a_restore_that_was_cut_off_is_no_snapshot(git: GitCommandLine, origin: Origin, worked: Checkout) -> None:
    too_deep = origin.tree({"f": b""})
    for _ in range(130):
        too_deep = origin.raw_tree([("40000", b"d", too_deep)])
    with pytest.raises(Unsafe):
        git.restore(worked, TreeSha(too_deep), _pack(origin, too_deep))
    with pytest.raises(NotThere, match="unfinished"):
        git.snapshot(worked)


@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b[:40], lambda b: b"", lambda b: b"BUND" + b[4:]])
def test_a_damaged_bundle_is_refused(git: GitCommandLine, base: TreeSha, worked: Checkout, spoil: object) -> None:
    snapshot = git.snapshot(worked)
    bundle = git.bundle(worked, snapshot, base)
    fresh = git.checkout(REPO, base, "fresh")
    assert callable(spoil)
    with pytest.raises((Unsafe, NotThere)):
        git.restore(fresh, snapshot, spoil(bundle))
    assert git.snapshot(fresh) == base


def test_a_bundle_without_its_base_is_refused(
    git: GitCommandLine, base: TreeSha, worked: Checkout, tmp_path: Path
) -> None:
    snapshot = git.snapshot(worked)
    bundle = git.bundle(worked, snapshot, base)
    stranger = Origin(tmp_path / "stranger.git")
    other = adapter(tmp_path / "elsewhere", stranger.path)
    checkout = other.checkout(REPO, fetched(other, stranger.commit({"z": b"z"})), "task")
    with pytest.raises(NotThere):
        other.restore(checkout, snapshot, bundle)
    other.close()


def test_objects_with_hostile_names_do_not_come_in(
    git: GitCommandLine, origin: Origin, base: TreeSha, worked: Checkout
) -> None:
    evil = origin.raw_tree([("40000", b".git", origin.tree({"hooks/x": b"x"}))])
    pack = _pack(origin, evil)
    with pytest.raises(Unsafe):
        git.restore(worked, TreeSha(evil), pack)
    assert (worked.path / "new/x.py").exists()


def _pack(origin: Origin, tree: str) -> bytes:
    origin.git("pack-objects", "--revs", "-q", "pack", stdin=f"{tree}\n".encode())
    (pack,) = origin.path.glob("pack-*.pack")
    return pack.read_bytes()


def test_many_objects_come_as_one_pack(git: GitCommandLine, origin: Origin, base: TreeSha) -> None:
    checkout = git.checkout(REPO, base, "many")
    for number in range(600):
        (checkout.path / f"n{number}").write_text(str(number))
    snapshot = git.snapshot(checkout)
    bundle = git.bundle(checkout, snapshot, base)
    fresh = git.checkout(REPO, base, "fresh")
    git.restore(fresh, snapshot, bundle)
    assert git.snapshot(fresh) == snapshot
    git.keep_snapshot(fresh, snapshot)
    git.discard(fresh)
    git.discard(checkout)
    assert git.read(REPO, snapshot, "n599") == b"599"


def test_traps_laid_in_the_checkout_lead_nowhere(
    git: GitCommandLine, base: TreeSha, worked: Checkout, tmp_path: Path
) -> None:
    snapshot = git.snapshot(worked)
    bundle = git.bundle(worked, snapshot, base)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.py").write_text("mine")
    shutil.rmtree(worked.path / "new")
    (worked.path / "new").symlink_to(outside)
    (worked.path / "a.py").unlink()
    (worked.path / "a.py").symlink_to(outside / "x.py")
    git.restore(worked, snapshot, bundle)
    assert files_below(outside) == {"x.py": b"mine"}
    assert not (worked.path / "new").is_symlink()
    assert git.snapshot(worked) == snapshot


def test_a_tree_with_links_as_folders_is_laid_out_inside(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    tree = fetched(git, origin.commit({"l": Link(str(tmp_path)), "m": Link("..")}))
    checkout = git.checkout(REPO, tree, "links")
    assert os.readlink(checkout.path / "l") == str(tmp_path)
    assert git.snapshot(checkout) == tree
