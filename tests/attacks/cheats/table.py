"""`python -m tests.attacks.cheats.table`: write the README's table of cheats anew. What it says of each is what its test asserts."""

import sys
from pathlib import Path

from tests.attacks.cheats import beside, in_code, on_runners, on_tests
from tests.attacks.cheats.cheat import Cheat

README = Path(__file__).parents[3] / "README.md"
BEGIN, END = "<!-- cheats -->\n", "<!-- end of cheats -->\n"

CHEATS = (*on_tests.CHEATS, *on_runners.CHEATS, *in_code.CHEATS, *beside.CHEATS)


def table() -> str:
    head = "| an agent that | is stopped because | rule | without any rule |\n| --- | --- | --- | --- |\n"
    return head + "".join(map(_row, CHEATS))


def _row(cheat: Cheat) -> str:
    return f"| {cheat.way} | {cheat.stopped_by} | {' '.join(cheat.rules) or '–'} | {cheat.without.value} |\n"


def parts(text: str) -> tuple[str, str, str]:
    """What stands before the table, the table, and what stands after it."""
    before, begin, rest = text.partition(BEGIN)
    now, end, after = rest.partition(END)
    assert end, "the README has no place for the table of cheats"
    return before + begin, now, end + after


def main() -> int:
    before, _, after = parts(README.read_text(encoding="utf-8"))
    README.write_text(before + table() + after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
