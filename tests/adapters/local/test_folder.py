"""A work tree as files."""

import os
import stat
from pathlib import Path

import pytest

from bot.adapters.local.folder import Folder
from bot.errors import UserFault


def test_a_repository_is_found_from_within_and_its_packages_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs" / "deep").mkdir(parents=True)
    (tmp_path / "specs" / "a.md").write_text("a")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "b.md").write_text("b")
    folder = Folder.around(tmp_path / "specs" / "deep")
    assert folder.root == tmp_path.resolve()
    assert folder.paths() == ["specs/a.md"]
    assert folder.inside(tmp_path / "specs" / "deep" / ".." / "a.md") == "specs/a.md"
    assert folder.inside(tmp_path) == "."
    assert folder.read(["specs/a.md", "specs", "nothing"]) == {"specs/a.md": b"a"}
    with pytest.raises(UserFault, match="lies outside"):
        folder.inside(tmp_path.parent)


def test_a_new_content_takes_the_old_ones_place_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    file.chmod(0o640)
    Folder(tmp_path.resolve()).replace("a.md", b"new")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o640)
    assert os.listdir(tmp_path) == ["a.md"]


def test_a_link_stays_a_link_and_is_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out.md"
    inside.mkdir()
    outside.write_bytes(b"old")
    (inside / "real.md").write_bytes(b"old")
    (inside / "link.md").symlink_to("real.md")
    (inside / "away.md").symlink_to(outside)
    folder = Folder(inside.resolve())
    folder.replace("link.md", b"new")
    assert (inside / "link.md").is_symlink()
    assert (inside / "real.md").read_bytes() == b"new"
    assert folder.inside(inside / "link.md") == "link.md"
    with pytest.raises(UserFault, match="lies outside"):
        folder.replace("away.md", b"new")
    assert outside.read_bytes() == b"old"


def test_what_cannot_be_written_is_said_and_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    with pytest.raises(UserFault, match=r"a\.md cannot be written"):
        Folder(tmp_path.resolve()).replace("a.md", b"new")
    assert os.listdir(tmp_path) == ["a.md"]
