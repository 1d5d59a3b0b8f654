"""Nothing that lies in a tree or in somebody's configuration decides how trees are merged."""

import subprocess
from pathlib import Path

import pytest

from tests.adapters.git.merging import BASE, Place
from tests.adapters.git.origin import REPO, fetched

HOSTILE = {
    ".gitattributes": b"* merge=union\n*.bin merge=ours\n*.md merge=evil\n* -diff\n",
    "docs/.gitattributes": b"* merge=union\n* text=auto eol=crlf ident filter=evil\n",
    ".git-attributes": b"",
}


@pytest.mark.parametrize("where", ["base", "ours", "theirs", "the mirror's main branch"])
def test_no_attribute_in_a_tree_hides_a_conflict(place: Place, tmp_path: Path, where: str) -> None:
    names = ("a.py", "docs/read.md", "x.bin")
    sides = {side: {name: b"%b\n" % side.encode() for name in names} for side in ("base", "ours", "theirs")}
    for side in sides if where not in sides else [where]:
        sides[side] |= HOSTILE
    trees = [place.tree(sides[side]) for side in ("base", "ours", "theirs")]
    mirror = tmp_path / "state" / "mirrors" / "7.git"
    if where not in sides:
        evil = place.origin.commit(sides["ours"])
        fetched(place.git, evil)
        for ref in ("main", "master"):
            subprocess.run(["git", "update-ref", f"refs/heads/{ref}", evil], cwd=mirror, check=True)
    merged = place.git.merge(REPO, *trees)
    assert set(names) <= {path for path, _ in merged.conflicts}
    assert all(b"<<<<<<< " in place.files(merged.tree)[name] for name in names)
    assert not (mirror / "info" / "attributes").exists()


def test_a_driver_in_a_users_configuration_is_not_asked(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text('[merge]\n\tdefault = evil\n[merge "evil"]\n\tdriver = true\n')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_ATTR_SOURCE", "HEAD")
    assert place.merge({**BASE, "a.py": b"o\n"}, {**BASE, "a.py": b"t\n"}).conflicts
