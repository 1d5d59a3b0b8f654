"""Trees are read and made without a work tree."""

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.core.ports import ChangeKind, TreeEntry
from bot.errors import NotThere, Unsafe
from bot.ids import TreeSha
from tests.adapters.git.origin import REPO, Gitlink, Link, Origin, Program, fetched

NOBODY = "0" * 40


def test_entries_are_all_files_with_modes_and_sizes(git: GitCommandLine, origin: Origin) -> None:
    module = "3" * 40
    tree = fetched(
        git,
        origin.commit({"b/c.py": b"12", "a": Program(b"1"), "l": Link("a"), "m": Gitlink(module), "b.txt": b"x\x1b\n"}),
    )
    entries = git.entries(REPO, tree)
    assert [(entry.path, entry.mode, entry.size) for entry in entries] == [
        ("a", "100755", 1),
        ("b.txt", "100644", 3),
        ("b/c.py", "100644", 2),
        ("l", "120000", 1),
        ("m", "160000", 0),
    ]
    assert entries[4].blob == module
    assert git.entries(REPO, fetched(git, origin.commit({}))) == ()


def test_odd_names_arrive_as_they_are(git: GitCommandLine, origin: Origin) -> None:
    names = ["a\nb", "--output=x", "-rf", "café", "cafe\u0301", "\u202egnp", 'q"uo\\te', "Readme", "README", ":(top)x"]
    tree = fetched(git, origin.commit({name: name.encode() for name in names}))
    assert {entry.path for entry in git.entries(REPO, tree)} == set(names)
    assert [git.read(REPO, tree, name) for name in names] == [name.encode() for name in names]


