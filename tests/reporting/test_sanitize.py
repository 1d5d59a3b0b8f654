"""What strangers and models write is shown, and does nothing."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.events.comments import commands_in
from bot.reporting.sanitize import (
    cell,
    cell_code,
    code,
    details,
    fence,
    inline,
    one_line,
    plain,
    quote_untrusted,
    summary_html,
    without_code_marks,
)

HARMLESS = {"text", "code_inline", "softbreak", "hardbreak"}

HOSTILE = """\
# Look here, @everyone and @acme/security
Fixes #1, closes acme/widgets#2, resolves GH-3, fixes https://github.com/acme/widgets/issues/4
/merge
/specbot stop
- ![leak](https://evil.example/x.png?data=1) <img src=//evil.example/y> [click](javascript:alert(1))
<!-- hidden: do as I say --> www.evil.example mail@evil.example <https://evil.example>
~~~
not code
===
1. > [!IMPORTANT]
| a | b |
|---|---|
    indented
$$\\href{https://evil.example}{x}$$
[ref]: https://evil.example "t"
\x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \u202eoverridden
a `code span` stays, and ``two`` do not, nor `an open one
"""


def gfm() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def inline_tokens(markdown: str) -> list[Token]:
    return [child for token in gfm().parse(markdown) for child in token.children or []]


def rendered(markdown: str) -> str:
    return "".join(t.content for t in inline_tokens(markdown) if t.type == "text")


@given(st.one_of(st.text(), st.text("@#/[]()<>!`*_~|\\&;:-+=$ \n\t1aw."), st.just(HOSTILE)))
def test_a_quote_is_one_block_of_text_whatever_is_in_it(text: str) -> None:
    tokens = gfm().parse(quote_untrusted(text) + "\n\nAFTER")
    assert {t.type for t in tokens} <= {
        "blockquote_open",
        "blockquote_close",
        "paragraph_open",
        "paragraph_close",
        "inline",
    }
    assert {t.type for t in inline_tokens(quote_untrusted(text))} <= HARMLESS
    assert tokens[-2].content == "AFTER"


@given(st.one_of(st.text(), st.text("@#/[]()<>!`*_~|\\&;:-+=$ \n\t1aw."), st.just(HOSTILE)))
def test_prose_on_one_line_is_text_in_a_paragraph_and_in_a_table(text: str) -> None:
    assert {t.type for t in inline_tokens(inline(text))} <= HARMLESS
    row = f"| a | b |\n|---|---|\n| {cell(text)} | {cell_code(text)} |\n\nAFTER"
    tokens = gfm().parse(row)
    assert [t.type for t in tokens].count("td_open") == 2
    assert tokens[-2].content == "AFTER"
    assert {t.type for t in inline_tokens(row)} <= HARMLESS


@given(st.text(), st.text("`~\n abc/"))
def test_nothing_inside_a_fence_closes_it(a: str, b: str) -> None:
    tokens = gfm().parse(fence(a + b, "text") + "\n\nAFTER")
    assert [t.type for t in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@given(st.text(min_size=1), st.text("` |a"))
def test_an_inline_code_span_is_one_span(a: str, b: str) -> None:
    if code(a + b):
        assert [t.type for t in inline_tokens(f"x {code(a + b)} y")] == ["text", "code_inline", "text"]


def test_the_hostile_text_is_inert() -> None:
    raw = quote_untrusted(HOSTILE)
    prose = re.sub(r"`[^`]*`", "", raw)
    assert not re.search(r"@[A-Za-z]", prose)
    assert not re.search(r"#[0-9]", prose.replace("&#8203;", " "))
    assert not re.search(r"GH-[0-9]", prose)
    assert not re.search(r"^[>\s]*/\w", prose, re.MULTILINE)
    assert not re.search(r"<(img|a|!--|https?)", prose)
    assert "://" not in re.sub(r"&#8203;://", "", prose)
    assert "javascript:" not in prose
    assert "\x1b" not in raw
    assert "\u202e" not in raw
    assert commands_in(raw) == ()
    assert commands_in(HOSTILE) != ()


def test_what_is_inert_still_reads_as_it_was_typed() -> None:
    text = "Use a_b*c [x](y) at 10 % & <b>, see @me\nand `self.cut()`"
    markdown = quote_untrusted(text)
    assert rendered(markdown).replace("\u200b", "") == "Use a_b*c [x](y) at 10 % & <b>, see @meand "
    assert "`self.cut()`" in markdown


@pytest.mark.parametrize("command", ["/merge", "/specbot stop", "  /lgtm", "/approve abc"])
def test_a_command_in_an_output_no_longer_begins_its_line(command: str) -> None:
    assert not re.search(r"^[ \t]*/", fence(command), re.MULTILINE)


def test_a_path_in_an_output_stays_as_it_is() -> None:
    assert fence("/usr/bin/env: no such file") == "```\n/usr/bin/env: no such file\n```"


def test_a_fence_info_cannot_smuggle_anything() -> None:
    assert fence("x", "sh`\n<img>").startswith("```shimg\n")


def test_a_summary_is_text() -> None:
    assert summary_html("<b>@me</b> #1 & https://x") == (
        "&lt;b&gt;@&#8203;me&lt;/b&gt; #&#8203;1 &amp; https&#8203;://x"
    )
    assert summary_html("`cut(<b>)` and ``two``, `open") == "<code>cut(&lt;b&gt;)</code> and ``two``, `open"
    assert summary_html("`a</code><img>@me`") == "<code>a&lt;/code&gt;&lt;img&gt;@&#8203;me</code>"
    assert details("s", "b", opened=True) == "<details open>\n<summary>s</summary>\n\nb\n\n</details>"


def test_plain_places_keep_no_mention_and_no_closing_reference() -> None:
    assert plain("Fixes #12 for @me, GH-3, https://github.com/a/b/issues/1") == (
        "Fixes # 12 for @ me, GH- 3, https ://github.com/a/b/issues/1"
    )


def test_a_line_is_cut_at_a_blank_and_never_inside_a_code_span() -> None:
    assert one_line("one two three four", 13) == "one two…"
    assert one_line("one two three four", 14) == "one two three…"
    assert one_line("one `two three` four", 12) == "one…"
    assert one_line("one `two three` four", 17) == "one `two three`…"
    assert one_line("`one two three` four", 9) == "`one tw…`"
    assert one_line("abcdefghijkl", 5) == "abcd…"


@given(st.text("a b`\\|é", max_size=60), st.integers(10, 40))
@example("\\\\\\\\\\\\ `\\\\``\\", 12)
@example("`\\\\\\\\\\\\\\\\\\\\\\ `a`\\\\\\", 18)
def test_a_cut_line_fits_and_keeps_its_code_spans_whole(text: str, limit: int) -> None:
    cut = one_line(text, limit)
    assert len(cut) <= limit
    whole = [t.content for t in inline_tokens(inline(text)) if t.type == "code_inline"]
    left = [t.content for t in inline_tokens(inline(text, limit)) if t.type == "code_inline"]
    assert left == whole[: len(left)] or (len(left) == 1 and left[0].endswith("…") and cut.startswith("`"))


def test_code_marks_go_where_they_would_show() -> None:
    assert without_code_marks("write `sh keep`, close it with ```") == "write sh keep, close it with ```"


def test_blanks_inside_a_command_count() -> None:
    assert code('grep -x "Friday     closed"\n') == '`grep -x "Friday     closed"`'
