"""Changes inside lines as a diff that tools take and people can read."""

from difflib import unified_diff

from hypothesis import given
from hypothesis import strategies as st

from bot.reporting.line_diff import as_seen, line_diff


def test_no_change_is_no_diff() -> None:
    assert line_diff("a.md", b"x\n", b"x\n") == b""


def test_a_missing_last_line_end_and_carriage_returns_are_kept() -> None:
    assert line_diff("a.md", b"a\r\nb\nc", b"a\r\nB\nC") == (
        b"--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n a\r\n-b\n-c\n\\ No newline at end of file\n+B\n+C\n\\ No newline at end of file\n"
    )


@given(st.integers(2, 60), st.sets(st.integers(0, 59), min_size=1))
def test_it_is_what_others_make_of_it(count: int, numbers: set[int]) -> None:
    old = [f"line {number}\n" for number in range(count)]
    new = [f"{line[:-1]}!\n" if number in numbers else line for number, line in enumerate(old)]
    expected = "".join(unified_diff(old, new, "a/x", "b/x"))
    assert line_diff("x", "".join(old).encode(), "".join(new).encode()).decode() == expected


def test_on_a_terminal_everything_is_seen_and_nothing_obeyed() -> None:
    diff = line_diff("a.md", "a\u202eb\x1b[2J\u200b é\tx\r\n".encode(), "ab é\tx\r\n".encode())
    assert as_seen(diff).split("\n")[3:] == ["-a<U+202E>b<U+001B>[2J<U+200B> é\tx", "+ab é\tx", ""]
