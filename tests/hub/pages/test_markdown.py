"""Markdown as a reader of GitHub would see it."""

from bot.hub.pages.autolinks import References
from bot.hub.pages.markdown import rendered

SHA = "9df2e5ebddb31a7d6b1c2d3e4f5a6b7c8d9e0f1a"
KNOWN = References("/ada/text", frozenset((7,)), (SHA,), frozenset(("ada", "specbot[bot]")))


def test_a_line_break_is_one_in_a_comment_and_a_blank_in_a_file() -> None:
    assert "one<br>\ntwo" in rendered("one\ntwo")
    assert "one\ntwo" in rendered("one\ntwo", "file")


def test_task_lists_have_boxes() -> None:
    html = rendered("- [x] **T-1** done\n- [ ] open\n- [X] also\n- [] no\n- [x]no\n")
    assert html.count("<input") == 3
    assert html.count(" checked") == 2
    assert '<li class="task"><input type="checkbox" disabled checked> <strong>T-1</strong> done</li>' in html
    assert "<li>[] no</li>" in html


def test_hidden_comments_are_hidden_wherever_they_stand() -> None:
    html = rendered("<!-- specbot:status -->\n### Title\n\na <!-- in --> b\n\n<!--\n\nlong\n\n-->\nend")
    assert "specbot" not in html
    assert "long" not in html
    assert "<h3>Title</h3>" in html
    assert "end" in html


def test_folds_hold_markdown() -> None:
    html = rendered(
        "<details open><summary>✅ <b>AC-1</b> a &lt; b</summary>\n\n*in* it\n\n```sh\nrun <x>\n```\n\n</details>\n\nafter"
    )
    assert html.startswith("<details open><summary>✅ <b>AC-1</b> a &lt; b</summary>")
    assert "<p><em>in</em> it</p>" in html
    assert 'class="language-sh">run &lt;x&gt;' in html
    assert html.index("</details>") < html.index("<p>after</p>")


def test_a_fold_that_is_not_closed_ends_with_its_text() -> None:
    assert rendered("<details><summary>x").endswith("</summary></details>")


def test_tables_with_alignment_and_breaks() -> None:
    html = rendered("| a | b | c |\n| --- | :-: | --: |\n| x<br>y | `1` | 2 |\n")
    assert '<th class="center">b</th>' in html
    assert '<td class="right">2</td>' in html
    assert "<td>x<br>y</td>" in html
    assert "style" not in html


def test_other_html_is_shown_as_it_was_written() -> None:
    assert "&lt;div align=center&gt;" in rendered("<div align=center>\n\nx\n\n</div>")
    assert rendered("<sub>small</sub>") == "<p><sub>small</sub></p>\n"


def test_plain_text_links_to_what_it_names() -> None:
    html = rendered(
        f"see #7, #8, @ada, @nobody, {SHA}, 9df2e5e and https://x.org/a_b(c). mail@ada.org 1#7", "comment", KNOWN
    )
    assert '<a href="/ada/text/issues/7">#7</a>' in html
    assert "issues/8" not in html
    assert html.count("mention") == 1
    assert html.count(f"/ada/text/commit/{SHA}") == 2
    assert 'href="https://x.org/a_b(c"' in html
    assert html.count("issues/7") == 1


def test_code_and_links_are_left_as_they_are() -> None:
    html = rendered("`#7 @ada` [#7 @ada](https://x.org)", "comment", KNOWN)
    assert "issues/7" not in html
    assert "mention" not in html
    assert 'rel="noreferrer nofollow"' in html


def test_links_of_a_file_lead_to_files() -> None:
    known = References("/ada/text", folder="/ada/text/blob/main/docs")
    html = rendered("[a](b.md) [c](/d) [e](#f) [g](https://x.org) [h](../i.md)", "file", known)
    for address in ("/ada/text/blob/main/docs/b.md", "/d", "#f", "https://x.org", "/ada/text/blob/main/docs/../i.md"):
        assert f'href="{address}"' in html


def test_pictures_become_links() -> None:
    html = rendered("![a *b*](https://x.org/p.png)")
    assert 'class="picture"' in html
    assert "<img" not in html


def test_front_matter_of_a_file_is_shown_as_code() -> None:
    html = rendered("---\ntitle: a ```b\nscope: [x]\n---\n\n# Head\n", "file")
    assert html.startswith('<pre><code class="language-yaml">title: a ```b')
    assert "<h1>Head</h1>" in html
    assert "<hr>" in rendered("---\ntitle: a\n---\n")
