"""The log of a CI job, cut to what says why it failed."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.ci_log import LINE_CHARACTERS, MOST_CHARACTERS, failing_part
from bot.core.visible import visible

LOG = """\
2026-11-29T09:00:00.0000000Z ##[group]Run mypy
2026-11-29T09:00:01.1234567Z \x1b[36;1mmypy .\x1b[0m
2026-11-29T09:00:02.1234567Z greet.py:1: \x1b[31merror\x1b[m: Function is missing a type annotation
2026-11-29T09:00:03.1234567Z ##[error]Process completed with exit code 1.
2026-11-29T09:00:04.1234567Z Post job cleanup.
2026-11-29T09:00:04.2234567Z [command]/usr/bin/git version
2026-11-29T09:00:04.3234567Z git version 2.51.0
2026-11-29T09:00:04.4234567Z Cleaning up orphan processes
"""


def test_it_ends_with_the_last_error_and_has_no_times_and_no_colours() -> None:
    assert failing_part(LOG.encode()).split("\n") == [
        "##[group]Run mypy",
        "mypy .",
        "greet.py:1: error: Function is missing a type annotation",
        "##[error]Process completed with exit code 1.",
        "Post job cleanup.",
        "[command]/usr/bin/git version",
        "git version 2.51.0",
    ]


def test_of_a_long_log_the_end_is_kept_in_whole_lines_and_the_rest_is_counted() -> None:
    shown = failing_part("".join(f"line {n}\n" for n in range(100)).encode(), most=30).split("\n")
    assert shown == ["[97 lines before this]", "line 97", "line 98", "line 99"]


def test_without_an_error_line_it_is_simply_the_end() -> None:
    assert failing_part(b"\xef\xbb\xbfone\r\ntwo\n\n\n") == "one\ntwo"
    assert failing_part(b"") == ""


@given(st.one_of(st.binary(max_size=2000), st.text(max_size=500).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_give_a_bounded_text_that_people_can_see(log: bytes) -> None:
    shown = failing_part(log, most=200)
    assert visible(shown) == shown
    assert len(shown) <= 200 + len("[2000 lines before this]\n")
    assert len(failing_part(b"x" * 10_000)) == LINE_CHARACTERS <= MOST_CHARACTERS