def test_only_regular_files_are_read(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(git, origin.commit({"d/f": b"text", "l": Link("d/f"), "m": Gitlink("3" * 40), "e": b""}))
    assert git.read(REPO, tree, "d/f") == b"text"
    assert git.read(REPO, tree, "e") == b""
    for path in ("l", "m", "d", "d/", "x", "", "d/../d/f", "/d/f", "./d/f", "d/f\0", "*"):
        assert git.read(REPO, tree, path) is None, path


def test_several_files_are_read_at_once(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(
        git, origin.commit({"d/f": b"text", "l": Link("d/f"), "m": Gitlink("3" * 40), "e": b"", "x": b"\n\0"})
    )
    entries = git.entries(REPO, tree)
    assert git.contents(REPO, entries) == {"d/f": b"text", "e": b"", "x": b"\n\0"}
    assert git.contents(REPO, ()) == {}
    with pytest.raises(Unsafe, match="4 bytes"):
        git.contents(REPO, entries, limit=3)
    with pytest.raises(NotThere):
        git.contents(REPO, [TreeEntry("a", "100644", "4" * 40, 1)])


def test_a_file_above_the_limit_is_not_read(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(git, origin.commit({"f": b"12345"}))
    assert git.read(REPO, tree, "f", limit=5) == b"12345"
    with pytest.raises(Unsafe, match="5 bytes"):
        git.read(REPO, tree, "f", limit=4)


def test_changes_of_every_kind(git: GitCommandLine, origin: Origin) -> None:
    module = "3" * 40
    old = fetched(git, origin.commit({"gone": b"g", "same": b"s", "edit": b"1", "run": b"r", "type": b"t", "mv": b"m"}))
    new = fetched(
        git,
        origin.commit(
            {
                "same": b"s",
                "edit": b"2",
                "run": Program(b"r"),
                "type": Link("same"),
                "moved": b"m",
                "sub": Gitlink(module),
            }
        ),
    )
    seen = {change.path: (change.kind, change.old_mode, change.new_mode) for change in git.changed(REPO, old, new)}
    assert seen == {
        "gone": (ChangeKind.DELETED, "100644", "000000"),
        "edit": (ChangeKind.MODIFIED, "100644", "100644"),
        "run": (ChangeKind.MODIFIED, "100644", "100755"),
        "type": (ChangeKind.TYPE, "100644", "120000"),
        "mv": (ChangeKind.DELETED, "100644", "000000"),
        "moved": (ChangeKind.ADDED, "000000", "100644"),
        "sub": (ChangeKind.ADDED, "000000", "160000"),
    }
    blobs = {change.path: change.blob for change in git.changed(REPO, old, new)}
    assert blobs["sub"] == module
    assert blobs["gone"] == NOBODY
    assert git.changed(REPO, old, old) == ()


def test_the_diff_is_plain_text_with_renames(git: GitCommandLine, origin: Origin) -> None:
    long = b"".join(b"line %d\n" % n for n in range(20))
    old = fetched(git, origin.commit({"a.txt": long, "bin": b"\0\1", "latin": b"caf\xe9\n"}))
    new = fetched(git, origin.commit({"b.txt": long + b"more\n", "bin": b"\0\2", "latin": b"th\xe9\n"}))
    diff = git.diff(REPO, old, new)
    assert "rename from a.txt\nrename to b.txt" in diff
    assert "+more" in diff
    assert "Binary files a/bin and b/bin differ" in diff
    assert "-caf\ufffd\n+th\ufffd" in diff
    assert git.diff(REPO, old, old) == ""


def test_unknown_trees_are_not_there(git: GitCommandLine, origin: Origin) -> None:
    tree, nowhere = fetched(git, origin.commit({"a": b"1"})), TreeSha("2" * 40)
    for call in (
        lambda: git.entries(REPO, nowhere),
        lambda: git.read(REPO, nowhere, "a"),
        lambda: git.changed(REPO, tree, nowhere),
        lambda: git.diff(REPO, nowhere, tree),
        lambda: git.with_files(REPO, nowhere, {}, ["a"]),
        lambda: git.with_files(REPO, tree, {"b": TreeEntry("b", "100644", "2" * 40, 0)}, []),
        lambda: git.checkout(REPO, nowhere, "x"),
    ):
        with pytest.raises(NotThere):
            call()


def test_files_are_laid_over_a_tree(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(git, origin.commit({"keep": b"k", "tests/a": b"old", "tests/b": b"gone", "d/x": b"x", "f": b"f"}))
    other = fetched(git, origin.commit({"t": b"new", "p": Program(b"run")}))
    found = {entry.path: entry for entry in git.entries(REPO, other)}
    made = git.with_files(
        REPO,
        tree,
        {"tests/a": found["t"], "f/g": found["p"], "d": found["t"], "keep": found["t"]},
        ["tests/b", "not there", "keep"],
    )
    assert {entry.path: entry.mode for entry in git.entries(REPO, made)} == {
        "keep": "100644",
        "tests/a": "100644",
        "d": "100644",
        "f/g": "100755",
    }
    assert git.read(REPO, made, "keep") == git.read(REPO, made, "tests/a") == b"new"
    assert git.with_files(REPO, tree, {}, []) == tree


@pytest.mark.parametrize("path", ["../x", ".git/config", ".GIT/x", "a//b", "/x", "", "a/../b", "\udce9"])
def test_no_hostile_name_is_put_into_a_tree(git: GitCommandLine, origin: Origin, path: str) -> None:
    tree = fetched(git, origin.commit({"a": b"1"}))
    entry = git.entries(REPO, tree)[0]
    with pytest.raises(Unsafe):
        git.with_files(REPO, tree, {path: entry}, [])


def test_no_strange_mode_is_put_into_a_tree(git: GitCommandLine, origin: Origin) -> None:
    tree = fetched(git, origin.commit({"a": b"1"}))
    entry = git.entries(REPO, tree)[0]
    for mode, blob in (("040000", tree), ("100664", entry.blob), ("100644\t", entry.blob), ("100644", "HEAD")):
        with pytest.raises(Unsafe):
            git.with_files(REPO, tree, {"b": TreeEntry("b", mode, blob, 0)}, [])
