"""Text as a person sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.visible import has_bidi_controls, invisible_count, visible, visible_bytes

ESC = "\x1b"


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        (f"{ESC}[31mred{ESC}[0m", "red"),
        (f"{ESC}]8;;http://x.example{ESC}\\link{ESC}]8;;{ESC}\\", "link"),
        (f"{ESC}]0;title\x07body", "body"),
        (f"{ESC}P1$qq{ESC}\\after", "after"),
        (f"{ESC}]0;never ended\nevidence", "0;never ended\nevidence"),
        ("\x9b31mred", "red"),
        (f"{ESC}(Bplain{ESC}c", "plain"),
        ("safe\rFORGED", "safe\nFORGED"),
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g", "a\nb\nc\nd\ne\nf\ng"),
        ("bell\x07 back\x08space\x00 tab\there", "bell backspace tab\there"),
        ("ad\u202emin\u2066x\u2069", "adminx"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("tags\U000e0041\U000e0042 vs\ufe0f\U000e0100 soft\u00adhyphen", "tags vs softhyphen"),
        ("private\ue000\U000f1234", "private"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("naïve 日本 Ж ok ✓ — 👍", "naïve 日本 Ж ok ✓ — 👍"),
    ],
)
def test_only_what_people_see_stays(raw: str, seen: str) -> None:
    assert visible(raw) == seen


def test_bytes_that_are_no_text_show_as_replacement() -> None:
    assert visible_bytes(b"ok \xff\xfe \x1b[1mbold") == "ok \ufffd\ufffd bold"


def test_invisible_characters_are_counted_but_not_colours() -> None:
    assert invisible_count(f"{ESC}[1mplain\tand\n") == 0
    assert invisible_count("a\u200bb\u202ec\U000e0041") == 3


def test_bidi_controls_are_told() -> None:
    assert has_bidi_controls("if x: # \u202e }")
    assert not has_bidi_controls("zero\u200bwidth is not bidi")


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
    assert invisible_count(once) == 0
    assert not any(ord(c) < 32 and c not in "\n\t" for c in once)
