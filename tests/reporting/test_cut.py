"""Long Markdown fits, and still renders as what it was."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.reporting.cut import cut, head_and_tail, size
from bot.reporting.sanitize import details, fence, quote_untrusted

POINTER = "All of it stands on the run's page."

blocks = st.lists(
    st.one_of(
        st.text(max_size=300).map(quote_untrusted),
        st.text(max_size=300).map(lambda t: fence(t, "text")),
        st.text(max_size=300).map(lambda t: details("output", fence(t))),
        st.text(max_size=200).map(lambda t: details("outer", details("inner", fence(t)) + "\n\n" + quote_untrusted(t))),
    ),
    min_size=1,
    max_size=8,
).map("\n\n".join)


def assert_nothing_is_open(text: str) -> None:
    """What follows the text is a paragraph of its own: no code block or folded part swallows it."""
    tokens = MarkdownIt("commonmark").parse(f"{text}\n\nAFTER")
    assert [t.type for t in tokens[-3:]] == ["paragraph_open", "inline", "paragraph_close"]
    assert tokens[-2].content == "AFTER"
    html = "".join(t.content for t in tokens if t.type == "html_block")
    assert html.count("<details") == html.count("</details>")


@given(blocks, st.integers(min_value=0, max_value=1500))
def test_never_longer_than_the_limit_and_nothing_left_open(text: str, limit: int) -> None:
    result = cut(text, limit, POINTER)
    assert size(result) <= limit
    assert_nothing_is_open(result)
    assert result == text if size(text) <= limit else result.endswith(POINTER[: max(limit, 0)])


def test_what_fits_is_left_alone() -> None:
    assert cut("a" * 100, 100, POINTER) == "a" * 100
    assert cut("a" * 101, 100, POINTER) == POINTER


def test_a_code_block_that_does_not_fit_is_cut_inside_and_closed() -> None:
    text = "before\n\n" + fence("\n".join(f"line {n}" for n in range(100)))
    result = cut(text, 400, POINTER)
    assert 300 < size(result) <= 400
    assert result.startswith("before\n\n```\nline 0\n")
    assert result.endswith(f"\n```\n\n{POINTER}")


def test_a_code_block_is_left_out_when_that_wastes_little() -> None:
    text = "\n".join(["word"] * 70) + "\n\n" + fence("x" * 500)
    assert "```" not in cut(text, 450, POINTER)


def test_one_endless_line_in_a_code_block_is_cut_too() -> None:
    result = cut(fence("x" * 100_000), 65_535, POINTER)
    assert 65_530 <= size(result) <= 65_535
    assert_nothing_is_open(result)


def test_an_astral_character_at_the_cut_is_whole_or_gone() -> None:
    for limit in range(120, 140):
        result = cut(fence("😀" * 100), limit, POINTER)
        assert size(result) <= limit
        assert "\ufffd" not in result
        assert set(result.splitlines()[1]) == {"😀"}


def test_a_longer_fence_is_closed_by_its_own_kind() -> None:
    text = fence("```\n" + "inside\n" * 100)
    assert text.startswith("````\n")
    result = cut(text, 200, POINTER)
    assert result.endswith(f"\n````\n\n{POINTER}")
    assert_nothing_is_open(result)


@given(st.text(), st.integers(min_value=0, max_value=300))
def test_output_keeps_its_head_and_its_tail_within_the_limit(text: str, limit: int) -> None:
    assert size(head_and_tail(text, limit)) <= max(limit, 0)


def test_the_middle_of_an_output_goes_first() -> None:
    result = head_and_tail("begin " + "x" * 10_000 + " end", 300)
    assert result.startswith("begin ")
    assert "10,010 bytes in all" in result
    assert result.endswith(" end")
