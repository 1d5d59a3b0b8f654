"""Two trees made from one: git's own merge, on real repositories."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.git import merges
from bot.adapters.git.commandline import GitProgram
from bot.adapters.git.git import GitCommandLine
from bot.core.ports import Merged
from bot.errors import NotThere, Unsafe
from bot.ids import TreeSha
from tests.adapters.git.merging import BASE, LINES, Place
from tests.adapters.git.origin import REPO, Gitlink, Link, Origin, Program, adapter, fetched


def with_line(number: int, text: bytes) -> bytes:
    lines = LINES.splitlines(keepends=True)
    lines[number - 1] = text + b"\n"
    return b"".join(lines)


def test_changes_that_do_not_meet_go_together(place: Place) -> None:
    ours = {**BASE, "a.py": with_line(2, b"ours"), "new/o.py": b"o"}
    theirs = {**BASE, "a.py": with_line(18, b"theirs"), "t.py": Program(b"t")}
    merged = place.merge(ours, theirs)
    assert merged.conflicts == ()
    both = with_line(2, b"ours").replace(b"line 18", b"theirs")
    assert place.files(merged.tree) == {"a.py": both, "docs/read.md": b"# Read\n", "new/o.py": b"o", "t.py": b"t"}
    assert {e.path: e.mode for e in place.git.entries(REPO, merged.tree)}["t.py"] == "100755"
    assert place.merge(theirs, ours).tree == merged.tree


def test_the_same_line_on_both_sides_is_a_conflict_with_what_was_there_before(place: Place) -> None:
    merged = place.merge({**BASE, "a.py": with_line(2, b"ours")}, {**BASE, "a.py": with_line(2, b"theirs")})
    assert merged.conflicts == (("a.py", "CONFLICT (content): Merge conflict in a.py"),)
    lines = place.files(merged.tree)["a.py"].decode().splitlines()[1:8]
    assert [line[:8].rstrip() for line in lines] == [
        "<<<<<<<",
        "ours",
        "|||||||",
        "line 2",
        "=======",
        "theirs",
        ">>>>>>>",
    ]
    assert [len(line) for line in lines if line[:1] in "<|>"] == [48, 48, 48]  # whole ids, whatever the mirror holds


def test_two_new_files_of_one_name(place: Place) -> None:
    merged = place.merge({**BASE, "new.py": b"ours\n"}, {**BASE, "new.py": b"theirs\n"})
    assert merged.conflicts == (("new.py", "CONFLICT (add/add): Merge conflict in new.py"),)
    lines = place.files(merged.tree)["new.py"].splitlines()
    assert [line[:7] for line in lines] == [b"<<<<<<<", b"ours", b"|||||||", b"=======", b"theirs", b">>>>>>>"]
    assert place.merge({**BASE, "new.py": b"same\n"}, {**BASE, "new.py": b"same\n", "x": b""}).conflicts == ()


def test_a_file_that_one_side_removes_and_the_other_changes_stays_and_is_told(place: Place) -> None:
    removed, changed = {"docs/read.md": b"# Read\n"}, {**BASE, "a.py": with_line(2, b"theirs")}
    merged = place.merge(removed, changed)
    sentence = (
        "CONFLICT (modify/delete): a.py deleted in ours and modified in theirs. Version theirs of a.py left in tree."
    )
    assert merged.conflicts == (("a.py", sentence),)
    assert place.files(merged.tree)["a.py"] == with_line(2, b"theirs")
    assert "deleted in theirs and modified in ours" in place.merge(changed, removed).conflicts[0][1]


def test_an_edit_follows_a_file_that_was_renamed(place: Place) -> None:
    renamed = {"lib/a.py": LINES, "docs/read.md": b"# Read\n"}
    merged = place.merge(renamed, {**BASE, "a.py": with_line(2, b"theirs")})
    assert merged.conflicts == ()
    assert place.files(merged.tree) == {"lib/a.py": with_line(2, b"theirs"), "docs/read.md": b"# Read\n"}


def test_a_rename_against_an_edit_of_the_same_line_is_a_conflict_at_the_new_name(place: Place) -> None:
    renamed = {"lib/a.py": with_line(2, b"ours"), "docs/read.md": b"# Read\n"}
    merged = place.merge(renamed, {**BASE, "a.py": with_line(2, b"theirs")})
    assert merged.conflicts == (("lib/a.py", "CONFLICT (content): Merge conflict in lib/a.py"),)
    assert b"<<<<<<< " in place.files(merged.tree)["lib/a.py"]


def test_two_new_names_of_one_file_and_a_rename_of_what_is_removed(place: Place) -> None:
    one, two = ({name: LINES, "docs/read.md": b"# Read\n"} for name in ("b.py", "c.py"))
    merged = place.merge(one, two)
    assert [path for path, _ in merged.conflicts] == ["a.py", "b.py", "c.py"]
    assert all("a.py renamed to b.py in ours and to c.py in theirs" in said for _, said in merged.conflicts)
    merged = place.merge(one, {"docs/read.md": b"# Read\n"})
    sentence = "CONFLICT (rename/delete): a.py renamed to b.py in ours, but deleted in theirs."
    assert merged.conflicts == (("a.py", sentence), ("b.py", sentence))


def test_a_new_file_in_a_folder_that_was_renamed_is_a_question_and_not_moved_in_silence(place: Place) -> None:
    base = {f"old/{n}.py": b"%d\n" % n * 9 for n in range(5)}
    moved = {f"new/{n}.py": b"%d\n" % n * 9 for n in range(5)}
    merged = place.merge(moved, {**base, "old/mine.py": b"mine\n"}, base)
    assert [path for path, _ in merged.conflicts] == ["new/mine.py", "old/mine.py"]
    assert "file location" in merged.conflicts[0][1]
    assert "new/mine.py" in place.paths(merged.tree)


def test_a_file_against_a_folder_of_one_name(place: Place) -> None:
    merged = place.merge({**BASE, "x": b"file\n"}, {**BASE, "x/y.py": b"in a folder\n"})
    assert [path.partition("~")[0] for path, _ in merged.conflicts] == ["x", "x"]
    path, sentence = merged.conflicts[1]
    assert path.startswith("x~")
    assert len(path) == len("x~") + 40
    assert sentence == "CONFLICT (file/directory): directory in the way of x from ours; moving it to x~ours instead."
    assert place.files(merged.tree)["x/y.py"] == b"in a folder\n"
    assert place.files(merged.tree)[path] == b"file\n"


def test_modes_links_and_kinds_that_do_not_go_together(place: Place) -> None:
    program, plain = {**BASE, "new": Program(b"same\n")}, {**BASE, "new": b"same\n"}
    assert [path for path, _ in place.merge(program, plain).conflicts] == ["new"]
    link = place.merge({**BASE, "l": Link("a.py")}, {**BASE, "l": Link("docs")})
    assert [path for path, _ in link.conflicts] == ["l"]
    kinds = place.merge({**BASE, "l": Link("a.py")}, {**BASE, "l": b"a file\n"})
    assert any("distinct" in said for _, said in kinds.conflicts)
    both = place.merge({**BASE, "a.py": Program(LINES)}, {**BASE, "a.py": with_line(2, b"theirs")})
    assert both.conflicts == ()
    assert {e.path: e.mode for e in place.git.entries(REPO, both.tree)}["a.py"] == "100755"


def test_submodules_are_never_put_together(place: Place) -> None:
    base, ours, theirs = ({**BASE, "m": Gitlink(digit * 40)} for digit in "123")
    merged = place.merge(ours, theirs, base)
    assert [path for path, _ in merged.conflicts] == ["m"]


def test_binary_files_are_told_and_hold_no_markers(place: Place) -> None:
    base, ours, theirs = ({**BASE, "i.png": b"\x89PNG\0" + side * 50} for side in (b"b", b"o", b"t"))
    merged = place.merge(ours, theirs, base)
    assert [path for path, _ in merged.conflicts] == ["i.png"]
    assert place.files(merged.tree)["i.png"] == ours["i.png"]


@pytest.mark.parametrize("name", ["a\nb\x1b[2J", "--output=x", "é\u202egnp", "3", "x\ty", ":(top)x", "a~b"])
def test_odd_names_are_told_as_they_are_and_in_words_without_control_characters(place: Place, name: str) -> None:
    merged = place.merge({**BASE, name: b"o\n"}, {**BASE, name: b"t\n"})
    ((path, sentence),) = merged.conflicts
    assert path == name
    assert sentence.startswith("CONFLICT (add/add)")
    assert not any(char in sentence for char in "\n\x1b\u202e")


def test_bytes_that_are_no_text_survive_in_the_path_and_not_in_the_words(git: GitCommandLine, origin: Origin) -> None:
    trees = []
    for side in (b"o\n", b"t\n", None):
        entries = [("100644", b"\xff\xfe", origin.blob(side))] if side else [("100644", b"k", origin.blob(b"k"))]
        trees.append(
            fetched(git, origin.commit_tree(origin.raw_tree(entries))) if side else fetched(git, origin.commit({}))
        )
    ours, theirs, base = trees
    ((path, sentence),) = git.merge(REPO, base, ours, theirs).conflicts
    assert path == "\udcff\udcfe"
    sentence.encode()


def test_every_machine_makes_the_same_tree(place: Place, tmp_path: Path) -> None:
    ours, theirs = {**BASE, "a.py": b"o\n", "x": b""}, {**BASE, "a.py": b"t\n", "x/y": b"y"}
    first = place.merge(ours, theirs)
    assert place.merge(ours, theirs) == first
    other = adapter(tmp_path / "another machine", place.origin.path)
    for number in range(20):  # a fuller mirror, in which short ids would be longer
        fetched(other, place.origin.commit({"n": b"%d" % number}, branch=f"b{number}"))
    assert Place(other, place.origin).merge(ours, theirs) == first
    other.close()


def test_equal_sides(place: Place) -> None:
    base, changed = place.tree(BASE), place.tree({**BASE, "x": b"x"})
    assert place.git.merge(REPO, base, base, base) == Merged(base)
    assert place.git.merge(REPO, base, changed, base) == Merged(changed)
    assert place.git.merge(REPO, base, base, changed) == Merged(changed)
    assert place.git.merge(REPO, base, changed, changed) == Merged(changed)


@pytest.mark.parametrize("unknown", [0, 1, 2])
def test_trees_that_are_not_here(place: Place, unknown: int) -> None:
    trees = [place.tree({**BASE, "x": b"%d" % n}) for n in range(3)]
    trees[unknown] = TreeSha("4" * 40)
    with pytest.raises(NotThere, match=r"4{40}"):
        place.git.merge(REPO, *trees)
    same = [TreeSha("4" * 40)] * 3
    with pytest.raises(NotThere):
        place.git.merge(REPO, *same)
    trees[unknown] = TreeSha(place.origin.head())  # a commit is no tree
    with pytest.raises(NotThere):
        place.git.merge(REPO, *trees)
    trees[unknown] = TreeSha("--all")
    with pytest.raises(Unsafe):
        place.git.merge(REPO, *trees)


def test_more_conflicts_than_anybody_reads_are_refused(place: Place, tmp_path: Path) -> None:
    sides = [{f"file-{n}": b"%b\n" % side for n in range(60)} for side in (b"b", b"o", b"t")]
    trees = [place.tree(side) for side in sides]
    assert len(place.git.merge(REPO, *trees).conflicts) == 60
    mirror = tmp_path / "state" / "mirrors" / "7.git"
    with pytest.raises(Unsafe, match="more than 3000 bytes"):
        merges.merge(GitProgram(tmp_path), mirror, *trees, limit=3_000)


def test_a_tree_with_conflicts_survives_a_collection_of_rubbish(place: Place, tmp_path: Path) -> None:
    merged = place.merge({**BASE, "a.py": b"o\n"}, {**BASE, "a.py": b"t\n"})
    mirror = tmp_path / "state" / "mirrors" / "7.git"
    subprocess.run(["git", "gc", "--quiet", "--prune=now"], cwd=mirror, check=True)
    assert b"<<<<<<< " in place.files(merged.tree)["a.py"]


def test_a_tree_with_conflicts_can_be_checked_out_and_worked_on(place: Place) -> None:
    merged = place.merge({**BASE, "a.py": b"o\n", "x": b"file"}, {**BASE, "a.py": b"t\n", "x/y": b"folder"})
    checkout = place.git.checkout(REPO, merged.tree, "fixer")
    assert place.git.snapshot(checkout) == merged.tree
    (checkout.path / "a.py").write_bytes(b"both\n")
    left = place.git.keep_snapshot(checkout, place.git.snapshot(checkout))
    assert [change.path for change in place.git.changed(REPO, merged.tree, left)] == ["a.py"]
    place.git.discard(checkout)


ENTRIES = st.dictionaries(
    st.sampled_from(["a", "b", "c/d", "c/e", "f"]), st.sampled_from([b"1\n", b"1\n2\n", b"2\n", b"1\n3\n"])
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENTRIES, ENTRIES, ENTRIES)
def test_nothing_that_one_side_did_alone_is_lost(
    place: Place, base: dict[str, bytes], ours: dict[str, bytes], theirs: dict[str, bytes]
) -> None:
    """Without a conflict every file that only one side touched is as that side left it; renames put their edits under the new name."""
    merged = place.merge(ours, theirs, base)
    if merged.conflicts:
        return
    result = place.files(merged.tree)
    removed = {p for p in base if p not in ours or p not in theirs}
    for path in {*base, *ours, *theirs}:
        was, here, there = base.get(path), ours.get(path), theirs.get(path)
        if path in removed or was is None:  # may be part of a rename
            continue
        if was in (here, there):
            assert result.get(path) == (there if here == was else here)
