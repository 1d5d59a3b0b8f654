"""Reading, editing and creating files: exact, helpful when wrong, and never outside the checkout."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.agents.desk import Desk
from bot.agents.tools.create import CREATE
from bot.agents.tools.edit import EDIT
from bot.agents.tools.files import LARGEST_FILE
from bot.agents.tools.output import SHOWN_CHARACTERS
from bot.agents.tools.read import READ
from bot.agents.tools.tool import Tool, ToolFault
from tests.support.plain_desk import contents, plain_desk

CODE = """def area(width, height):
    return width * height


def volume(width, height, depth):
    return width * height * depth


def area_of_square(width):
    return area(width, width)
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return plain_desk(tmp_path, {"src/shapes.py": CODE, "empty.txt": "", "dos.txt": "one\r\ntwo\r\nthree\r\n"})


def use(tool: Tool[Any], desk: Desk, **arguments: Any) -> str:
    return asyncio.run(tool.use(tool.arguments.model_validate(arguments), desk))


def fault(tool: Tool[Any], desk: Desk, **arguments: Any) -> str:
    before = contents(desk)
    with pytest.raises(ToolFault) as caught:
        use(tool, desk, **arguments)
    assert contents(desk) == before
    return str(caught.value)


def test_lines_are_shown_with_their_numbers(desk: Desk) -> None:
    assert use(READ, desk, path="src/shapes.py", start=5, count=2) == (
        "     5\tdef volume(width, height, depth):\n     6\t    return width * height * depth\n[src/shapes.py has 10 lines; go on with start=7]"
    )
    assert use(READ, desk, path="/ws/src/shapes.py", start=10).endswith("    return area(width, width)")
    assert use(READ, desk, path="./src/../empty.txt") == "empty.txt is empty"
    assert use(READ, desk, path="dos.txt", count=1).startswith("     1\tone\n")


def test_a_long_file_is_shown_page_by_page_and_nothing_is_skipped(desk: Desk) -> None:
    lines = [f"line {n} " + "x" * (n % 300) for n in range(1, 400)]
    (desk.checkout.path / "long.txt").write_text("\n".join(lines))
    seen: list[str] = []
    while len(seen) < len(lines):
        page = use(READ, desk, path="long.txt", start=len(seen) + 1, count=1000)
        assert len(page) <= SHOWN_CHARACTERS
        shown = [line for line in page.split("\n") if "\t" in line]
        assert [int(line.split("\t")[0]) for line in shown] == list(range(len(seen) + 1, len(seen) + len(shown) + 1))
        seen += [line.split("\t", 1)[1] for line in shown]
    assert seen == lines


def test_what_is_no_text_is_said(desk: Desk) -> None:
    root = desk.checkout.path
    (root / "binary").write_bytes(b"a\x00b")
    (root / "latin").write_bytes("é".encode("latin-1"))
    (root / "huge").write_bytes(b"x" * (LARGEST_FILE + 1))
    assert "binary" in fault_of_read(desk, "binary")
    assert "not UTF-8" in fault_of_read(desk, "latin")
    assert "larger" in fault_of_read(desk, "huge")
    assert "no file" in fault_of_read(desk, "nowhere.py")
    assert "cannot be read" in fault_of_read(desk, "src")
    assert "only 10 lines" in fault_of_read(desk, "src/shapes.py", start=11)


def fault_of_read(desk: Desk, path: str, **more: Any) -> str:
    with pytest.raises(ToolFault) as caught:
        use(READ, desk, path=path, **more)
    return str(caught.value)


def test_hidden_characters_are_not_shown_and_line_numbers_stay_right(desk: Desk) -> None:
    (desk.checkout.path / "hidden.py").write_text("a = 1 \u202e# x\nb\x0c = 2\rFORGED\nc = 3\n")
    assert use(READ, desk, path="hidden.py") == "     1\ta = 1 # x\n     2\tb  = 2 FORGED\n     3\tc = 3"


def test_a_minified_line_does_not_flood_the_conversation(desk: Desk) -> None:
    (desk.checkout.path / "min.js").write_text("x" * 50_000)
    assert "49,000 more characters" in use(READ, desk, path="min.js")


def test_an_edit_replaces_exactly_one_place(desk: Desk) -> None:
    shown = use(
        EDIT,
        desk,
        path="src/shapes.py",
        old="    return width * height\n",
        new="    if width < 0:\n        raise ValueError\n    return width * height\n",
    )
    assert contents(desk)["src/shapes.py"].count("raise ValueError") == 1
    assert shown.splitlines()[:5] == [
        "edited src/shapes.py:",
        "     1\tdef area(width, height):",
        "     2\t    if width < 0:",
        "     3\t        raise ValueError",
        "     4\t    return width * height",
    ]


