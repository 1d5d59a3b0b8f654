"""Nothing that strangers or models write can act in a page, break out of its place, or hold the page up."""

import time

import pytest

from bot.hub import Hub
from bot.hub.actor import Actor
from bot.hub.changes import checks
from bot.hub.changes.checks import RunChange
from bot.hub.changes.reviews import Remark
from bot.hub.pages.markdown import rendered
from bot.hub.pages.safe_html import balanced
from bot.hub.state.checks import Action, Annotation, Output
from tests.hub.pages.browser import Browser, Page
from tests.hub.site import Site, make_site

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<form action=/ada/text/pull/1/merge method=post><button>Merge</button></form>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x) [x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<details ontoggle=alert(1) open><summary onclick=alert(1)>x</summary>",
    "</div></article></main></body></html><h1>Not the hub</h1>",
    "</details></section></form>",
    "<details><details><table><tr><td>",
    "<!-- <script>alert(1)</script>",
    "<!--><script>alert(1)</script>",
    "<!DOCTYPE html><?php x ?><![CDATA[<script>alert(1)</script>]]>",
    "`<script>alert(1)</script>`",
    "```html onload=x\"><script>\n<script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<b onmouseover=alert(1) style=position:fixed>x</b>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/><link rel=stylesheet href=//evil.example/x.css>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "\"><script>alert(1)</script>",
    "' onfocus=alert(1) autofocus x='",
    "{{ 7*7 }} {% include '/etc/passwd' %}",
    "https://evil.example/\"onmouseover=alert(1)",
    "- [x] <input type=image src=x onerror=alert(1)>",
    "| a |\n| :-\" onclick=alert(1) |\n| b |",
)  # fmt: skip

SLOW = {
    "brackets": "[" * 60_000,
    "pictures": "![" * 30_000,
    "half links": "[a](" * 15_000,
    "links": "[a]" * 20_000,
    "stars": "**a *b " * 9_000,
    "underscores": "_a_ " * 8_000,
    "quotes": "> " * 30_000,
    "lists": "- " * 30_000,
    "ticks": "".join("`" * n + " " for n in range(340)),
    "folds": "<details>" * 7_000,
    "half tags": "<a " * 20_000,
    "bold tags": "<b x" * 15_000,
    "comments": "<!--" * 15_000,
    "tables": "|a" * 30_000 + "\n" + "|-" * 30_000 + "\n" + "|a\n" * 300,
    "long tables": "|a|b|\n|-|-|\n" + "|a|b|\n" * 3_000,
    "names": "@a " * 20_000,
    "commits": "abcdef1 " * 8_000,
    "addresses": "http://" * 9_000,
    "entities": "&#x0;" * 12_000,
    "headings": "#\n" * 10_000,
    "one line": "a" * 65_000,
    "lines": "\n" * 65_000,
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", ["comment", "file"])
def test_markdown_makes_only_harmless_and_balanced_tags(attack: str, kind: str) -> None:
    for text in (
        attack,
        f"- {attack}\n\n  {attack}\n",
        f"| a |\n| - |\n| {attack} |\n",
        f"> {attack}",
        f"a {attack} *b*",
    ):
        html = rendered(text, "comment" if kind == "comment" else "file")
        Page(f"<div>{html}</div>").must_be_harmless()
        assert "<script" not in html
        assert "<img" not in html


@pytest.mark.parametrize("name", SLOW)
def test_no_text_that_fits_a_comment_holds_a_page_up(name: str) -> None:
    began = time.process_time()
    rendered(SLOW[name])
    assert time.process_time() - began < 4, "the slowest takes half a second on a quiet machine"


@pytest.mark.parametrize("text", ["|a" * 600, "[" * 5_000, "x" * 400_000])
def test_what_would_take_too_long_is_shown_as_it_was_written(text: str) -> None:
    assert rendered(text) == f"<pre>{text}</pre>"


def test_the_last_guard_does_not_trust_the_parser_before_it() -> None:
    raw = '<a href="javascript:x" onclick="y">1</a><script>2</script><img src="x"><p style="z">3<ul><li>4</p>5'
    assert balanced(raw) == "<a>1</a>2<p>3<ul><li>4</li></ul></p>5"
    assert balanced("<b>" * 1_000 + "x").count("<b>") == 100


def hostile_bot(site: Site) -> Actor:
    """The App, as it writes."""
    installation = site.hub.store.installations[site.installation_id]
    return Actor("installation", site.app.bot_user, site.app, installation, None, site.app.permissions)


def test_no_place_of_any_page_lets_text_act(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    everything, title = "\n\n".join(ATTACKS), '"><script>alert(1)</script> `<b>`'
    path = "a\"><script>alert(1)<!--/'onclick=x & \u202egpj.md"
    hub.commit(site.repo, 'x"><b>', {path: everything, "README.md": everything}, f"{title}\n\n{everything}", "wen")
    pull = hub.open_pull_request(site.repo, 'x"><b>', title, "wen", body=everything)
    hub.label(site.repo, pull.number, "ada", ['<i>"x'])
    hub.comment(site.repo, pull.number, "rea", everything)
    hub.review(site.repo, pull.number, "rea", "COMMENT", everything, [Remark(path, everything, line=1)])
    head = hub.issue(site.repo, pull.number).as_pull.head_sha
    note = Annotation(path, 1, 1, "failure", everything, title, everything)
    output = Output(title, everything, everything, (note, note))
    change = RunChange(
        conclusion="failure", output=output, details_url="javascript:alert(1)", actions=(Action("<b>", "'\">", "\">'"),)
    )
    checks.create(hub.world, hostile_bot(site), site.repo, title, head, change)
    hub.protect(site.repo, "main", [(title, None), ("<script>", None)])
    seen, waiting = {"/"}, ["/"]
    while waiting:
        here = waiting.pop()
        page = browser.get(here)
        for link in page.links:
            target = link.partition("#")[0]
            if target.startswith("/ada") and target not in seen and "/issues/" not in target:
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 20
    assert "U+202E" in browser.get(f"/ada/text/pull/{pull.number}/files").text
    assert "javascript:" not in "".join(browser.get(f"/ada/text/pull/{pull.number}/checks").links)


def test_a_diff_beyond_all_measure_is_cut_and_says_so(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    files = {f"many/{n}.txt": "x\n" for n in range(320)}
    long = {"long.txt": "line\n" * 5_000, "wide.txt": "x" * 1_000_000, "big.txt": "x" * 600_000}
    hub.commit(site.repo, "big", files | long, "Much", "wen")
    pull = hub.open_pull_request(site.repo, "big", "Much", "wen")
    page = browser.get(f"/ada/text/pull/{pull.number}/files")
    assert "more lines are not shown" in page.text
    assert "Too large to be shown here" in page.text
    assert "Only the first 300 files" in page.text
    assert page.html.count('class="added"') < 300 + 1_500
    assert "too large to be shown" in browser.get("/ada/text/blob/big/big.txt").text


def test_bytes_that_are_no_text_are_shown_as_such(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    hub.commit(site.repo, "bytes", {"latin.txt": b"caf\xe9\r\n", "zero.bin": b"\0\1"}, "Bytes", "wen")
    assert "caf\ufffd" in browser.get("/ada/text/blob/bytes/latin.txt").text
    assert "No text" in browser.get("/ada/text/blob/bytes/zero.bin").text
