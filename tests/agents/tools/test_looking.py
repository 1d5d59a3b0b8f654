"""Listing and searching: read-only, in order, within bounds, and never outside of the checkout."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.agents.desk import SCRATCH, Desk
from bot.agents.tools.list import LIST
from bot.agents.tools.search import LINES_OF_A_FILE, MOST_LINES, SEARCH
from bot.agents.tools.tool import Tool, ToolFault
from tests.support.plain_desk import PlainSandbox, plain_desk

FILES = {
    "src/text/cut.py": "def cut(text):\n    return text\n",
    "src/text/fold.py": "from text.cut import cut\n",
    "src/b c/odd name.py": "cut = 1\n",
    "README.md": "# cut\n",
    f"{SCRATCH}/turn-1.txt": "cut of before\n",
    ".git/config": "cut\n",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return plain_desk(tmp_path, FILES)


def use(tool: Tool[Any], desk: Desk, **arguments: Any) -> str:
    return asyncio.run(tool.use(tool.arguments.model_validate(arguments), desk))


def fault(tool: Tool[Any], desk: Desk, **arguments: Any) -> str:
    with pytest.raises(ToolFault) as caught:
        use(tool, desk, **arguments)
    return str(caught.value)


def test_files_are_listed_by_folder(desk: Desk) -> None:
    whole = "./: README.md\nsrc/b c/: odd name.py\nsrc/text/: cut.py  fold.py"
    for root in (".", "/ws", "./", ""):
        assert use(LIST, desk, path=root) == whole
    assert use(LIST, desk, path="/ws/src/text/") == "src/text/: cut.py  fold.py"
    (desk.checkout.path / "empty").mkdir()
    assert use(LIST, desk, path="empty") == "empty has no files"


def test_a_folder_that_is_not_there_is_said(desk: Desk) -> None:
    assert fault(LIST, desk, path="nowhere") == "there is no folder nowhere"
    assert "outside of the checkout" in fault(LIST, desk, path="../..")
    assert fault(SEARCH, desk, expression="cut", path="nowhere") == "there is no nowhere"
    assert "outside of the checkout" in fault(SEARCH, desk, expression="cut", path="/etc")


def test_matching_lines_are_shown_in_order(desk: Desk) -> None:
    assert use(SEARCH, desk, expression="cut").split("\n") == [
        "README.md:1:# cut",
        "src/b c/odd name.py:1:cut = 1",
        "src/text/cut.py:1:def cut(text):",
        "src/text/fold.py:1:from text.cut import cut",
    ]
    assert (
        use(SEARCH, desk, expression="^def (cut|fold)", path="src", names="*.py") == "src/text/cut.py:1:def cut(text):"
    )
    assert use(SEARCH, desk, expression="cut", path="README.md") == "README.md:1:# cut"
    assert use(SEARCH, desk, expression="nothing like it") == "no line matches"


def test_an_expression_is_no_option_and_no_script(desk: Desk) -> None:
    assert use(SEARCH, desk, expression="--help") == "no line matches"
    assert use(SEARCH, desk, expression="$(touch x); `touch x`", names="-delete") == "no line matches"
    assert not (desk.checkout.path / "x").exists()
    assert (desk.checkout.path / "README.md").exists()
    assert "cannot be read" in fault(SEARCH, desk, expression="(")


def test_what_is_too_much_is_cut_and_said(desk: Desk) -> None:
    for number in range(15):
        (desk.checkout.path / f"many{number:02}.txt").write_text("hit " + "x" * 500 + "\n" + "hit\n" * 40)
    lines = use(SEARCH, desk, expression="hit").split("\n")
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == f"[more than {MOST_LINES} lines match: search for more]"
    assert sum(line.startswith("many00.txt") for line in lines) == LINES_OF_A_FILE
    assert max(map(len, lines)) < 300


def test_binary_files_and_links_are_left_out(desk: Desk) -> None:
    root = desk.checkout.path
    (root / "binary").write_bytes(b"cut\x00cut")
    (root / "link").symlink_to("/etc/passwd")
    assert "binary" not in use(SEARCH, desk, expression="cut")
    assert use(SEARCH, desk, expression="root", names="link") == "no line matches"
    assert "link" not in use(LIST, desk)


def test_nothing_can_be_written(desk: Desk) -> None:
    use(LIST, desk)
    use(SEARCH, desk, expression="cut")
    assert isinstance(desk.sandbox, PlainSandbox)
    assert [writable for _, writable, _ in desk.sandbox.runs] == [False, False]
    assert not LIST.writes
    assert not SEARCH.writes