def test_an_edit_can_remove_text_and_knows_no_patterns(desk: Desk) -> None:
    use(CREATE, desk, path="r.txt", content=r"a.*b \1 $& {x}" + "\n")
    use(EDIT, desk, path="r.txt", old=".*", new=r"\1$&")
    use(EDIT, desk, path="r.txt", old=" {x}", new="")
    assert contents(desk)["r.txt"] == r"a\1$&b \1 $&" + "\n"


def test_an_edit_that_matches_several_places_names_them(desk: Desk) -> None:
    words = fault(EDIT, desk, path="src/shapes.py", old="return width * height", new="x")
    assert "2 times" in words
    assert "lines 2, 6" in words


def test_an_edit_that_matches_nothing_shows_the_nearest_places(desk: Desk) -> None:
    words = fault(
        EDIT, desk, path="src/shapes.py", old="def volume(width, height):\n    return width * height * depth", new="x"
    )
    assert "from line 5" in words
    assert "     5\tdef volume(width, height, depth):" in words
    similar = fault(EDIT, desk, path="src/shapes.py", old="def aera_of_square(width):", new="x")
    assert "def area_of_square(width):" in similar
    assert "Nothing similar" in fault(EDIT, desk, path="src/shapes.py", old="SELECT * FROM orders", new="x")


def test_an_edit_with_other_white_space_is_told_so(desk: Desk) -> None:
    words = fault(
        EDIT, desk, path="src/shapes.py", old="def area_of_square(width):\n\treturn area(width, width)", new="x"
    )
    assert "from line 9 (differs only in white space)" in words


def test_an_edit_of_a_line_with_invisible_characters_is_told_so(desk: Desk) -> None:
    (desk.checkout.path / "h.py").write_text("admin\u200b = False\n")
    assert "invisible characters" in fault(EDIT, desk, path="h.py", old="admin = False", new="admin = True")


def test_an_edit_keeps_the_files_line_ends(desk: Desk) -> None:
    use(EDIT, desk, path="dos.txt", old="one\ntwo", new="one\nand\ntwo")
    assert (desk.checkout.path / "dos.txt").read_bytes() == b"one\r\nand\r\ntwo\r\nthree\r\n"


def test_a_large_file_with_long_lines_is_answered_quickly(desk: Desk) -> None:
    (desk.checkout.path / "big.txt").write_text("\n".join(("ab" * 200) + str(n) for n in range(4_000)))
    assert "nothing was changed" in fault(EDIT, desk, path="big.txt", old="ba" * 150, new="x")


def test_edits_of_missing_files_and_of_nothing(desk: Desk) -> None:
    assert "create" in fault(EDIT, desk, path="new.py", old="a", new="b")
    assert "same text" in fault(EDIT, desk, path="src/shapes.py", old="width", new="width")


def test_create_makes_folders_and_does_not_overwrite_unasked(desk: Desk) -> None:
    assert use(CREATE, desk, path="/ws/a/b/c.py", content="x = 1\ny = 2\n") == "wrote a/b/c.py, 2 lines"
    assert "overwrite=true" in fault(CREATE, desk, path="a/b/c.py", content="z")
    use(CREATE, desk, path="a/b/c.py", content="", overwrite=True)
    assert contents(desk)["a/b/c.py"] == ""
    assert "there already" in fault(CREATE, desk, path="empty.txt", content="z")
    assert "cannot be" in fault(CREATE, desk, path="src", content="z", overwrite=True)
    assert "larger" in fault(CREATE, desk, path="huge", content="x" * (LARGEST_FILE + 1))
    assert "surrogate" in fault(CREATE, desk, path="half", content="\ud800")


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../outside", "a/../../outside", "/ws/../etc/passwd", "/ws", ".", "", "a\x00b", "/wsx/a"]
)
def test_paths_outside_of_the_checkout_are_refused_by_every_tool(desk: Desk, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_text("secret")
    assert "secret" not in fault_of_read(desk, path)
    fault(EDIT, desk, path=path, old="secret", new="x")
    fault(CREATE, desk, path=path, content="x", overwrite=True)
    assert (tmp_path / "outside").read_text() == "secret"


def test_links_are_not_followed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("secret")
    (desk.checkout.path / "link").symlink_to(tmp_path / "outside")
    (desk.checkout.path / "folder").symlink_to(tmp_path)
    assert "secret" not in fault_of_read(desk, "link")
    assert "secret" not in fault_of_read(desk, "folder/outside")
    with pytest.raises(ToolFault):
        use(CREATE, desk, path="link", content="x", overwrite=True)
    with pytest.raises(ToolFault):
        use(CREATE, desk, path="folder/new", content="x")
    assert (tmp_path / "outside").read_text() == "secret"
    assert not (tmp_path / "new").exists()
