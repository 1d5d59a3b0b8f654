"""Whether a conflict is resolved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plans.leftovers import leftovers

OURS, THEIRS, BASE = "1a" * 20, "2b" * 20, "3c" * 20
MARKED = f"a\n<<<<<<< {OURS}\nours\n||||||| {BASE}\nwas\n=======\ntheirs\n>>>>>>> {THEIRS}\nz\n".encode()


def left(resolved: bytes | None, merged: bytes = MARKED) -> tuple[tuple[str, str], ...]:
    return leftovers(["f"], {"f": merged}, {} if resolved is None else {"f": resolved})


@pytest.mark.parametrize(
    "resolved", [b"a\nboth\nz\n", b"", None, b"a\nours\ntheirs\nz\n", b"=====\n<<<<<<<\n>>>>>>> x\n"]
)
def test_a_resolved_file_or_one_that_is_gone(resolved: bytes | None) -> None:
    assert left(resolved) == ()


@pytest.mark.parametrize(
    "resolved",
    [
        MARKED,
        f"a\n<<<<<<< {OURS}\nours\n".encode(),
        f"||||||| {BASE}\n".encode(),
        f">>>>>>> {THEIRS}".encode(),
        MARKED.replace(b"\n", b"\r\n"),
    ],
)
def test_markers_of_ours_are_found(resolved: bytes) -> None:
    assert left(resolved) == (("f", "Lines that mark the conflict are still in it."),)


def test_the_line_between_the_sides_is_found_when_the_others_are_gone() -> None:
    assert "=======" in left(b"a\nours\n=======\ntheirs\nz\n")[0][1]


def test_headings_that_either_side_wrote_may_stay() -> None:
    merged = f"T\n=======\n<<<<<<< {OURS}\nO\n=======\n=======\nU\n=======\n>>>>>>> {THEIRS}\n".encode()
    assert left(b"T\n=======\nO\n=======\nU\n=======\n", merged) == ()
    assert left(b"T\n=======\nO\n=======\n=======\nU\n=======\n", merged) != ()


def test_markers_in_a_text_about_git_are_no_ones_conflict() -> None:
    about = b"<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> topic\n"
    assert left(about + b"more\n", about) == ()
    other = f"<<<<<<< {'9f' * 20}\n=======\n".encode()
    assert left(other, b"a binary conflict without marks") == ()


def test_markers_that_were_carried_into_another_file() -> None:
    faults = leftovers(["old"], {"old": MARKED}, {"new": MARKED, "clean": b"x"})
    assert [path for path, _ in faults] == ["new"]


def test_names_that_the_merge_made_up_are_to_go() -> None:
    made_up = [f"x~{OURS}", f"d/x~{THEIRS}_0"]
    conflicts = [*made_up, "x", f"gone~{OURS}"]
    resolved = {**dict.fromkeys(made_up, b"x\n"), "x": b"", f"not-in-conflict~{OURS}": b""}
    assert [path for path, _ in leftovers(conflicts, {}, resolved)] == sorted(made_up)


def test_a_marker_with_a_file_name_and_longer_ones() -> None:
    nested = f"<<<<<<<<< {OURS}:old name.py\nx\n=========\ny\n>>>>>>>>> {THEIRS}:b.py\n".encode()
    assert left(nested, nested) != ()
    assert left(b"x\n=========\ny\n", nested) != ()
    assert left(b"x\ny\n", nested) == ()


LINES = st.lists(st.sampled_from([b"a", b"=======", b"", b"\xff\xfe", b"b\r"]), max_size=6).map(b"\n".join)


@given(LINES, LINES)
def test_taking_both_sides_whole_is_always_a_resolution(ours: bytes, theirs: bytes) -> None:
    merged = b"<<<<<<< %b\n%b\n=======\n%b\n>>>>>>> %b\n" % (OURS.encode(), ours, theirs, THEIRS.encode())
    assert left(ours + b"\n" + theirs + b"\n", merged) == ()
    assert left(merged, merged) != ()
