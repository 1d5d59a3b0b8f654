"""Whether two sets of patterns can name the same path."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.overlap import common
from bot.core.patterns import path_patterns, readable_patterns
from bot.core.segments import common_name


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("src/new/**", "src/new/**", "src/new/**"),
        ("src/new/**", "src/new/made.py", "src/new/made.py"),
        ("src/*.py", "src/test_*", None),
        ("**/test_*.py", "tests/**", "tests/test_x.py"),
        ("*.md", "docs/**", "docs/x.md"),
        ("src/a", "src/a/b.py", "src/a/b.py"),
        ("src/", "src/x", "src/x"),
        ("a/**/z", "a/b/**/c/z", "a/b/**/c/z"),
        ("/[a-c]x", "/[c-d]x", "cx"),
        ("/[!a]b", "/[!b]b", None),
        ("/a?c", "/ab?", "abc"),
        ("src/**", "docs/**", ""),
        ("src/a*", "src/b*", ""),
        ("/[a-c]", "/[d-f]", ""),
        ("src/*.py", "src/*.md", ""),
        ("src/*", "README.md", ""),
        ("[a", "[a", ""),
    ],
)
def test_patterns_meet_in_a_tree_that_is_yet_to_be_made(one: str, other: str, shown: str | None) -> None:
    for mine, theirs in ((one, other), (other, one)):
        found = common([mine], [theirs], [])
        assert found if shown is None else bool(found) == bool(shown)
    assert shown is None or common([one], [other], []) == shown


def test_a_plain_name_is_every_file_of_that_name_that_is_there_and_one_that_may_come() -> None:
    assert common(["README.md"], ["docs/**"], []) == ""
    assert common(["README.md"], ["docs/**"], ["docs/README.md"]) == "docs/README.md"
    assert common(["README.md"], ["/README.md"], []) == "/README.md"


def test_what_is_taken_back_is_not_shared() -> None:
    without = ["src/text/**", "!src/text/cut.py"]
    assert common(without, ["src/text/cut.py"], ["src/text/cut.py", "src/text/other.py"]) == ""
    assert common(without, ["src/text/other.py"], []) == "src/text/other.py"
    assert common(["src/**", "!src/gen/**"], ["src/gen/**"], ["src/gen/a"]) == ""
    assert common(["src/**", "!src/gen/**"], ["src/**"], []) == "src/**"
    assert common(["a/b", "!a/b"], ["a/b"], ["a/b"]) == ""


def test_nothing_owned_shares_nothing() -> None:
    assert common([], ["**"], ["a"]) == ""


SEGMENTS = st.sampled_from(["**", "*", "a", "b", "a*", "*b", "?", "a?", "[ab]", "[!a]", "*a*", "\\*"])
PATTERNS = st.lists(SEGMENTS, min_size=1, max_size=3).map("/".join).map(lambda text: f"/{text}")
NAMES = ["".join(chars) for length in (1, 2) for chars in product("ab*", repeat=length)]
PATHS = ["/".join(parts) for length in (1, 2, 3) for parts in product(NAMES[:6], repeat=length)]


@given(PATTERNS, PATTERNS)
def test_two_patterns_meet_exactly_where_some_path_matches_both(one: str, other: str) -> None:
    found = common([one], [other], [])
    first, second = path_patterns([one]), path_patterns([other])
    by_hand = next((path for path in PATHS if first.matches(path) and second.matches(path)), "")
    if by_hand:
        assert found
    if found and found not in (one, other):
        assert first.matches(found)
        assert second.matches(found)


@given(*[st.lists(PATTERNS | PATTERNS.map("!{}".format), max_size=4)] * 2)
def test_it_is_the_same_from_both_sides(one: list[str], other: list[str]) -> None:
    assert bool(common(one, other, PATHS[:40])) == bool(common(other, one, PATHS[:40]))
    mine, theirs = readable_patterns(one), readable_patterns(other)
    if any(mine.matches(path) and theirs.matches(path) for path in PATHS[:40]):
        assert common(one, other, PATHS[:40])


def test_hostile_patterns_end_soon() -> None:
    assert common_name("*a" * 100, "*b" * 100 + "c") == ""
    assert common_name("*a" * 15 + "b", "*b" * 15 + "*") != ""
    many = [f"src/{'*a' * 15}{number}" for number in range(60)]
    assert common(many, [f"{pattern}z" for pattern in many], []) == ""
